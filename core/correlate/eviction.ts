import { must } from "#core/base/assert-never.ts";
import type { CompiledCorrelation } from "#core/rules/correlation.ts";
import type { GroupState } from "./group-state.ts";

/** How many of the least recently used groups are looked at for one that waits for nothing. */
const EVICTION_LOOK = 64;

/**
 * The least recently used group; for an ordered correlation rather one whose first rule has not matched, because only a
 * late record could complete it (as one that holds nothing but what should be absent): a flood of such groups must not push out those that have begun. Never `used` itself.
 */
export function leastNeeded(
  correlation: CompiledCorrelation,
  groups: ReadonlyMap<string, GroupState>,
  used: string,
): string {
  const begins = beginning(correlation);
  let oldest: string | null = null;
  let looked = 0;
  for (const [key, group] of groups) {
    if (key === used) continue;
    oldest ??= key;
    if (begins === null || looked++ >= EVICTION_LOOK) break;
    if (!group.members.some((member) => begins.has(member.rule))) return key;
  }
  return must(oldest, "there are more groups than the limit allows");
}

/** Ids of the rules without which only a late record could complete a group; null: every member is as good as another. */
function beginning({ type, rules, absent }: CompiledCorrelation): ReadonlySet<string> | null {
  if (type === "temporal_ordered") return new Set(rules.slice(0, 1).map((rule) => rule.id));
  return absent === null ? null : new Set(rules.map((rule) => rule.id));
}
