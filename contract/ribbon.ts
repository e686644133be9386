import { z } from "zod";
import { Severity } from "./severity.ts";
import { SourceName } from "./source.ts";

/** Most pieces of one band; neighbours beyond it are joined, the worse state wins. */
export const RIBBON_SPANS_MAX = 400;
export const RIBBON_MARKS_MAX = 400;

export const POSTURE_BAND_STATES = ["strong", "weakened", "unknown"] as const;
export const SOURCE_BAND_STATES = ["running", "degraded", "gap", "asleep", "off"] as const;

/** Times are microseconds since the epoch, as in a cursor; `to` is exclusive. */
const span = {
  from: z.number().int(),
  to: z.number().int(),
  /** One sentence; empty when the state says it all. */ words: z.string(),
};

export const PostureSpan = z.object({ ...span, state: z.enum(POSTURE_BAND_STATES) });
export type PostureSpan = z.infer<typeof PostureSpan>;
export const SourceSpan = z.object({ ...span, state: z.enum(SOURCE_BAND_STATES) });
export type SourceSpan = z.infer<typeof SourceSpan>;

export const RibbonMark = z.object({
  findingId: z.number().int(),
  at: z.number().int(),
  severity: Severity,
  title: z.string(),
});
export type RibbonMark = z.infer<typeof RibbonMark>;

/** The whole timeline, or the part asked for, at a glance. */
export const Ribbon = z.object({
  from: z.number().int(),
  to: z.number().int(),
  posture: z.array(PostureSpan).max(RIBBON_SPANS_MAX),
  sources: z.array(z.object({ source: SourceName, spans: z.array(SourceSpan).max(RIBBON_SPANS_MAX) })),
  /** Restarts of the Mac. */
  boots: z.array(z.number().int()).max(RIBBON_MARKS_MAX),
  /** The worst ones when there are more than fit. */
  findings: z.array(RibbonMark).max(RIBBON_MARKS_MAX),
  /** Findings in that time that `findings` leaves out. */
  moreFindings: z.number().int(),
});
export type Ribbon = z.infer<typeof Ribbon>;

/** Null: from the first record, or to the newest. */
export const RibbonQuery = z.object({ from: z.number().int().nullable(), to: z.number().int().nullable() });
export type RibbonQuery = z.infer<typeof RibbonQuery>;
