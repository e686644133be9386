import { z } from "zod";

/**
 * The one list of trust classes, used by events, the inspector, rules, store and screens.
 * `unknown` means "could not check, and why": it is never "unsigned" and never "good".
 */
export const TRUST_CLASSES = [
  "platform",
  "platform-legacy",
  "app-store",
  "app-store-submission",
  "testflight",
  "developer-id",
  "development",
  "enterprise",
  "local-signing",
  "linker-signed",
  "ad-hoc",
  "self-signed",
  "untrusted",
  "unsigned",
  "invalid",
  "revoked",
  "not-code",
  "unknown",
] as const;

export const TrustClass = z.enum(TRUST_CLASSES);
export type TrustClass = z.infer<typeof TrustClass>;

/** Whether Apple notarized the code: a fact separate from the signature and from Gatekeeper's decision. */
export const Notarized = z.enum(["yes", "no", "not-checked"]);
export type Notarized = z.infer<typeof Notarized>;

/** Who can say something about code. `kernel`: its flags for what really ran; the others looked at a file. */
export const AUTHORITIES = ["kernel", "inspector", "codesign", "gatekeeper", "log"] as const;
export const Authority = z.enum(AUTHORITIES);
export type Authority = z.infer<typeof Authority>;

/** What authorities can disagree about. `code`: the file is not what ran. */
export const DISAGREEMENT_TOPICS = [
  "code",
  "signature",
  "bundle",
  "signer",
  "class",
  "identifier",
  "team",
  "notarization",
  "revocation",
] as const;
export const DisagreementTopic = z.enum(DISAGREEMENT_TOPICS);
export type DisagreementTopic = z.infer<typeof DisagreementTopic>;

/** Authorities that checked the same thing of the same code and found different answers. */
export const Disagreement = z.object({
  about: DisagreementTopic,
  says: z.array(z.object({ authority: Authority, value: z.string() })),
  /** For people. Values that came from the code are data, capped. */
  sentence: z.string(),
});
export type Disagreement = z.infer<typeof Disagreement>;

export const Trust = z.object({
  class: TrustClass,
  notarized: Notarized,
  /** What was looked at, e.g. "codesigning flags of the exec event". */
  checked: z.array(z.string()),
  /** What a reader must know to weigh the class; for `unknown`, the reason comes first. */
  notes: z.array(z.string()),
  /** Their sentences are among the notes too. */
  disagreements: z.array(Disagreement),
});
export type Trust = z.infer<typeof Trust>;

/** The identity ladder: cdhash, then signing id with team, then team. A path never identifies code by itself. */
export const CodeIdentity = z.object({
  path: z.string().nullable(),
  /** Lower-case, 40 hex digits; null when there is none (all zeros means none). */
  cdhash: z.string().nullable(),
  teamId: z.string().nullable(),
  signingId: z.string().nullable(),
});
export type CodeIdentity = z.infer<typeof CodeIdentity>;
