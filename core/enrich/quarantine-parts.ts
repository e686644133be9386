import type { StateChange, StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "./bounded-table.ts";
import { shortText } from "./cap-text.ts";
import { codeRoot, isBundle } from "./code-root.ts";

/** Whether the mark is there; a part that nobody saw is left out. */
interface Parts {
  root?: boolean;
  inside?: boolean;
}

const MAX_BUNDLES = 2048;
const MAX_PATH = 4096;

/**
 * The quarantine mark of a bundle itself, beside that of what was last seen inside it: whoever takes it off the app alone
 * leaves it on its contents. Bounded, durable; only what a record or a look has shown.
 */
export class QuarantineParts {
  readonly #table: BoundedTable<Parts>;

  constructor(entries: readonly StateEntry[]) {
    this.#table = new BoundedTable("quarantine-part:", MAX_BUNDLES, entries);
  }

  get evicted(): number {
    return this.#table.evicted;
  }

  /** True: the bundle and what lies in it disagree. Null: no bundle, or one of both is not known. */
  disagree(path: string): boolean | null {
    if (this.#table.size === 0) return null;
    const { root, inside } = this.#table.get(shortText(codeRoot(path), MAX_PATH)) ?? {};
    return root === undefined || inside === undefined ? null : root !== inside;
  }

  /** @param deep the whole bundle at once (`xattr -r`) */
  seen(path: string, marked: boolean, deep = false): void {
    const root = codeRoot(path);
    if (root === path && !isBundle(root)) return;
    const key = shortText(root, MAX_PATH);
    const known = this.#table.get(key);
    const part = root === path ? "root" : "inside";
    if (deep && part === "root") this.#table.set(key, { root: marked, inside: marked });
    else if (known?.[part] !== marked) this.#table.set(key, { ...known, [part]: marked });
  }

  /** A renamed bundle takes its marks along. */
  moved(from: string, to: string): void {
    if (codeRoot(from) !== from) return;
    const key = shortText(from, MAX_PATH);
    const known = this.#table.get(key);
    if (known === undefined) return;
    this.#table.delete(key);
    if (isBundle(to)) this.#table.set(shortText(to, MAX_PATH), known);
  }

  gone(path: string): void {
    if (codeRoot(path) === path) this.#table.delete(shortText(path, MAX_PATH));
  }

  drainChanges(): StateChange[] {
    return this.#table.drainChanges();
  }
}
