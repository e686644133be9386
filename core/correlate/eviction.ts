import { must } from "#core/base/assert-never.ts";
import type { CompiledCorrelation } from "#core/rules/correlation.ts";
import type { GroupState } from "./group-state.ts";

/** How many of the least recently used groups are looked at for one that waits for nothing. */
const EVICTION_LOOK = 64;

/**
 * The least recently used group; for an ordered correlation rather one whose first rule has not matched, because only a
 * late record could complete it: a flood of such groups must not push out those that have begun. Never `used` itself.
 */
export function leastNeeded(
  correlation: CompiledCorrelation,
  groups: ReadonlyMap<string, GroupState>,
  used: string,
): string {
  const first = correlation.type === "temporal_ordered" ? correlation.rules[0]?.id : undefined;
  let oldest: string | null = null;
  let looked = 0;
  for (const [key, group] of groups) {
    if (key === used) continue;
    oldest ??= key;
    if (first === undefined || looked++ >= EVICTION_LOOK) break;
    if (!group.members.some((member) => member.rule === first)) return key;
  }
  return must(oldest, "there are more groups than the limit allows");
}
