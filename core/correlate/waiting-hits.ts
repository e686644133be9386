import { type Micros, SECOND } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { parseArray, readMember, writeMember } from "./group-state.ts";
import type { Member } from "./member.ts";

/** A complete window whose hit is told only if what would make it pointless does not come. */
export interface WaitingHit {
  /** The correlation's id. */
  correlation: string;
  /** Which of its groupings. */
  grouping: number;
  groupValues: readonly string[];
  /** The group in which it is complete. */
  groupKey: string;
  /** The group of what would stop it; absent: its own. */
  stopKey?: string;
  /** Oldest first. */
  members: readonly Member[];
  /** Of the records in the window, those beyond the members kept here too. */
  count: number;
  /** Until then it may still be stopped. */
  deadline: Micros;
  /** What the caller wants to know again when it is told. */
  memory: string;
}

/**
 * Records of different sources arrive out of order by at most this much. Something stands still for so long before it is
 * decided, and what happened so little before the last member counts as having followed it.
 */
export const DISORDER: Micros = 2 * SECOND;

const PREFIX = "wait:";
const ORDER_DIGITS = 16;
/** Members kept of a long window: as many from its beginning as from its end. */
const MAX_MEMBERS = 32;

/** Hits that wait, oldest first. Durable: each is an entry of its own. */
export class WaitingHits {
  readonly #limit: number;
  readonly #byKey = new Map<string, { order: number; hit: WaitingHit }>();
  /** Keys by group, so that what stops one is found at once. */
  readonly #byGroup = new Map<string, Set<string>>();
  #soonest: Micros = Infinity;
  readonly #dirty = new Map<string, WaitingHit | null>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /**
   * Adds a hit, in the place of one of the same group that ends with the same record.
   * @param order greater than that of every hit before, also before a restart
   * @returns those there is no room for, the oldest
   */
  add(hit: WaitingHit, order: number): WaitingHit[] {
    const key = keyOf(hit);
    const known = this.#byKey.get(key);
    if (known !== undefined) this.#remove(key, known);
    this.#insert(key, order, hit);
    this.#dirty.set(stateKey(order), hit);
    const crowded: WaitingHit[] = [];
    for (const [oldest, one] of this.#byKey) {
      if (this.#byKey.size <= this.#limit) break;
      this.#remove(oldest, one);
      crowded.push(one.hit);
    }
    return crowded;
  }

  /** Removes those of a group that `stops` says so of. @returns how many */
  stop(groupKey: string, stops: (hit: WaitingHit) => boolean): number {
    let stopped = 0;
    for (const key of this.#byGroup.get(groupKey) ?? []) {
      const known = this.#byKey.get(key);
      if (known === undefined || !stops(known.hit)) continue;
      this.#remove(key, known);
      stopped += 1;
    }
    return stopped;
  }

  /** Takes out what is decided once a record of `time` has come in the boot `bootOrdinal`: nothing outlives a restart of the Mac. */
  due(time: Micros, bootOrdinal: number): WaitingHit[] {
    const decided = (hit: WaitingHit) => time - DISORDER > hit.deadline || bootOf(hit) !== bootOrdinal;
    if (time - DISORDER <= this.#soonest && this.#isOf(bootOrdinal)) return [];
    return this.#take(decided);
  }

  /** Takes out all of them: nothing more will come. */
  all(): WaitingHit[] {
    return this.#take(() => true);
  }

  drainChanges(): StateChange[] {
    const changes = Array.from(this.#dirty, ([key, hit]) => ({ key, value: hit === null ? null : write(hit) }));
    this.#dirty.clear();
    return changes;
  }

  /** Takes its own entries. @returns the others, and the keys of its own that cannot be read or are not wanted */
  restore(
    entries: readonly StateEntry[],
    wanted: (correlation: string, grouping: number) => boolean,
  ): { others: StateEntry[]; unreadable: string[] } {
    const others: StateEntry[] = [];
    const unreadable: string[] = [];
    const mine: { order: number; hit: WaitingHit }[] = [];
    for (const entry of entries) {
      if (!entry.key.startsWith(PREFIX)) {
        others.push(entry);
        continue;
      }
      const hit = read(entry.value);
      const order = Number(entry.key.slice(PREFIX.length));
      if (hit === null || !Number.isSafeInteger(order) || !wanted(hit.correlation, hit.grouping))
        unreadable.push(entry.key);
      else mine.push({ order, hit });
    }
    for (const { order, hit } of mine.sort((a, b) => a.order - b.order)) this.#insert(keyOf(hit), order, hit);
    return { others, unreadable };
  }

  #isOf(bootOrdinal: number): boolean {
    // One restart decides all that waited before it, so the oldest speaks for all.
    for (const { hit } of this.#byKey.values()) return bootOf(hit) === bootOrdinal;
    return true;
  }

  #take(decided: (hit: WaitingHit) => boolean): WaitingHit[] {
    const taken: WaitingHit[] = [];
    for (const [key, known] of this.#byKey) {
      if (!decided(known.hit)) continue;
      this.#remove(key, known);
      taken.push(known.hit);
    }
    this.#soonest = Infinity;
    for (const { hit } of this.#byKey.values()) this.#soonest = Math.min(this.#soonest, hit.deadline);
    return taken;
  }

  #insert(key: string, order: number, hit: WaitingHit): void {
    this.#byKey.set(key, { order, hit });
    for (const groupKey of groupsOf(hit)) {
      const group = this.#byGroup.get(groupKey);
      if (group === undefined) this.#byGroup.set(groupKey, new Set([key]));
      else group.add(key);
    }
    this.#soonest = Math.min(this.#soonest, hit.deadline);
  }

  #remove(key: string, { order, hit }: { order: number; hit: WaitingHit }): void {
    this.#byKey.delete(key);
    this.#dirty.set(stateKey(order), null);
    for (const groupKey of groupsOf(hit)) {
      const group = this.#byGroup.get(groupKey);
      group?.delete(key);
      if (group?.size === 0) this.#byGroup.delete(groupKey);
    }
  }
}

/** Keeps the beginning and the end of a long window. */
export function boundedMembers(members: readonly Member[]): readonly Member[] {
  if (members.length <= MAX_MEMBERS) return members;
  return [...members.slice(0, MAX_MEMBERS / 2), ...members.slice(-MAX_MEMBERS / 2)];
}

function groupsOf({ groupKey, stopKey }: WaitingHit): string[] {
  return stopKey === undefined ? [groupKey] : [groupKey, stopKey];
}

function stateKey(order: number): string {
  return `${PREFIX}${String(order).padStart(ORDER_DIGITS, "0")}`;
}

function keyOf({ groupKey, members }: WaitingHit): string {
  const id = members.at(-1)?.id;
  return `${groupKey}\n${id?.session} ${id?.src} ${id?.n}`;
}

function bootOf({ members }: WaitingHit): number {
  return members.at(-1)?.bootOrdinal ?? 0;
}

function write(hit: WaitingHit): string {
  const { correlation, grouping, groupValues, groupKey, stopKey, members, count, deadline, memory } = hit;
  const written = members.map(writeMember);
  return JSON.stringify([correlation, grouping, groupValues, groupKey, written, count, deadline, memory, stopKey]);
}

/** Null when the text is not what {@link write} wrote. */
function read(text: string): WaitingHit | null {
  const [correlation, grouping, values, groupKey, written, count, deadline, memory, stopKey] = parseArray(text) ?? [];
  if (typeof correlation !== "string" || typeof grouping !== "number" || typeof groupKey !== "string") return null;
  if (typeof count !== "number" || typeof deadline !== "number" || typeof memory !== "string") return null;
  if (!Array.isArray(values) || !Array.isArray(written) || written.length === 0) return null;
  const members = written.flatMap((member) => (typeof member === "string" ? (readMember(member) ?? []) : []));
  if (members.length < written.length) return null;
  const hit = { correlation, grouping, groupValues: values.map(String), groupKey, members, count, deadline, memory };
  return typeof stopKey === "string" ? { ...hit, stopKey } : hit;
}
