import type { EventOf } from "#contract/event.ts";
import { DAY, type Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "#core/enrich/bounded-table.ts";
import { shortText } from "#core/enrich/cap-text.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import type { FindingRecord } from "./finding-input.ts";

interface Update {
  build: string;
  version: string | null;
  /** When the new build was first seen; null: it is the first build ever seen. */
  since: Micros | null;
  /** How many updates there were. */
  count: number;
}

/** Apple's programs, their signatures and caches change on the day of an update, and some only at first use. */
const SETTLING = DAY;
const MAX_WORD = 64;
/** Nobody but macOS writes there while SIP is on; on a Mac without SIP the kernel's own word decides instead. */
const APPLE_FOLDERS: readonly string[] = [
  "/System/",
  "/Library/Apple/",
  "/bin/",
  "/sbin/",
  "/usr/bin/",
  "/usr/sbin/",
  "/usr/libexec/",
];

/** Behaviours that are told from a program's own signature. */
const ABOUT_SEALS: ReadonlySet<string> = new Set(["G14", "G15", "G16", "G17", "G18"]);

/** Knows when macOS was updated. Durable. */
export class UpdateWatch {
  readonly #table: BoundedTable<Update>;

  constructor(entries: readonly StateEntry[]) {
    this.#table = new BoundedTable("update:", 1, entries);
  }

  /** A start that does not say its build changes nothing. */
  start({ osBuild, osVersion, time }: EventOf<"session_start">): void {
    if (osBuild === null || osBuild === "") return;
    const build = shortText(osBuild, MAX_WORD);
    const before = this.#table.get("now");
    if (before?.build === build) return;
    const version = osVersion === null ? null : shortText(osVersion, MAX_WORD);
    this.#table.set("now", {
      build,
      version,
      since: before === undefined ? null : time,
      count: (before?.count ?? -1) + 1,
    });
  }

  isRunning(time: Micros): boolean {
    const since = this.#table.get("now")?.since ?? null;
    return since !== null && time >= since && time - since <= SETTLING;
  }

  /** Of the notification that stands for all that the latest update may have caused. */
  get tag(): string {
    return `update-${this.#table.get("now")?.count ?? 0}`;
  }

  get version(): string | null {
    return this.#table.get("now")?.version ?? null;
  }

  drainChanges(): StateChange[] {
    return this.#table.drainChanges();
  }
}

/**
 * A finding about how a program of macOS itself is signed. One about what such a program was told to do, or about the
 * Mac's protection, is never meant: an update explains neither.
 */
export function isApplesOwnCode({ subject, behaviours }: FindingRecord, enriched: EnrichedEvent | null): boolean {
  const { path } = subject;
  if (behaviours.length === 0 || !behaviours.every((id) => ABOUT_SEALS.has(id))) return false;
  if (path === null || !APPLE_FOLDERS.some((folder) => path.startsWith(folder))) return false;
  if (enriched === null) return true;
  const ran = enriched.subject;
  if (ran === null || enriched.toolRun !== null || !ran.path.startsWith(path)) return false;
  return ran.isPlatformBinary === true || enriched.trust?.class === "platform";
}
