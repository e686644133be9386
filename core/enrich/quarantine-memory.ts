import type { FileRef } from "#contract/process.ts";
import { type Micros, MINUTE, SECOND } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "./bounded-table.ts";
import { shortText } from "./cap-text.ts";
import { codeRoot, isBundle, isLaunchPath } from "./code-root.ts";
import { parseQuarantine } from "./quarantine-value.ts";

type QuarantineState = "present" | "approved" | "absent" | "removed" | "unknown";

export interface QuarantineMark {
  state: QuarantineState;
  at: Micros;
  /** Image of what did it, when known. */
  by: string | null;
  /** Which app had set the mark, when a value was seen. */
  agent: string | null;
  /** Of a removal: the code root it was aimed at, which stays when the file moves on. Null: no removal. */
  root: string | null;
  /** A removal that reached into the folder. */
  deep?: boolean;
}

interface KeptMark extends QuarantineMark {
  /** What was so before the deed that made this mark; absent: nothing was known. */
  before?: QuarantineMark;
}

type MovedFile = Pick<FileRef, "path" | "mode">;

const MAX_MARKS = 8192;
/** How far up the path a folder is looked for that was cleared as a whole. */
const MAX_PARENTS = 12;
const PREFIX = "quarantine:";
/** So long a program may take to clear a folder with all that is in it. */
const CLEARING: Micros = 10 * MINUTE;
/** Sources may overtake each other by so much. */
const SAME_DEED: Micros = 2 * SECOND;
/** stat(2). */
const S_IFMT = 0o170_000;
const S_IFDIR = 0o040_000;

/** What is known of quarantine marks, by code root: a bundle is launched as a whole. Bounded, durable. */
export class QuarantineMemory {
  readonly #table: BoundedTable<KeptMark>;
  /** False until a folder was cleared as a whole, which spares looking for one. */
  #anyDeep = false;

