import type { Micros } from "#core/base/clock.ts";
import type { EventId } from "#contract/source.ts";

/** What the caller says about a record when it pushes it. */
export interface MemberInput {
  id: EventId;
  time: Micros;
  /** Counts the restarts of the Mac: greater is later. */
  bootOrdinal: number;
  /** When the Mac was started last before it; null: not known. */
  bootTime: Micros | null;
  /** Kept with the member, e.g. a summary for the finding's evidence. */
  note: Readonly<Record<string, string>>;
  /** Who did it, for a fair share of the memory; absent: nobody in particular. */
  actor?: string;
}

/** A record that matched a rule of a correlation, waiting in a window. */
export interface Member extends MemberInput {
  /** The rule's id. */
  rule: string;
  /** Position of its arrival in the group: decides between equal times. */
  order: number;
  /** value_count: what is counted. */
  values: readonly string[];
  /** What tells whether something that should be absent is about this very member (`absent-by`); absent: nothing. */
  key?: string;
}

/** Time first, then the source's own order, arrival last. */
export function byTime(a: Member, b: Member): number {
  return a.time - b.time || ownOrder(a, b) || a.order - b.order;
}

/**
 * Whether `next` may follow `member` in a sequence: later, or at the same time unless its source says otherwise. Between
 * sources arrival says nothing about the order of equal times.
 */
export function mayFollow(next: Member, member: Member): boolean {
  if (next.time !== member.time) return next.time > member.time;
  return !sameRecord(next.id, member.id) && ownOrder(member, next) <= 0;
}

/** Zero between sources, whose numbers say nothing about each other. */
function ownOrder({ id: a }: Member, { id: b }: Member): number {
  return a.src === b.src && a.session === b.session ? a.n - b.n : 0;
}

export function sameRecord(a: EventId, b: EventId): boolean {
  return a.n === b.n && a.session === b.session && a.src === b.src;
}
