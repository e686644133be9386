import type { Micros } from "#core/base/clock.ts";
import type { EventId } from "#contract/source.ts";

/** What the caller says about a record when it pushes it. */
export interface MemberInput {
  id: EventId;
  time: Micros;
  /** Counts the restarts of the Mac: greater is later. */
  bootOrdinal: number;
  /** Kept with the member, e.g. a summary for the finding's evidence. */
  note: Readonly<Record<string, string>>;
}

/** A record that matched a rule of a correlation, waiting in a window. */
export interface Member extends MemberInput {
  /** The rule's id. */
  rule: string;
  /** Position of its arrival in the group: decides between equal times. */
  order: number;
  /** value_count: what is counted. */
  values: readonly string[];
}

/** Time first, arrival second. */
export function byTime(a: Member, b: Member): number {
  return a.time - b.time || a.order - b.order;
}

export function sameRecord(a: EventId, b: EventId): boolean {
  return a.n === b.n && a.session === b.session && a.src === b.src;
}
