import type { FileRef } from "#contract/process.ts";
import type { Micros } from "#core/base/clock.ts";
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

type MovedFile = Pick<FileRef, "path" | "mode">;

const MAX_MARKS = 8192;
/** How far up the path a folder is looked for that was cleared as a whole. */
const MAX_PARENTS = 12;
const PREFIX = "quarantine:";
/** stat(2). */
const S_IFMT = 0o170_000;
const S_IFDIR = 0o040_000;

/** What is known of quarantine marks, by code root: a bundle is launched as a whole. Bounded, durable. */
export class QuarantineMemory {
  readonly #table: BoundedTable<QuarantineMark>;
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
    const own = this.#table.get(key) ?? null;
    if (!this.#anyDeep || own?.state === "absent" || own?.state === "removed") return own;
    const folder = this.#clearedFolder(key);
    if (folder === null || (own !== null && own.at > folder.at)) return own;
    return { ...folder, agent: own?.agent ?? null };
  }

  /** `recursive`: also of everything inside. */
  removed(path: string, at: Micros, by: string | null, recursive = false): void {
    const before = this.#relevant(path);
    if (before === undefined) return;
    const root = keyOf(path);
    const deep = before?.deep === true || (recursive && !isBundle(root));
    this.#setMark(root, { state: "removed", at, by, agent: before?.agent ?? null, root }, deep);
  }

  /** `value` null: it was set, but the source does not carry the value. */
  set(path: string, value: string | null, at: Micros, by: string | null): void {
    if (this.#relevant(path) === undefined) return;
    const parsed = value === null ? null : parseQuarantine(value);
    const state = parsed?.approved === true ? "approved" : "present";
    this.#setMark(keyOf(path), { state, at, by, agent: parsed?.agent ?? null, root: null });
  }

  /** The user chose to open it. */
  approved(path: string, at: Micros): void {
    this.#setMark(keyOf(path), { state: "approved", at, by: null, agent: this.find(path)?.agent ?? null, root: null });
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

  #setMark(key: string, mark: QuarantineMark, deep = false): void {
    const { state, at, by, agent, root } = mark;
    this.#anyDeep ||= deep;
    this.#table.set(key, { state, at, by, agent, root: root ?? null, ...(deep ? { deep } : {}) });
  }

  /**
   * The mark before, or null when there was none. Undefined: a file deep inside a bundle that says nothing new;
   * a recursive removal names thousands of those.
   */
  #relevant(path: string): QuarantineMark | null | undefined {
    const root = codeRoot(path);
    const before = this.#table.get(keyOf(path)) ?? null;
    return before !== null && !isLaunchPath(path, root) ? undefined : before;
  }
}

function mayBeFolder(mode: number | null): boolean {
  return mode === null || (mode & S_IFMT) === S_IFDIR;
}

/** macOS paths are shorter; a longer one is content that must not be remembered whole. */
const MAX_PATH = 4096;

function keyOf(path: string): string {
  return shortText(codeRoot(path), MAX_PATH);
}
