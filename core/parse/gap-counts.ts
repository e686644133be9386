import type { GapCounts } from "#contract/coverage.ts";
import type { TelemetryEvent } from "#contract/event.ts";

/**
 * What one event says is missing, and from which source; null for nearly all. Adding these up over the events of a
 * database, each counted once, gives the exact gap counts of the coverage.
 */
export function gapCountsOf(event: TelemetryEvent): { source: string; counts: GapCounts } | null {
  switch (event.kind) {
    case "gap":
      return { source: event.source, counts: countsOf(event.why, event.count) };
    case "fault":
      return { source: event.source, counts: countsOf("unreadable", 1) };
    case "line":
      return event.dropMarker ? { source: event.source, counts: countsOf("source-dropped", null) } : null;
    case "file_answer":
      return event.unreadable.length === 0
        ? null
        : { source: "session", counts: countsOf("unreadable", event.unreadable.length) };
    default:
      return null;
  }
}

/**
 * A count that nobody knows is one `unknown`, whatever the reason. A known one is `shed` for what the helper could not
 * pass on, `unreadable` for that, and `lost` for what macOS dropped and for a reason that only a newer helper knows: it is
 * gone, and to count it as one of the milder ones would claim more than is known.
 */
function countsOf(why: string, count: number | null): GapCounts {
  const counts = { lost: 0, shed: 0, unreadable: 0, unknown: 0 };
  if (count === null) return { ...counts, unknown: 1 };
  if (why === "helper-overflow") return { ...counts, shed: count };
  return why === "unreadable" ? { ...counts, unreadable: count } : { ...counts, lost: count };
}
