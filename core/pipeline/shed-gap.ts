import type { TelemetryEvent } from "#contract/event.ts";
import type { Micros } from "#core/base/clock.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";

/** Why records are missing that the helper delivered: the disk was full for longer than we can hold them. */
export const SHED_BY_US = "monitor-overflow";

/** Records of one source and session that we gave up; `from` and `to` of those that the source numbered. */
export interface ShedRun {
  session: string;
  source: string;
  /** Of the first one's id. */
  n: number;
  from: number | null;
  to: number | null;
  count: number;
  at: Micros;
}

/** Its name says what was shed, so that the same loss is told once. */
export function shedGap({ session, source, n, from, to, count, at }: ShedRun): SessionRecord {
  return {
    kind: "gap",
    id: { session, src: `gap:${source}:shed`, n },
    at,
    raw: "",
    source,
    from,
    to,
    count,
    why: SHED_BY_US,
    derived: true,
  };
}

/** Its counts; null for any other event. */
export function shedByUs(event: TelemetryEvent): { source: string; counts: Record<string, number> } | null {
  if (event.kind !== "gap" || event.why !== SHED_BY_US || event.count === null) return null;
  return { source: event.source, counts: { shed: event.count, shedByUs: event.count } };
}
