import type { Micros } from "#core/base/clock.ts";
import type { CompiledCorrelation } from "#core/rules/correlation.ts";
import type { CompiledRule } from "#core/rules/rule.ts";
import { DISORDER } from "./waiting-hits.ts";

export function allRules({ rules, absent }: CompiledCorrelation): CompiledRule[] {
  return absent === null ? [...rules] : [...rules, absent.rule];
}

/** How long a member may wait for those that follow it. */
export function memorySpan({ timespan, absent }: CompiledCorrelation): Micros {
  return Math.max(timespan, absent?.within ?? 0);
}

/** Whether what should be absent follows a window that ended at `last`; sources may disagree about which came first. */
export function follows(time: Micros, last: Micros, within: Micros): boolean {
  return time >= last - DISORDER && time <= last + within;
}

/** Whether a hit at `hitAt` tells already what another correlation, complete at `time`, would tell. */
export function supersedes(hitAt: Micros, time: Micros, timespan: Micros): boolean {
  return hitAt >= time - timespan && hitAt <= time + DISORDER;
}
