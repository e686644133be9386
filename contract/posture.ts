import { z } from "zod";

export const POSTURE_SETTINGS = ["sip", "authenticated-root", "boot-args", "gatekeeper"] as const;
export const PostureSettingId = z.enum(POSTURE_SETTINGS);
export type PostureSettingId = z.infer<typeof PostureSettingId>;

/**
 * on = protects as Apple ships it; partial = some of it is off; conflicting = probes disagree.
 * unknown = could not be read, localised or new text, timed out: never good.
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
  expected: PostureValue,
  /** In words, e.g. which SIP protections are off or which boot-args weaken. */
  detail: z.string(),
  evidence: z.array(PostureEvidence),
  readAt: z.string().nullable(),
  /** Since when it has had this value (RFC 3339 UTC); null before the first reading. */
  since: z.string().nullable(),
});
export type PostureSetting = z.infer<typeof PostureSetting>;

export const PostureSnapshot = z.object({
  settings: z.array(PostureSetting),
  bootUuid: z.string().nullable(),
  bootTime: z.string().nullable(),
  osVersion: z.string().nullable(),
  osBuild: z.string().nullable(),
  /** The weakened epoch: since the boot at which posture was first seen weaker than expected; null while it is not. */
  weakenedSince: z.string().nullable(),
});
export type PostureSnapshot = z.infer<typeof PostureSnapshot>;
