import type { Process } from "#contract/process.ts";
import type { TrustClass } from "#contract/trust.ts";
import { SECOND, type Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "./bounded-table.ts";
import { shortText } from "./cap-text.ts";
import { codeRoot, isBundle } from "./code-root.ts";

/** Who last created, renamed or wrote a file, or something in its bundle, as it was seen. */
export interface Origin {
  /** Image of the writer; null: a source saw the change, but not who made it. */
  by: string | null;
  signingId: string | null;
  trust: TrustClass | null;
  at: Micros;
}

const MAX_ORIGINS = 8192;
const MAX_PATH = 4096;
/** The same writer again within this changes nothing: a file is written in many pieces. */
const SAME_WRITE: Micros = SECOND;
/** A source that sees no writer reports what another source has just reported with one. */
const SAME_CHANGE: Micros = 5 * SECOND;

/**
 * macOS' own installers: what they put into a bundle does not hide who wrote there before. Their signing ids are
 * UNVERIFIED; without a match the latest writer simply counts.
 */
const INSTALLERS: ReadonlySet<string> = new Set([
  "com.apple.installd",
  "com.apple.system_installd",
  "com.apple.softwareupdated",
  "com.apple.mobileassetd",
  "com.apple.appinstalld",
]);

/** Origins by code root, so of a file outside bundles by its path. Bounded, durable; the latest writer counts. */
export class OriginMemory {
  readonly #table: BoundedTable<Origin>;

  constructor(entries: readonly StateEntry[]) {
    this.#table = new BoundedTable("origin:", MAX_ORIGINS, entries);
  }

  get evicted(): number {
    return this.#table.evicted;
  }

  /** Null: no change of it was ever seen. */
  find(path: string): Origin | null {
    return this.#table.get(keyOf(path)) ?? null;
  }

  /** @param trust asked for only when the change is remembered */
  written(path: string, writer: Process | null, trust: () => TrustClass | null, at: Micros): void {
    const key = keyOf(path);
    const known = this.#table.get(key);
    if (known !== undefined) {
      const since = at - known.at;
      if (
        writer === null ? Math.abs(since) <= SAME_CHANGE : known.by === writer.path && since >= 0 && since < SAME_WRITE
      )
        return;
      if (writer !== null && known.by !== null && isInstaller(writer) && isBundle(key)) return;
    }
    const by = writer === null ? null : shortText(writer.path, MAX_PATH);
    const signingId = writer?.signingId ?? null;
    this.#table.set(key, { by, signingId, trust: writer === null ? null : trust(), at });
  }

  /**
   * A renamed file is still the one that somebody wrote: moved by `mv`, what curl fetched still came by curl. Where nobody
   * was seen to write it, who renames it counts.
   */
  moved(from: string, to: string, mover: Process | null, trust: () => TrustClass | null, at: Micros): void {
    const [fromKey, toKey] = [keyOf(from), keyOf(to)];
    const known = this.#table.get(fromKey);
    const whole = codeRoot(from) === from;
    if (fromKey !== toKey && whole && known !== undefined && known.by !== null && !isBundle(toKey)) {
      this.#table.set(toKey, known);
    } else this.written(to, mover, trust, at);
    this.gone(from);
  }

  /** What appears there later is another file. */
  gone(path: string): void {
    if (codeRoot(path) === path) this.#table.delete(keyOf(path));
  }

  drainChanges(): StateChange[] {
    return this.#table.drainChanges();
  }
}

function isInstaller({ isPlatformBinary, signingId }: Process): boolean {
  return isPlatformBinary === true && signingId !== null && INSTALLERS.has(signingId);
}

function keyOf(path: string): string {
  return shortText(codeRoot(path), MAX_PATH);
}
