import { parseObject } from "./group-state.ts";

/** What was lost or left out, since the database was made. */
export interface CorrelatorStats {
  /** That a record to come could have completed. */
  groupsEvicted: number;
  /** Given up for newer ones after their time. */
  groupsOutdated: number;
  membersEvicted: number;
  /** Records without a value for any of a correlation's groupings. */
  ungroupable: number;
  /** Records of a value_count without the value. */
  withoutValue: number;
  /** Hits that a stronger correlation had already told. */
  superseded: number;
  /** Hits that had to wait for what might have stopped them. */
  waited: number;
  /** Complete windows that what should be absent followed. */
  stopped: number;
  /** Hits told before their time because too many waited: what would have stopped them may have come later. */
  decidedEarly: number;
  /** Stored windows that could not be read, or whose correlation is gone. */
  discarded: number;
}

export function newStats(): CorrelatorStats {
  return {
    groupsEvicted: 0,
    groupsOutdated: 0,
    membersEvicted: 0,
    ungroupable: 0,
    withoutValue: 0,
    superseded: 0,
    waited: 0,
    stopped: 0,
    decidedEarly: 0,
    discarded: 0,
  };
}

/** Adds what was counted before, as far as it can be read. */
export function restoreStats(stats: CorrelatorStats, value: string): void {
  const stored = parseObject(value) ?? {};
  for (const name of Object.keys(stats) as (keyof CorrelatorStats)[]) {
    const count = stored[name];
    if (typeof count === "number" && Number.isSafeInteger(count)) stats[name] += count;
  }
}