  constructor(entries: readonly StateEntry[]) {
    this.#table = new BoundedTable(PREFIX, MAX_MARKS, entries);
    for (const [, mark] of this.#table.entries()) this.#anyDeep ||= mark.deep === true;
  }

  get evicted(): number {
    return this.#table.evicted;
  }

  /** Its own mark, or the later removal that reached it from an enclosing folder. Null: nothing was ever seen of it. */
  find(path: string): QuarantineMark | null {
    const key = keyOf(path);
    const own = this.#own(key);
    if (!this.#anyDeep || own?.state === "absent" || own?.state === "removed") return own;
    const folder = this.#clearedFolder(key);
    if (folder === null || (own !== null && own.at > folder.at)) return own;
    return { ...folder, agent: own?.agent ?? null };
  }

  /**
   * The same as {@link find}, for a record that says that the mark is changed: as it was before that, also when another
   * source's record of the same deed came first. `by`: who did it, as this record says.
   */
  findBefore(path: string, at: Micros, by: string | null): QuarantineMark | null {
    const own = this.#table.get(keyOf(path)) ?? null;
    return own !== null && isSameDeed(own, at, by) ? (own.before ?? null) : this.find(path);
  }

  /** `recursive`: also of everything inside. */
  removed(path: string, at: Micros, by: string | null, recursive = false): void {
    const before = this.#relevant(path);
    if (before === undefined) return;
    const root = keyOf(path);
    if (this.#isPartOfClearing(root, at, by)) return;
    const deep = before?.deep === true || (recursive && !isBundle(root));
    const mark: QuarantineMark = { state: "removed", at, by, agent: before?.agent ?? null, root };
    if (before?.state === "removed" && isSameDeed(before, at, by)) {
      this.#setMark(root, { ...mark, by: by ?? before.by }, deep, before.before);
    } else this.#setMark(root, mark, deep, before);
  }

  /** `value` null: it was set, but the source does not carry the value. */
  set(path: string, value: string | null, at: Micros, by: string | null): void {
    const before = this.#relevant(path);
    if (before === undefined) return;
    const parsed = value === null ? null : parseQuarantine(value);
    const state = parsed?.approved === true ? "approved" : "present";
    const mark: QuarantineMark = { state, at, by, agent: parsed?.agent ?? null, root: null };
    if (before !== null && isSet(before) && isSameDeed(before, at, by)) {
      // One source knows the value, the other who set it.
      const known = parsed === null ? before : mark;
      this.#setMark(keyOf(path), { ...known, at, by: by ?? before.by, root: null }, false, before.before);
    } else this.#setMark(keyOf(path), mark, false, before);
  }

  /** The user chose to open it. */
  approved(path: string, at: Micros): void {
    const before = this.find(path);
    this.#setMark(
      keyOf(path),
      { state: "approved", at, by: null, agent: before?.agent ?? null, root: null },
      false,
      before,
    );
  }

  /** A look at the file: no mark now. That it was removed earlier stays known. */
  seenWithout(path: string, at: Micros): void {
    const before = this.find(path);
    if (before !== null && before.state === "removed") return;
    this.#setMark(keyOf(path), { state: "absent", at, by: null, agent: null, root: null });
  }

  /** A rename takes the mark along, or what is known of its removal: of the file, of the bundle, of all in a folder. */
  moved(source: MovedFile, to: string): void {
    const { path: from, mode } = source;
    const [fromKey, toKey] = [keyOf(from), keyOf(to)];
    if (fromKey === toKey) return;
    const mark = this.#markOfMoved(source, fromKey, to);
    if (codeRoot(from) === from) this.#table.delete(fromKey);
    if (mark !== null && isLaunchPath(to, toKey)) {
      const leftBundle = mark.state === "removed" && isBundle(fromKey) && fromKey === from && !isBundle(toKey);
      this.#setMark(toKey, mark, mark.deep === true || leftBundle);
    }
    if (mayBeFolder(mode) && !isBundle(fromKey)) this.#moveInside(from, to);
  }

  /** Another name for the same file, or a copy with its attributes: what is known of the mark is so of both. */
  copied(source: MovedFile, to: string): void {
    const [fromKey, toKey] = [keyOf(source.path), keyOf(to)];
    if (fromKey === toKey) return;
    const mark = this.#markOfMoved(source, fromKey, to);
    if (mark !== null && isLaunchPath(to, toKey)) this.#setMark(toKey, mark, mark.deep === true);
  }

  /** The file is gone; what appears there later is another one. */
  gone(path: string): void {
    if (codeRoot(path) === path) this.#table.delete(keyOf(path));
  }

  drainChanges(): StateChange[] {
    return this.#table.drainChanges();
  }

  /** Null: nothing to take along, also where the file stays within reach of the folder that was cleared. */
  #markOfMoved({ path: from, mode }: MovedFile, fromKey: string, to: string): QuarantineMark | null {
    if (codeRoot(from) !== from && !isLaunchPath(from, fromKey)) return null;
    const own = this.#table.get(fromKey) ?? null;
    const mark = this.find(from);
    if (mark === null || mark.state === own?.state) return own;
    return this.#clearedFolder(keyOf(to))?.root === mark.root ? own : { ...mark, deep: mayBeFolder(mode) };
  }

  #moveInside(from: string, to: string): void {
    const inside = `${from}/`;
    const marks = [...this.#table.entries()].filter(([key]) => key.startsWith(inside));
    for (const [key, mark] of marks) {
      this.#table.delete(key);
      const moved = keyOf(to + key.slice(from.length));
      if (this.#table.get(moved)?.state !== "removed") this.#setMark(moved, mark, mark.deep);
    }
  }

  /** Whether a program that clears a folder as a whole has merely come to this file: nothing new is to be remembered. */
  #isPartOfClearing(key: string, at: Micros, by: string | null): boolean {
    if (!this.#anyDeep || by === null) return false;
    const folder = this.#clearedFolder(key);
    if (folder === null || folder.by !== by || at < folder.at || at - folder.at > CLEARING) return false;
    const own = this.#table.get(key);
    return own === undefined || (isSet(own) && own.at <= folder.at);
  }

  /** The latest removal that reached into one of the folders above. */
  #clearedFolder(key: string): QuarantineMark | null {
    let found: QuarantineMark | null = null;
    let end = key.lastIndexOf("/");
    for (let parents = 0; parents < MAX_PARENTS && end >= 0; parents += 1) {
      const mark = this.#table.get(end === 0 ? "/" : key.slice(0, end));
      if (mark?.deep === true && (found === null || mark.at > found.at)) found = mark;
      end = end === 0 ? -1 : key.lastIndexOf("/", end - 1);
    }
    return found;
  }

  #own(key: string): QuarantineMark | null {
    const mark = this.#table.get(key);
    return mark?.before === undefined ? (mark ?? null) : bare(mark, mark.deep === true);
  }

  #setMark(key: string, mark: QuarantineMark, deep = false, before?: QuarantineMark | null): void {
    this.#anyDeep ||= deep;
    this.#table.set(key, {
      ...bare(mark, deep),
      ...(before == null ? {} : { before: bare(before, before.deep === true) }),
    });
  }

  /**
   * The mark before, or null when there was none. Undefined: a file deep inside a bundle that says nothing new;
   * a recursive removal names thousands of those.
   */
  #relevant(path: string): KeptMark | null | undefined {
    const root = codeRoot(path);
    const before = this.#table.get(keyOf(path)) ?? null;
    return before !== null && !isLaunchPath(path, root) ? undefined : before;
  }
}

function bare({ state, at, by, agent, root }: QuarantineMark, deep: boolean): QuarantineMark {
  return { state, at, by, agent, root: root ?? null, ...(deep ? { deep } : {}) };
}

function isSet({ state }: QuarantineMark): boolean {
  return state === "present" || state === "approved";
}

/** Endpoint Security says who, the file watch says what: two records of a moment, one of each, tell of one deed. */
function isSameDeed(mark: QuarantineMark, at: Micros, by: string | null): boolean {
  return (mark.by === null) !== (by === null) && Math.abs(mark.at - at) <= SAME_DEED;
}

function mayBeFolder(mode: number | null): boolean {
  return mode === null || (mode & S_IFMT) === S_IFDIR;
}

/** macOS paths are shorter; a longer one is content that must not be remembered whole. */
const MAX_PATH = 4096;

function keyOf(path: string): string {
  return shortText(codeRoot(path), MAX_PATH);
}
