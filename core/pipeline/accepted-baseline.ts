import type { BaselineFrame } from "#contract/frames.ts";
import type { Micros } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";

/** The record of somebody accepting this Mac as it is. Kept like any other, as the line that a capture would have. */
export function acceptedBaseline(by: string | null, reason: string, now: Micros): SessionRecord {
  const frame: BaselineFrame = { v: 1, t: "baseline", at: formatTime(now), by, reason };
  return {
    kind: "frame",
    id: { session: "monitor", src: "baseline", n: now },
    at: now,
    raw: JSON.stringify(frame),
    frame,
  };
}
