import type { Micros } from "#core/base/clock.ts";
import type { CompiledCorrelation } from "#core/rules/correlation.ts";
import type { ActorShares } from "./actor-shares.ts";
import type { GroupState } from "./group-state.ts";

/** How many of the least recently used groups are looked at for one that waits for nothing. */
const EVICTION_LOOK = 64;

/**
 * The group to give up for `used`. For an ordered correlation rather one whose first rule has not matched, because only a
 * late record could complete it (as one that holds nothing but what should be absent): a flood of such groups must not push
 * out those that have begun. Otherwise one of whoever takes most room. Never `used` itself.
 */
export function leastNeeded(
  correlation: CompiledCorrelation,
  groups: ReadonlyMap<string, GroupState>,
  used: string,
  shares: ActorShares,
): string {
  const begins = beginning(correlation);
  let looked = 0;
  for (const [key, group] of groups) {
    if (begins === null || looked++ >= EVICTION_LOOK) break;
    if (key !== used && !hasBegun(group, begins)) return key;
  }
  return shares.victim(groups.get(used)?.actor ?? "", used, (key) => groups.get(key)?.touched ?? 0);
}

/**
 * Whether what is given up with the group could have mattered to a record of `now` or later.
 * @param span how long a member waits for those that follow it
 * @param lateness how late a record may come
 */
export function couldComplete(
  correlation: CompiledCorrelation,
  group: GroupState,
  now: Micros,
  span: Micros,
  lateness: Micros,
): boolean {
  const begins = beginning(correlation);
  const oldest = now - lateness - (begins === null || hasBegun(group, begins) ? span : 0);
  return group.members.some((member) => member.time >= oldest);
}

function hasBegun(group: GroupState, begins: ReadonlySet<string>): boolean {
  return group.members.some((member) => begins.has(member.rule));
}

/** Ids of the rules without which only a late record could complete a group; null: every member is as good as another. */
function beginning({ type, rules, absent }: CompiledCorrelation): ReadonlySet<string> | null {
  if (type === "temporal_ordered") return new Set(rules.slice(0, 1).map((rule) => rule.id));
  return absent === null ? null : new Set(rules.map((rule) => rule.id));
}
