import type { Micros } from "#core/base/clock.ts";
import type { CompiledCorrelation } from "#core/rules/correlation.ts";
import type { Member } from "./member.ts";

export interface CorrelationHit {
  correlation: CompiledCorrelation;
  /** Names of the group's fields or aliases, as the correlation gives them. */
  groupNames: readonly string[];
  groupValues: readonly string[];
  /** Those that make up the window, oldest first, each with the id of its rule. */
  members: readonly Member[];
  firstTime: Micros;
  lastTime: Micros;
  /** Members; for value_count and event_count the records in the window. */
  count: number;
  /** What the caller said when the window was complete; null when the record just pushed completed it. */
  memory: string | null;
}

export function hitOf(
  correlation: CompiledCorrelation,
  grouping: number,
  groupValues: readonly string[],
  members: readonly Member[],
): CorrelationHit {
  const firstTime = members[0]?.time ?? 0;
  return {
    correlation,
    groupNames: correlation.groupings[grouping]?.names ?? [],
    groupValues,
    members,
    firstTime,
    lastTime: members.at(-1)?.time ?? firstTime,
    count: members.length,
    memory: null,
  };
}
