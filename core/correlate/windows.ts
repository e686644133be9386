import { assertNever } from "#core/base/assert-never.ts";
import type { CompiledCorrelation } from "#core/rules/correlation.ts";
import { countSatisfies } from "#core/rules/correlation-condition.ts";
import { byTime, type Member, sameRecord } from "./member.ts";

/** Whether two members may lie in one window: inclusive in time, and in restarts of the Mac where they count. */
export function fitsWindow(first: Member, last: Member, correlation: CompiledCorrelation): boolean {
  if (Math.abs(last.time - first.time) > correlation.timespan) return false;
  return correlation.boots === null || Math.abs(last.bootOrdinal - first.bootOrdinal) <= correlation.boots;
}

/**
 * The members, oldest first, of a window that satisfies the correlation and of which `added` (one record, under each
 * rule that it matched) is part; null when there is none.
 * @param sorted the group's members by time, `added` among them
 */
export function completedWindow(
  correlation: CompiledCorrelation,
  sorted: readonly Member[],
  added: readonly Member[],
): Member[] | null {
  switch (correlation.type) {
    case "temporal_ordered":
      return orderedChain(correlation, sorted, added);
    case "temporal":
      return endingWindow(correlation, sorted, added, (members) => everyRule(correlation, members, added));
    case "event_count":
      return endingWindow(correlation, sorted, added, (members) => {
        const records = correlation.rules.length === 1 ? [...members] : distinctRecords(members);
        return correlation.condition !== null && countSatisfies(records.length, correlation.condition) ? records : null;
      });
    case "value_count":
      return endingWindow(correlation, sorted, added, (members) => {
        const values = new Set(members.flatMap((member) => member.values));
        return correlation.condition !== null && countSatisfies(values.size, correlation.condition)
          ? distinctRecords(members)
          : null;
      });
    default:
      return assertNever(correlation.type, "correlation types are a closed list");
  }
}

/**
 * Tries the windows that hold the added record, the one that it closes first. Later ends matter only when it arrived
 * out of order.
 */
function endingWindow(
  correlation: CompiledCorrelation,
  sorted: readonly Member[],
  added: readonly Member[],
  judge: (members: readonly Member[]) => Member[] | null,
): Member[] | null {
  const [anchor] = added;
  if (anchor === undefined) return null;
  for (const end of sorted) {
    if (byTime(end, anchor) < 0 || !fitsWindow(anchor, end, correlation)) continue;
    const members = sorted.filter((member) => byTime(member, end) <= 0 && fitsWindow(member, end, correlation));
    const judged = judge(members);
    if (judged !== null) return judged;
  }
  return null;
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
 * The tightest chain through the added record: before it the latest fitting member of each earlier rule, after it the
 * earliest of each later one. No other chain through it is shorter, so if this one is too long, all are.
 */
function orderedChain(
  correlation: CompiledCorrelation,
  sorted: readonly Member[],
  added: readonly Member[],
): Member[] | null {
  const order = correlation.rules.map((rule) => rule.id);
  for (const member of added) {
    const position = order.indexOf(member.rule);
    const before = walk(sorted.toReversed(), member, order.slice(0, position).toReversed(), -1);
    const after = walk(sorted, member, order.slice(position + 1), 1);
    if (before === null || after === null) continue;
    const chain = [...before.toReversed(), member, ...after];
    const [first] = chain;
    const last = chain.at(-1);
    if (first !== undefined && last !== undefined && fitsWindow(first, last, correlation)) return chain;
  }
  return null;
}

/** Picks, going away from `from` in `direction`, the next member of each wanted rule; each a record of its own. */
function walk(members: readonly Member[], from: Member, wanted: readonly string[], direction: 1 | -1): Member[] | null {
  const chain: Member[] = [];
  let current = from;
  for (const rule of wanted) {
    const next = members.find(
      (member) =>
        member.rule === rule && Math.sign(byTime(member, current)) === direction && !sameRecord(member.id, current.id),
    );
    if (next === undefined) return null;
    chain.push(next);
    current = next;
  }
  return chain;
}
