import type { SessionRecord } from "#core/wire/session-record.ts";

const EXCERPT_CHARS = 240;

/**
 * What a helper must not say: that somebody accepted this Mac as it is. Only Sealbar itself writes that down, at the owner's
 * word; from a helper it stays in the timeline as a fault, and nothing is expected for it.
 */
export function withoutRefused(record: SessionRecord): SessionRecord {
  if (record.kind !== "frame" || record.frame.t !== "baseline") return record;
  const { id, at, raw } = record;
  return {
    kind: "fault",
    id,
    at,
    raw,
    source: "session",
    reason: "The helper said that this Mac was accepted as it is. Only its owner can say so, in Sealbar.",
    excerpt: raw.slice(0, EXCERPT_CHARS),
  };
}
