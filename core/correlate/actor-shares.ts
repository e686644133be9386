import { must } from "#core/base/assert-never.ts";

/**
 * Which groups of a correlation each actor began, least recently used first. Room is given up where it is taken: whoever
 * floods a correlation pushes out his own groups, not those of others.
 */
export class ActorShares {
  readonly #byActor = new Map<string, Set<string>>();
  readonly #limit: number;

  /** @param limit of groups of the correlation */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The group is now the most recently used one of its actor. */
  use(actor: string, key: string): void {
    const keys = this.#byActor.get(actor);
    if (keys === undefined) this.#byActor.set(actor, new Set([key]));
    else {
      keys.delete(key);
      keys.add(key);
    }
  }

  drop(actor: string, key: string): void {
    const keys = this.#byActor.get(actor);
    keys?.delete(key);
    if (keys?.size === 0) this.#byActor.delete(actor);
  }

  /**
   * The group to give up for `used`, which `actor` began: the least recently used one of that actor where he holds more than his
   * share, otherwise of who holds most.
   */
  victim(actor: string, used: string, touched: (key: string) => number): string {
    const share = this.#limit / this.#byActor.size;
    const own = this.#byActor.get(actor);
    if (own !== undefined && own.size > Math.max(share, 1)) return oldestOf(own, used);
    let best: Set<string> | null = null;
    for (const keys of this.#byActor.values()) {
      if (keys.size === 1 && keys.has(used)) continue;
      if (best === null || keys.size > best.size) best = keys;
      else if (keys.size === best.size && touched(oldestOf(keys, used)) < touched(oldestOf(best, used))) best = keys;
    }
    return oldestOf(must(best, "there are more groups than the limit allows"), used);
  }
}

function oldestOf(keys: ReadonlySet<string>, used: string): string {
  for (const key of keys) if (key !== used) return key;
  return used;
}
