import { z } from "zod";

/** What protects, in the order it is shown. */
export const POSTURE_SETTINGS = [
  "sip",
  "authenticated-root",
  "secure-boot",
  "kernel-extensions",
  "boot-args",
  "kernel-variables",
  "gatekeeper",
  "library-validation",
  "developer-mode",
] as const;
export const PostureSettingId = z.enum(POSTURE_SETTINGS);
export type PostureSettingId = z.infer<typeof PostureSettingId>;

/**
 * on = protects as Apple ships it (of `kernel-extensions` and `developer-mode`: nothing is let in); partial = some of it
 * is off; conflicting = probes disagree. unknown = could not be read, localised or new text, timed out: never good.
 */
export const POSTURE_VALUES = ["on", "off", "partial", "unknown", "conflicting"] as const;
export const PostureValue = z.enum(POSTURE_VALUES);
export type PostureValue = z.infer<typeof PostureValue>;

export const PostureEvidence = z.object({
  probe: z.string(),
  /** The probe's words, shortened, as data. */
  text: z.string(),
  /** RFC 3339 UTC. */
  readAt: z.string(),
});
export type PostureEvidence = z.infer<typeof PostureEvidence>;

export const PostureSetting = z.object({
  id: PostureSettingId,
  inForce: PostureValue,
  /** What the next restart will bring, when a probe can tell; null when nothing says it differs. */
  afterBoot: PostureValue.nullable(),
  /** What Apple ships, or what the accepted baseline says. */
  expected: PostureValue,
  /** The accepted baseline says so; else Apple's default. */
  expectedByBaseline: z.boolean(),
  /** As weak as was accepted by its value, but more of its parts are off. */
  morePartsOff: z.boolean().optional(),
  /** In words, e.g. which SIP protections are off or which boot-args weaken. */
  detail: z.string(),
  /** Its parts one by one where a probe lists them, e.g. SIP's protections, in Apple's words. */
  parts: z.array(z.object({ name: z.string(), value: PostureValue })),
  evidence: z.array(PostureEvidence),
  readAt: z.string().nullable(),
  /** Since when it has had this value (RFC 3339 UTC); null before the first reading. */
  since: z.string().nullable(),
});
export type PostureSetting = z.infer<typeof PostureSetting>;

/** Facts without a good or bad value. */
export const POSTURE_FACTS = ["os", "xprotect", "mdm"] as const;
export const PostureFact = z.object({
  id: z.enum(POSTURE_FACTS),
  /** As the probe says it, shortened; null: not known. */
  value: z.string().nullable(),
  readAt: z.string().nullable(),
  since: z.string().nullable(),
});
export type PostureFact = z.infer<typeof PostureFact>;

/** "This is how this Mac should be". `unconfirmed`: as it was when Sealbar first looked, and nobody has said so. */
export const PostureBaseline = z.object({
  state: z.enum(["none", "unconfirmed", "accepted"]),
  at: z.string().nullable(),
  /** The account that accepted it, as claimed. */
  by: z.string().nullable(),
  reason: z.string().nullable(),
});
export type PostureBaseline = z.infer<typeof PostureBaseline>;

/** A period in which the Mac was weaker than expected. */
export const PostureEpoch = z.object({
  /** Start of the boot at which it began, else when it was first read. RFC 3339 UTC. */
  since: z.string(),
  /** Null while it lasts. */
  until: z.string().nullable(),
  /** What was weaker, in words. */
  how: z.string(),
  /** It was so when Sealbar first looked: since when is not known. */
  firstSeen: z.boolean(),
});
export type PostureEpoch = z.infer<typeof PostureEpoch>;

/** The journal's hash chain. By itself it proves nothing: only the head that the root daemon keeps does. */
export const PostureChain = z.object({
  entries: z.number().int(),
  /** SHA-256 of the newest entry, lower-case hex; null for an empty journal. */
  head: z.string().nullable(),
  state: z.enum(["intact", "broken", "unchecked"]),
  /** `none`: the standard tier, which claims no tamper evidence. */
  anchor: z.enum(["none", "matches", "differs", "not-asked"]),
});
export type PostureChain = z.infer<typeof PostureChain>;

export const PostureSnapshot = z.object({
  settings: z.array(PostureSetting),
  facts: z.array(PostureFact),
  bootUuid: z.string().nullable(),
  bootTime: z.string().nullable(),
  osVersion: z.string().nullable(),
  osBuild: z.string().nullable(),
  /** The weakened epoch: since the boot at which posture was first seen weaker than expected; null while it is not. */
  weakenedSince: z.string().nullable(),
  /** Newest first, a bounded number; the journal has all. */
  epochs: z.array(PostureEpoch),
  baseline: PostureBaseline,
});
export type PostureSnapshot = z.infer<typeof PostureSnapshot>;

export const JOURNAL_KINDS = [
  "boot",
  "snapshot",
  "change",
  "pending",
  "fact",
  "intent",
  "baseline",
  "epoch-opened",
  "epoch-closed",
] as const;
export type JournalKind = (typeof JOURNAL_KINDS)[number];

/** One line of the posture journal: append-only, each entry's hash takes in the one before. */
export const JournalEntry = z.object({
  seq: z.number().int(),
  at: z.string(),
  kind: z.enum(JOURNAL_KINDS),
  /** The setting or fact it is about; null when it is about the whole Mac. */
  about: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** One sentence. */
  words: z.string(),
  /** The raw evidence's beginning, as data. */
  evidence: z.string(),
  bootUuid: z.string().nullable(),
  hash: z.string(),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

/** Newest first. */
export const JournalQuery = z.object({
  about: z.string().max(64).nullable().default(null),
  before: z.number().int().nullable().default(null),
  limit: z.number().int().min(1).max(200),
});
export type JournalQuery = z.infer<typeof JournalQuery>;

export const JournalPage = z.object({
  entries: z.array(JournalEntry),
  next: z.number().int().nullable(),
  chain: PostureChain,
});
export type JournalPage = z.infer<typeof JournalPage>;

export const REASON_MAX = 500;
/** What the user says when they accept the Mac as it is now. */
export const BaselineRequest = z.object({ reason: z.string().trim().min(1).max(REASON_MAX) });
export type BaselineRequest = z.infer<typeof BaselineRequest>;
