import type { StateChange, StateEntry } from "#core/base/state.ts";

interface Slot<V> {
  value: V;
  /** Order of insertion or last use: the order of eviction, which survives restarts. */
  order: number;
  /** Whether the state has it, or will have with the next commit. */
  stored: boolean;
}

/** Enough digits for every order there can be, so that the text sorts as the number does. */
const ORDER_DIGITS = 16;

/**
 * A map with a cap that is durable: the oldest entry is evicted (and counted), and what changed since the last commit is
 * handed out once. Values are serialised at the drain, not at the change, so a burst on one key costs one write.
 * Entries are stored under their order, not their key: what comes is then written side by side at the end, and what is
 * evicted goes side by side from the beginning. Under scattered keys each entry would write a page of the database of its own.
 */
export class BoundedTable<V, K extends string | number = string> {
  readonly #prefix: string;
  readonly #cap: number;
  readonly #slots = new Map<K, Slot<V>>();
  readonly #dirty = new Set<K>();
  /** Orders under which the state has what is no longer so. */
  #replaced: number[] = [];
  /** Kept between evictions: a new one would step over all the holes that earlier evictions left. */
  #oldest: Iterator<K>;
  #order = 0;
  #evicted = 0;

  /** Takes its own entries (by key prefix) out of a room's state. */
  constructor(prefix: string, cap: number, entries: readonly StateEntry[]) {
    this.#prefix = prefix;
    this.#cap = cap;
    const mine = entries
      .filter((entry) => entry.key.startsWith(prefix))
      .map((entry): [K, Slot<V>] => {
        const [key, value] = JSON.parse(entry.value) as [K, V];
        return [key, { order: Number(entry.key.slice(prefix.length)), value, stored: true }];
      })
      .sort(([, a], [, b]) => a.order - b.order);
    for (const [key, slot] of mine) this.#slots.set(key, slot);
    this.#order = mine.at(-1)?.[1].order ?? 0;
    this.#oldest = this.#slots.keys();
  }

  get size(): number {
    return this.#slots.size;
  }

  /** How many entries were pushed out by newer ones since construction. */
  get evicted(): number {
    return this.#evicted;
  }

  get(key: K): V | undefined {
    return this.#slots.get(key)?.value;
  }

  /** Grows with every insertion; undefined for a key that is not there. The same after a restart. */
  orderOf(key: K): number | undefined {
    return this.#slots.get(key)?.order;
  }

  /** Inserts or replaces, and makes the entry the youngest. Returns its order. */
  set(key: K, value: V): number {
    this.#order += 1;
    this.#remove(key);
    this.#slots.set(key, { value, order: this.#order, stored: false });
    this.#dirty.add(key);
    while (this.#slots.size > this.#cap) this.#evictOldest();
    return this.#order;
  }

  /** Makes an entry young again once it has aged past half the table; cheaper than on every use, and still deterministic. */
  touch(key: K): void {
    const slot = this.#slots.get(key);
    if (slot !== undefined && this.#order - slot.order > this.#cap / 2) this.set(key, slot.value);
  }

  delete(key: K): void {
    this.#remove(key);
  }

  clear(): void {
    for (const key of this.#slots.keys()) this.#remove(key);
    this.#oldest = this.#slots.keys();
  }

  *entries(): Generator<[K, V]> {
    for (const [key, slot] of this.#slots) yield [key, slot.value];
  }

  drainChanges(): StateChange[] {
    const changes = this.#replaced.map((order): StateChange => ({ key: this.#keyOf(order), value: null }));
    for (const key of this.#dirty) {
      const slot = this.#slots.get(key);
      if (slot === undefined || slot.stored) continue;
      changes.push({ key: this.#keyOf(slot.order), value: JSON.stringify([key, slot.value]) });
      slot.stored = true;
    }
    this.#replaced = [];
    this.#dirty.clear();
    return changes;
  }

  #keyOf(order: number): string {
    return `${this.#prefix}${String(order).padStart(ORDER_DIGITS, "0")}`;
  }

  #remove(key: K): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    if (slot.stored) this.#replaced.push(slot.order);
    this.#slots.delete(key);
  }

  #evictOldest(): void {
    const oldest = this.#oldest.next();
    if (oldest.done === true) return;
    this.#remove(oldest.value);
    this.#evicted += 1;
  }
}
