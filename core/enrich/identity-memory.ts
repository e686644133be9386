import type { Process } from "#contract/process.ts";
import type { TrustClass } from "#contract/trust.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "./bounded-table.ts";
import { shortText } from "./cap-text.ts";
import { codeRoot } from "./code-root.ts";
import { trustFromFlags } from "./trust-from-flags.ts";

export type IdentityChange = "none" | "first" | "updated" | "team-lost" | "team-changed" | "signed-to-ad-hoc";

interface Identity {
  teamId: string | null;
  cdhash: string | null;
  /** What the kernel's flags say: the same measure at every run. */
  kernel: TrustClass;
  /** What was known of it in all when it ran. */
  status: TrustClass;
}

/** What became of the code at a place; previous values are null at its first run. */
export interface IdentityStep {
  change: IdentityChange;
  previousTeamId: string | null;
  previousStatus: TrustClass | null;
}

const MAX_IDENTITIES = 8192;
const MAX_PATH = 4096;

/**
 * The last known identity of what ran: by path, and for a bundle by its root with the signing id, so that a renamed
 * executable is still the same app. Survives restarts, has no time limit; bounded.
 */
export class IdentityMemory {
  readonly #table: BoundedTable<Identity>;

  constructor(entries: readonly StateEntry[]) {
    this.#table = new BoundedTable("identity:", MAX_IDENTITIES, entries);
  }

  get evicted(): number {
    return this.#table.evicted;
  }

  /**
   * Compares with the last run, and remembers this one. Call once a start.
   * @param fromSnapshot a source that may not tell the team of code that has one
   * @returns null when this run's identity is not known, which is never a loss
   */
  ran(process: Process, status: TrustClass, fromSnapshot: boolean): IdentityStep | null {
    const kernel = trustFromFlags(process).class;
    const isTold = process.teamId !== null || (kernel !== "unknown" && !(fromSnapshot && kernel === "self-signed"));
    if (!isTold) return null;
    // What the kernel calls unsigned is vouched for by nobody, whatever team the record still names.
    const teamId = kernel === "unsigned" ? null : process.teamId;
    const now: Identity = { teamId, cdhash: process.cdhash, kernel, status };
    const keys = keysOf(process);
    const before = keys.map((key) => this.#table.get(key)).find((known) => known !== undefined);
    for (const key of keys) this.#remember(key, now);
    if (before === undefined) return { change: "first", previousTeamId: null, previousStatus: null };
    return { change: changeOf(before, now), previousTeamId: before.teamId, previousStatus: before.status };
  }

  drainChanges(): StateChange[] {
    return this.#table.drainChanges();
  }

  #remember(key: string, now: Identity): void {
    const known = this.#table.get(key);
    const same =
      known !== undefined &&
      known.teamId === now.teamId &&
      known.cdhash === now.cdhash &&
      known.kernel === now.kernel &&
      known.status === now.status;
    if (same) this.#table.touch(key);
    else this.#table.set(key, now);
  }
}

function keysOf({ path, signingId }: Process): string[] {
  const root = codeRoot(path);
  const own = shortText(path, MAX_PATH);
  return root === path || signingId === null ? [own] : [own, shortText(`${root}\n${signingId}`, MAX_PATH)];
}

/**
 * A loss is only what somebody vouched for before: a team, or Apple itself. Code without either is rebuilt all day and
 * counts as updated; that a team was gained, or that Apple's own code came, as well.
 */
function changeOf(before: Identity, now: Identity): IdentityChange {
  if (before.teamId === now.teamId && (before.kernel === "platform") === (now.kernel === "platform")) {
    return sameCode(before, now) ? "none" : "updated";
  }
  const wasVouched = before.teamId !== null || before.kernel === "platform";
  if (!wasVouched || now.kernel === "platform") return "updated";
  if (now.teamId !== null) return "team-changed";
  return now.kernel === "ad-hoc" || now.kernel === "linker-signed" ? "signed-to-ad-hoc" : "team-lost";
}

function sameCode(before: Identity, now: Identity): boolean {
  return before.cdhash === null || now.cdhash === null ? before.kernel === now.kernel : before.cdhash === now.cdhash;
}
