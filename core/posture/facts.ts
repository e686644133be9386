import { POSTURE_FACTS, type PostureFact } from "#contract/posture.ts";
import type { Micros } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import { factLine, type JournalLine } from "./journal-words.ts";
import type { PostureState } from "./posture-state.ts";
import type { ProbeReading } from "./reading.ts";

/** Takes in what a probe said; an answer that could not be read leaves what was known. What changed, for the journal. */
export function learnFacts(
  { facts }: PostureState,
  said: NonNullable<ProbeReading["facts"]>,
  at: Micros,
  evidence: string,
): JournalLine[] {
  return POSTURE_FACTS.flatMap((id) => {
    const value = said[id];
    if (value === undefined) return [];
    const before = facts[id];
    const same = before?.value === value;
    facts[id] = { value, readAt: at, since: same ? before.since : at };
    return same ? [] : [factLine(id, before?.value ?? null, value, evidence)];
  });
}

export function describeFacts({ facts, osVersion, osBuild }: PostureState): PostureFact[] {
  return POSTURE_FACTS.map((id) => {
    // The hello names the system too, before any probe does.
    if (id === "os" && facts.os === undefined && osVersion !== null) {
      const value = osBuild === null ? `macOS ${osVersion}` : `macOS ${osVersion} (${osBuild})`;
      return { id, value, readAt: null, since: null };
    }
    const fact = facts[id];
    return {
      id,
      value: fact?.value ?? null,
      readAt: fact === undefined ? null : formatTime(fact.readAt),
      since: fact === undefined ? null : formatTime(fact.since),
    };
  });
}
