import { z } from "zod";
import { Notarized, TrustClass } from "./trust.ts";

/** How far an inspection goes: the signature itself; also the code's own bytes and resources; also the code nested in it. */
export const InspectionDepth = z.enum(["header", "full", "deep"]);
export type InspectionDepth = z.infer<typeof InspectionDepth>;

/** What a file turned out to be. */
export const InspectedKind = z.enum([
  "mach-o",
  "bundle",
  "script",
  "installer-package",
  "disk-image",
  "not-code",
  "unreadable",
]);
export type InspectedKind = z.infer<typeof InspectedKind>;

/** `id` is stable and for machines; `message` is one sentence for people. Text that came from the code is data, capped. */
export const Problem = z.object({ id: z.string(), message: z.string() });
export type Problem = z.infer<typeof Problem>;

/** Everything an inspection can check, and what no offline inspection can. The sentences are in core/signing/checks.ts. */
export const CHECKS = [
  "container",
  "code-directory",
  "special-slots",
  "requirement",
  "entitlements",
  "cms",
  "chain",
  "timestamp",
  "ticket",
  "page-hashes",
  "resources",
  "nested-code",
  "revocation",
  "notarization",
  "trust-cache",
] as const;
export const Check = z.enum(CHECKS);
export type Check = z.infer<typeof Check>;

/** `why` is one sentence. */
export const NotChecked = z.object({ check: Check, why: z.string() });
export type NotChecked = z.infer<typeof NotChecked>;

export const CertificateFacts = z.object({
  commonName: z.string().nullable(),
  organization: z.string().nullable(),
  organizationalUnit: z.string().nullable(),
  /** Common name of the issuer, else its whole name. */
  issuer: z.string(),
  /** Lower-case hex. */
  serial: z.string(),
  sha256: z.string(),
  /** RFC 3339 UTC. */
  notBefore: z.string(),
  notAfter: z.string(),
});
export type CertificateFacts = z.infer<typeof CertificateFacts>;

export const TimestampFacts = z.object({
  /** RFC 3339 UTC: the time the authority states. */
  at: z.string(),
  status: z.enum(["ok", "bad"]),
  /** Common name of the certificate that signed the token. */
  authority: z.string().nullable(),
});
export type TimestampFacts = z.infer<typeof TimestampFacts>;

export const Entitlement = z.object({
  key: z.string(),
  /** As JSON, capped. */
  value: z.string(),
  /** Which protection it weakens, as one sentence; null when it weakens none. */
  weakens: z.string().nullable(),
});
export type Entitlement = z.infer<typeof Entitlement>;

/** One architecture's code with its own signature. What it claims is shown as claimed, also when it is invalid. */
export const SliceInspection = z.object({
  /** Apple's name, e.g. `arm64e`; `cpu 0x1000012` for one without a name. */
  arch: z.string(),
  class: TrustClass,
  identifier: z.string().nullable(),
  teamId: z.string().nullable(),
  /** The hash macOS itself goes by (the strongest CodeDirectory's); lower-case, 40 hex digits. */
  cdhash: z.string().nullable(),
  cdhashes: z.object({ sha1: z.string().nullable(), sha256: z.string().nullable(), sha384: z.string().nullable() }),
  /** Names of the CodeDirectory's flags, as `codesign -d` prints them. */
  flags: z.array(z.string()),
  hardenedRuntime: z.boolean(),
  pageHashes: z.enum(["ok", "bad", "not-checked"]),
  cms: z.enum(["ok", "bad", "absent"]),
  notarized: Notarized,
  timestamp: TimestampFacts.nullable(),
  /** The signer's own claim of when it signed: proves nothing. RFC 3339 UTC. */
  signingTime: z.string().nullable(),
  leaf: CertificateFacts.nullable(),
  /** Leaf first, root last. */
  authorities: z.array(CertificateFacts),
  entitlements: z.array(Entitlement),
  /** The designated requirement in Apple's language. */
  requirement: z.string().nullable(),
  problems: z.array(Problem),
  notes: z.array(Problem),
});
export type SliceInspection = z.infer<typeof SliceInspection>;

export const NestedCode = z.object({
  /** Relative to the bundle. */
  path: z.string(),
  class: TrustClass,
  /** Whether it is the code that the outer seal names. */
  sealed: z.enum(["ok", "bad", "not-checked"]),
  problems: z.array(Problem),
});
export type NestedCode = z.infer<typeof NestedCode>;

export const BundleInspection = z.object({
  /** By its name's ending: `app`, `framework`, `bundle`, `appex`, `xpc`, `kext`, … */
  kind: z.string(),
  /** CFBundleIdentifier. */
  identifier: z.string().nullable(),
  /** Relative to the bundle; null when Info.plist names none that exists. */
  executable: z.string().nullable(),
  version: z.string().nullable(),
  /** Of CodeResources; null without one. */
  rulesVersion: z.union([z.literal(1), z.literal(2)]).nullable(),
  resources: z.enum(["ok", "bad", "absent", "not-checked"]),
  /** Files and links the seal names that were compared, and what differs; exact also when `problems` names only some. */
  counts: z.object({
    sealed: z.number().int(),
    altered: z.number().int(),
    missing: z.number().int(),
    added: z.number().int(),
    nested: z.number().int(),
  }),
  nested: z.array(NestedCode),
  problems: z.array(Problem),
  notes: z.array(Problem),
});
export type BundleInspection = z.infer<typeof BundleInspection>;

/** What was found out about one path. It never says more than what `checked` lists. */
export const Inspection = z.object({
  path: z.string(),
  kind: InspectedKind,
  depth: InspectionDepth,
  /** The worst slice's class; for a bundle, also no better than its resources and nested code allow. */
  verdict: z.object({ class: TrustClass, problems: z.array(Problem), notes: z.array(Problem) }),
  notarized: Notarized,
  /** In file order. */
  slices: z.array(SliceInspection),
  bundle: BundleInspection.nullable(),
  checked: z.array(Check),
  notChecked: z.array(NotChecked),
});
export type Inspection = z.infer<typeof Inspection>;
