import { z } from "zod";
import { SourceName } from "./source.ts";

/**
 * `absent`: the session has no such source. `silent`: it runs and has delivered nothing for longer than its limit (only
 * a live source can be silent).
 * A source is `running` only once an event has proved it.
 */
export const COVERAGE_STATES = [
  "absent",
  "starting",
  "running",
  "silent",
  "denied",
  "failed",
  "restarting",
  "stopped",
] as const;
export const CoverageState = z.enum(COVERAGE_STATES);
export type CoverageState = z.infer<typeof CoverageState>;

export const GapCounts = z.object({
  /** Lost by macOS. */
  lost: z.number().int(),
  /** Shed by the helper or by us. */
  shed: z.number().int(),
  /** Delivered, but not readable. */
  unreadable: z.number().int(),
  /** Times something was lost and nobody can say how much. */
  unknown: z.number().int(),
});
export type GapCounts = z.infer<typeof GapCounts>;

export const SourceCoverage = z.object({
  source: SourceName,
  state: CoverageState,
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  lastEventAt: z.string().nullable(),
  events: z.number().int(),
  gaps: GapCounts,
  /** What cannot be seen because of it, in words; empty when nothing is blind. */
  blind: z.string().nullable(),
  /** The one next step, in words. */
  nextStep: z.string().nullable(),
});
export type SourceCoverage = z.infer<typeof SourceCoverage>;

export const Coverage = z.object({
  sources: z.array(SourceCoverage),
  /** Rules that could not be loaded and so do not run. */
  skippedRules: z.array(z.object({ file: z.string(), line: z.number().int(), reason: z.string() })),
  faults: z.number().int(),
  duplicates: z.number().int(),
  /** Pieces of memory (processes, marks, open windows, groups) given up to stay within bounds; a join may be missed for each. */
  forgotten: z.number().int(),
  /** Matched records that a correlation could not place in any group, because they name nothing to group by. */
  ungrouped: z.number().int(),
  /** Texts that a rule's regular expression gave up on to stay within its time; they counted as not matched. */
  regexGaveUp: z.number().int(),
});
export type Coverage = z.infer<typeof Coverage>;
