import type { Micros } from "#core/base/clock.ts";
import { byTime, type Member, sameRecord } from "./member.ts";

/** The open window of one group: its members in order of arrival, and when it last hit. */
export interface GroupState {
  members: Member[];
  /** The next member's `order`. */
  arrivals: number;
  /** Time of the completing record of the last hit. */
  hitAt: Micros | null;
  /** Position in the order of use: the least recently used group is the first to go. */
  touched: number;
  /** Who began it. */
  actor: string;
}

/** Adds a member; false when the same record stands there already for the same rule. */
export function addMember(group: GroupState, member: Member): boolean {
  if (group.members.some((one) => sameRecord(one.id, member.id) && one.rule === member.rule)) return false;
  group.members.push(member);
  group.arrivals = member.order + 1;
  return true;
}

/**
 * Drops members too old for any window with records of `now`. Later ones stay whatever their distance: a record may
 * arrive late, and the clock may have been set back.
 */
export function dropExpired(group: GroupState, now: Micros, span: Micros): void {
  const oldest = now - span;
  if (group.members.some((member) => member.time < oldest)) {
    group.members = group.members.filter((member) => member.time >= oldest);
  }
}

/** Keeps the newest arrivals of each rule, so that a flood of one rule's records cannot push out another's. */
export function evictMembers(group: GroupState, rule: string, keep: number): number {
  if (group.members.length <= keep) return 0;
  let excess = -keep;
  for (const member of group.members) if (member.rule === rule) excess++;
  if (excess <= 0) return 0;
  for (let left = excess; left > 0; left--) {
    group.members.splice(
      group.members.findIndex((member) => member.rule === rule),
      1,
    );
  }
  return excess;
}

type StoredMember = [
  rule: string,
  session: string,
  src: string,
  n: number,
  time: number,
  boot: number,
  order: number,
  note: Readonly<Record<string, string>>,
  values: readonly string[],
  bootTime?: number | null,
  key?: string,
];

interface StoredGroup {
  v: 2;
  a: number;
  h: number | null;
  t: number;
  w?: string;
}

/** The group without its members: those are entries of their own, so that a new one does not write all the others again. */
export function writeGroup(group: GroupState): string {
  const { arrivals, hitAt, touched, actor } = group;
  const who = actor === "" ? {} : { w: actor };
  return JSON.stringify({ v: 2, a: arrivals, h: hitAt, t: touched, ...who } satisfies StoredGroup);
}

/** Null when the text is not what {@link writeGroup} wrote. */
export function readGroup(text: string): GroupState | null {
  const stored = parseObject(text);
  if (stored?.["v"] !== 2) return null;
  const { a, h, t, w = "" } = stored as Partial<Record<keyof StoredGroup, unknown>>;
  if (typeof a !== "number" || typeof t !== "number" || (h !== null && typeof h !== "number")) return null;
  if (typeof w !== "string") return null;
  return { members: [], arrivals: a, hitAt: h, touched: t, actor: w };
}

const MEMBER_MARK = "]#";

/** A group's key is a JSON list, so it ends in a bracket; a member's is its group's and the member's order. */
export function memberKey(groupKey: string, { order }: Member): string {
  return `${groupKey}#${order}`;
}

/** The key of the member's group; null for a key that is no member's. */
export function groupKeyOfMember(key: string): string | null {
  if (key.endsWith("]")) return null;
  const at = key.lastIndexOf(MEMBER_MARK);
  return at === -1 ? null : key.slice(0, at + 1);
}

export function writeMember({ rule, id, time, bootOrdinal, bootTime, order, note, values, key }: Member): string {
  const { session, src, n } = id;
  const stored: StoredMember = [rule, session, src, n, time, bootOrdinal, order, note, values, bootTime];
  if (key !== undefined) stored.push(key);
  return JSON.stringify(stored);
}

/** Null when the text is not what {@link writeMember} wrote. */
export function readMember(text: string): Member | null {
  const [rule, session, src, n, time, bootOrdinal, order, note, values, bootTime, key] = (parseArray(text) ??
    []) as Partial<StoredMember>;
  if (typeof rule !== "string" || typeof session !== "string" || typeof src !== "string") return null;
  if (typeof n !== "number" || typeof time !== "number" || typeof bootOrdinal !== "number") return null;
  if (typeof order !== "number" || typeof note !== "object" || note === null || !Array.isArray(values)) return null;
  const member = { rule, id: { session, src, n }, time, bootOrdinal, bootTime: bootTime ?? null, order, note, values };
  return typeof key === "string" ? { ...member, key } : member;
}

export function parseObject(text: string): Record<string, unknown> | null {
  const value = parseJson(text);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}

export function parseArray(text: string): readonly unknown[] | null {
  const value = parseJson(text);
  return Array.isArray(value) ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function sortedMembers(group: GroupState): Member[] {
  return group.members.toSorted(byTime);
}
