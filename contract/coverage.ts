import { z } from "zod";
import { PostureSettingId } from "./posture.ts";
import { SourceName } from "./source.ts";

/**
 * `absent`: the session has no such source, by build, by tier or because nobody asked for it. `silent`: it runs and has delivered nothing for longer than its limit (only
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
  /** How many of `shed` were given up by us, because the disk was full for too long. */
  shedByUs: z.number().int().optional(),
  /** Delivered, but not readable. */
  unreadable: z.number().int(),
  /** Times something was lost and nobody can say how much. */
  unknown: z.number().int(),
});
export type GapCounts = z.infer<typeof GapCounts>;

/** Something a person can do about a blind source, which a screen can offer as a button. */
export const COVERAGE_ACTIONS = [
  "open-full-disk-access-settings",
  "enable-full-tier",
  "retry",
  "update-sealbar",
] as const;
export const CoverageAction = z.enum(COVERAGE_ACTIONS);
export type CoverageAction = z.infer<typeof CoverageAction>;

/** A behaviour that cannot be seen, e.g. G7. */
export const BlindBehaviour = z.object({ id: z.string(), words: z.string() });
export type BlindBehaviour = z.infer<typeof BlindBehaviour>;

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
  /** The next step as something that can be done for the user; null or left out: only words help. */
  action: CoverageAction.nullable().optional(),
  /** The behaviours that no source can see now, where this one could. */
  blindBehaviours: z.array(BlindBehaviour).optional(),
  /** Records a minute over the last minutes. Only of a live source. */
  ratePerMinute: z.number().nullable().optional(),
  /** When it last proved that it sees, and how; null: not yet. RFC 3339 UTC. Only of a live source. */
  provedAt: z.string().nullable().optional(),
  provedBy: z.enum(["event", "heartbeat"]).nullable().optional(),
  /** It is silent when its last proof is older than this. */
  limitSeconds: z.number().int().nullable().optional(),
});
export type SourceCoverage = z.infer<typeof SourceCoverage>;

/** Lines of a kind that used to be readable are not any more: macOS changed, and what they prove is not seen. */
export const FormatChange = z.object({
  source: SourceName,
  /** Who writes the lines, e.g. "Gatekeeper (syspolicyd)". */
  sender: z.string(),
  osBuild: z.string().nullable(),
  /** Lines in a row that could not be read; counted up to a limit. */
  misses: z.number().int(),
  /** Whether such lines could be read before, on this or another build. */
  wasReadable: z.boolean(),
  behaviours: z.array(z.string()),
  /** What is off because of it. */
  sentence: z.string(),
});
export type FormatChange = z.infer<typeof FormatChange>;

/** Files that ran and were to be looked at. */
export const LookCounts = z.object({
  asked: z.number().int(),
  /** Not asked for, because too many ran at once; the next run of the same code asks again. */
  skipped: z.number().int(),
  /** Answers that were stored without our inspector's look, and why. */
  notInspected: z.object({ tooMany: z.number().int(), tookTooLong: z.number().int(), failed: z.number().int() }),
});
export type LookCounts = z.infer<typeof LookCounts>;

export const HELPER_TIERS = ["standard", "full"] as const;
/** Whoever collects from this Mac. */
export const HelperStatus = z.object({
  phase: z.enum(["connecting", "connected", "waiting", "refused"]),
  tier: z.enum(HELPER_TIERS).nullable(),
  /** One sentence: why it is not there, or, when it is, why only in the standard tier although the full one is installed. */
  reason: z.string().nullable(),
  /** When it is started again by itself. RFC 3339 UTC. */
  retryAt: z.string().nullable(),
});
export type HelperStatus = z.infer<typeof HelperStatus>;

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
  formatChanges: z.array(FormatChange).optional(),
  /** Protection settings that could not be read since the Mac started, and why, in words. Never good, and no finding. */
  unreadSettings: z.array(z.object({ setting: PostureSettingId, why: z.string() })).optional(),
  /** Only live. */
  looks: LookCounts.optional(),
  /** One sentence when the posture journal is not the one whose head the launch daemon keeps. Only live, in the full tier. */
  journalDoubt: z.string().optional(),
  /** Only live: whoever collects, and whether it is there. */
  helper: HelperStatus.optional(),
});
export type Coverage = z.infer<typeof Coverage>;

/** Whether a source belongs to what is collected: only such a one can be missed. */
export function isInTier({ state }: Pick<SourceCoverage, "state">): boolean {
  return state !== "absent";
}

/**
 * "All good": every source of the tier is running, which live means that it has proved itself within its limit, and what
 * it delivers can be read, and the posture journal is the one that the daemon knows. A Mac of which nothing is collected
 * is not good, it is unseen.
 */
export function isAllGood(coverage: Coverage): boolean {
  const sources = coverage.sources.filter(isInTier);
  const connected = coverage.helper === undefined || coverage.helper.phase === "connected";
  const readable = (coverage.formatChanges ?? []).length === 0;
  const trusted = coverage.journalDoubt === undefined;
  return connected && readable && trusted && sources.length > 0 && sources.every(({ state }) => state === "running");
}
