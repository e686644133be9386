import type { PostureBaseline } from "#contract/posture.ts";
import type { Micros } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import { type JournalLine, baselineLine } from "./journal-words.ts";
import { mergeReadings } from "./merge-readings.ts";
import { eachSetting, type PostureState } from "./posture-state.ts";
import { isDefinite } from "./reading.ts";

/**
 * Takes what is in force now for what should be. A setting that could not be read in this boot keeps what was expected of it
 * before: nobody can accept what nobody knows.
 */
export function accept(
  state: PostureState,
  { by, reason, at }: { by: string | null; reason: string | null; at: Micros },
): JournalLine {
  const before = describeBaseline(state).state;
  const { baseline } = state;
  for (const [id, setting] of eachSetting(state)) {
    const { inForce } = mergeReadings(id, setting.readings, setting.atBoot);
    if (setting.settled === null || !isDefinite(inForce)) continue;
    const { weak, listed } = setting.settled;
    baseline.accepted[id] = { value: inForce, weak, ...(listed === undefined ? {} : { listed }) };
  }
  Object.assign(baseline, { acceptedAt: at, by, reason });
  const weaker = eachSetting(state).flatMap(([id]) => {
    const accepted = baseline.accepted[id];
    return accepted === undefined || accepted.value === "on" ? [] : [[id, accepted] as const];
  });
  return baselineLine(by, reason, before, weaker);
}

export function describeBaseline({ baseline }: PostureState): PostureBaseline {
  const { seededAt, acceptedAt, by, reason } = baseline;
  if (acceptedAt !== null) return { state: "accepted", at: formatTime(acceptedAt), by, reason };
  if (seededAt === null) return { state: "none", at: null, by: null, reason: null };
  return { state: "unconfirmed", at: formatTime(seededAt), by: null, reason: null };
}
