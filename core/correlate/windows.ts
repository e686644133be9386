import { assertNever } from "#core/base/assert-never.ts";
import type { CompiledCorrelation } from "#core/rules/correlation.ts";
import { countSatisfies } from "#core/rules/correlation-condition.ts";
import { byTime, mayFollow, type Member } from "./member.ts";

/** Whether two members may lie in one window: inclusive in time, and in restarts of the Mac where they count. */
export function fitsWindow(one: Member, other: Member, correlation: CompiledCorrelation): boolean {
  const { timespan, uptime, boots } = correlation;
  const [first, last] = one.time <= other.time ? [one, other] : [other, one];
  if (last.time - first.time > timespan) return false;
  if (uptime !== null && sinceRestart(first, last) > uptime) return false;
  return boots === null || Math.abs(last.bootOrdinal - first.bootOrdinal) <= boots;
}

/** From the last restart between the two, else from the first of them. A restart whose time nobody knows limits nothing. */
function sinceRestart(first: Member, last: Member): number {
  if (last.bootOrdinal === first.bootOrdinal) return last.time - first.time;
  return last.bootTime === null ? 0 : last.time - Math.max(first.time, last.bootTime);
}

/**
 * The windows that satisfy the correlation and of which `added` (one record, under each rule that it matched) is part,
 * each as its members, oldest first. Where the last member decides what becomes of a hit (an absence, another correlation)
 * there is one for each that can be the last: a record that arrives late may complete several. Otherwise the first is
 * enough.
 * @param sorted the group's members by time, `added` among them
 */
export function completedWindows(
  correlation: CompiledCorrelation,
  sorted: readonly Member[],
  added: readonly Member[],
): Member[][] {
  switch (correlation.type) {
    case "temporal_ordered":
      return orderedChains(correlation, sorted, added);
    case "temporal":
      return endingWindows(correlation, sorted, added, (members) => everyRule(correlation, members, added));
    case "event_count":
      return endingWindows(correlation, sorted, added, (members) => {
        const records = correlation.rules.length === 1 ? [...members] : distinctRecords(members);
        return correlation.condition !== null && countSatisfies(records.length, correlation.condition) ? records : null;
      });
    case "value_count":
      return endingWindows(correlation, sorted, added, (members) => {
        const values = new Set(members.flatMap((member) => member.values));
        return correlation.condition !== null && countSatisfies(values.size, correlation.condition)
          ? distinctRecords(members)
          : null;
      });
    default:
      return assertNever(correlation.type, "correlation types are a closed list");
  }
}

function wantsEveryEnd({ absent, unlessId }: CompiledCorrelation): boolean {
  return absent !== null || unlessId !== null;
}

/**
 * Tries the windows that hold the added record, the one that it closes first. Later ends matter only when it arrived
 * out of order.
 */
function endingWindows(
  correlation: CompiledCorrelation,
  sorted: readonly Member[],
  added: readonly Member[],
  judge: (members: readonly Member[]) => Member[] | null,
): Member[][] {
  const [anchor] = added;
  const found: Member[][] = [];
  if (anchor === undefined) return found;
  for (const end of sorted) {
    if (byTime(end, anchor) < 0 || !fitsWindow(anchor, end, correlation)) continue;
    const members = sorted.filter((member) => byTime(member, end) <= 0 && fitsWindow(member, end, correlation));
    const judged = judge(members);
    if (judged === null) continue;
    found.push(judged);
    if (!wantsEveryEnd(correlation)) break;
  }
  return found;
}

/** One member of each rule: the added record where it can be, else the latest; null when a rule has none. */
function everyRule(
  correlation: CompiledCorrelation,
  members: readonly Member[],
  added: readonly Member[],
): Member[] | null {
  const chosen = new Map<string, Member>();
  for (const member of members) chosen.set(member.rule, member);
  for (const member of added) if (members.includes(member)) chosen.set(member.rule, member);
  return chosen.size < correlation.rules.length ? null : [...chosen.values()].toSorted(byTime);
}

function distinctRecords(members: readonly Member[]): Member[] {
  const seen = new Set<string>();
  return members.filter(({ id }) => {
    const key = JSON.stringify([id.session, id.src, id.n]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * The tightest chains through the added record: before it the latest fitting member of each earlier rule, after it the
 * earliest of each later one. No other chain through it with the same end is shorter, so if this one is too long, all are.
 */
function orderedChains(
  correlation: CompiledCorrelation,
  sorted: readonly Member[],
  added: readonly Member[],
): Member[][] {
  const order = correlation.rules.map((rule) => rule.id);
  const found: Member[][] = [];
  for (const member of added) {
    const position = order.indexOf(member.rule);
    const before = walk(sorted.toReversed(), member, order.slice(0, position).toReversed(), precedes);
    const after = walk(sorted, member, order.slice(position + 1), mayFollow);
    if (before === null || after === null) continue;
    const chain = [...before.toReversed(), member, ...after];
    for (const whole of after.length > 0 && wantsEveryEnd(correlation) ? withEveryEnd(chain, sorted) : [chain]) {
      const [first] = whole;
      const last = whole.at(-1);
      if (first !== undefined && last !== undefined && fitsWindow(first, last, correlation)) found.push(whole);
    }
    if (found.length > 0 && !wantsEveryEnd(correlation)) break;
  }
  return found;
}

/** The same chain up to its last rule, with each record of that which may follow. */
function withEveryEnd(chain: readonly Member[], sorted: readonly Member[]): Member[][] {
  const rest = chain.slice(0, -1);
  const last = chain.at(-1);
  const from = rest.at(-1);
  return sorted
    .filter((end) => end.rule === last?.rule && from !== undefined && mayFollow(end, from))
    .map((end) => [...rest, end]);
}

function precedes(member: Member, next: Member): boolean {
  return mayFollow(next, member);
}

/** Picks, going away from `from` as `leads` says, the next member of each wanted rule; each a record of its own. */
function walk(
  members: readonly Member[],
  from: Member,
  wanted: readonly string[],
  leads: (member: Member, from: Member) => boolean,
): Member[] | null {
  const chain: Member[] = [];
  let current = from;
  for (const rule of wanted) {
    const next = members.find((member) => member.rule === rule && leads(member, current));
    if (next === undefined) return null;
    chain.push(next);
    current = next;
  }
  return chain;
}
