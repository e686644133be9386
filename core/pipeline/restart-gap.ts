import type { Micros } from "#core/base/clock.ts";
import { parseTime } from "#core/base/time.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";

/** The record of a monitor that died and was started again: in between nothing was recorded, and nobody knows how much. */
export function restartGap(since: string, now: Micros): SessionRecord {
  return {
    kind: "gap",
    id: { session: `monitor:${since}`, src: "gap", n: 1 },
    at: parseTime(since) ?? now,
    raw: "",
    source: "monitor",
    from: null,
    to: null,
    count: null,
    why: "unreadable",
    derived: true,
  };
}
