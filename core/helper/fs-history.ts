import type { FsBody } from "./fs-frames.ts";
import { type FileFacts, FsMemory, type KnownFile } from "./fs-memory.ts";
import { isBundle, isCodeName } from "./fs-relevance.ts";

/** What was found at a path whose change was told. */
export interface Sighting {
  path: string;
  facts: FileFacts;
  /** Something appeared or went at this name. */
  named: boolean;
  /** Only to be remembered: nothing happened to it. */
  isBaseline: boolean;
  /** Paths at which nothing stands any more. */
  gone: ReadonlySet<string>;
}

const MAX_OTHERS = 4096;
const QUARANTINE = "com.apple.quarantine";
/** stat(2): any of the three execute bits. */
const EXECUTABLE = 0o111;

/** Tells what happened to a file from how it looked before and how it looks now. */
export class FsHistory {
  readonly #files = new FsMemory();
  /** Files that could not run when they were seen: one of them may be made executable. */
  readonly #others = new FsMemory(MAX_OTHERS);
  readonly #tell: (body: FsBody) => void;

  constructor(tell: (body: FsBody) => void) {
    this.#tell = tell;
  }

  /** @returns whether its quarantine mark is worth asking for */
  seen(sighting: Sighting): boolean {
    const { path, facts, isBaseline } = sighting;
    const own = this.#files.get(path);
    if (!this.#isRelevant(path, facts, own)) {
      if (!facts.isFolder) this.#others.set(path, { ...facts, quarantine: undefined });
      return false;
    }
    const known = own ?? this.#others.get(path);
    this.#others.delete(path);
    let quarantine = known?.quarantine;
    if (!isBaseline && known === null) quarantine = this.#appeared(sighting);
    else if (!isBaseline && known !== null) this.#compare(path, known, facts);
    this.#files.set(path, { ...facts, quarantine });
    return true;
  }

  wentAway(path: string): void {
    const wasKnown = this.#files.get(path) !== null;
    this.#files.delete(path);
    this.#others.delete(path);
    if (wasKnown || isCodeName(path)) this.#event(path, "removed");
  }

  /** An answer about the mark as it is now; null: there is none. */
  quarantineIs(path: string, quarantine: string | null): void {
    const known = this.#files.get(path);
    if (known === null) return;
    const before = known.quarantine;
    this.#files.set(path, { ...known, quarantine });
    if (before === undefined || before === quarantine) return;
    const change = quarantine === null ? "xattr-removed" : "xattr-set";
    this.#tell({ path, change, xattr: QUARANTINE, before, after: quarantine });
  }

  #isRelevant(path: string, facts: FileFacts, known: KnownFile | null): boolean {
    if (facts.isFolder) return isBundle(path);
    const canRun = (facts.mode & EXECUTABLE) !== 0;
    return canRun || known !== null || isCodeName(path) || this.#files.pathOf(facts.identity) !== null;
  }

  /** @returns the quarantine mark it had before */
  #appeared({ path, facts, named, gone }: Sighting): string | null | undefined {
    const from = this.#files.pathOf(facts.identity);
    if (from !== null && gone.has(from)) {
      const moved = this.#files.get(from);
      this.#files.delete(from);
      this.#event(path, "renamed", from, path);
      return moved?.quarantine;
    }
    // A file that was there before we were: nobody knows what changed about it, and what the mark was.
    if (!named) return undefined;
    this.#event(path, "created");
    return null;
  }

  #compare(path: string, known: KnownFile, facts: FileFacts): void {
    const isOther = known.identity !== facts.identity;
    // A folder's size and time only say that something in it came or went.
    const isWritten = !facts.isFolder && (known.size !== facts.size || known.mtime !== facts.mtime);
    if (isOther || isWritten) this.#event(path, "modified");
    if (known.mode === facts.mode) return;
    this.#event(path, "modified", `mode ${known.mode.toString(8)}`, `mode ${facts.mode.toString(8)}`);
  }

  #event(path: string, change: FsBody["change"], before: string | null = null, after: string | null = null): void {
    this.#tell({ path, change, xattr: null, before, after });
  }
}
