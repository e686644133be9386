import type { Process } from "#contract/process.ts";
import type { Authority, DisagreementTopic, Trust, TrustClass } from "#contract/trust.ts";
import type { Verdict } from "./assessment.ts";
import type { LogWord } from "./log-word.ts";
import type { CodesignSays, InspectorSays, SealEvidence } from "./seal-evidence.ts";
import { CS_SIGNED } from "./trust-from-flags.ts";

/** What one authority says, topic by topic, in words that compare. A topic it did not check is missing. */
export interface Claim {
  authority: Authority;
  says: Partial<Record<DisagreementTopic, string>>;
}

/** Values of the topics `signature`, `bundle` and `signer`; they are shown as they are. */
const VALID = "valid";
export const NOT_VALID = "not valid";
export const NOT_SIGNED = "not signed";
const INTACT = "intact";
export const ALTERED = "altered";
const BY_APPLE = "Apple's certificate";
export const AD_HOC = "ad hoc";
export const BY_OTHER = "a certificate that is not Apple's";
export const NOT_BY_APPLE = "ad hoc, or a certificate that is not Apple's";
export const REVOKED = "revoked";
const NOT_REVOKED = "not revoked";
const NO_TEAM_SET = "none";

/** Classes that only a chain to Apple's root gives. */
export const BY_APPLE_CHAIN: ReadonlySet<TrustClass> = new Set([
  "platform",
  "platform-legacy",
  "app-store",
  "app-store-submission",
  "testflight",
  "developer-id",
  "development",
  "enterprise",
]);

const APPLE_ROOT = "Apple Root CA";

type Says = Claim["says"];

export function claimsOf(evidence: SealEvidence | null, words: readonly LogWord[]): Claim[] {
  const claims: Claim[] = [];
  const add = (authority: Authority, says: Says): void => {
    if (Object.keys(says).length > 0) claims.push({ authority, says });
  };
  if (evidence?.inspector != null) add("inspector", inspectorSays(evidence.inspector));
  if (evidence?.codesign != null) add("codesign", codesignSays(evidence.codesign));
  if (evidence?.gatekeeper != null) add("gatekeeper", gatekeeperSays(evidence.gatekeeper));
  add("log", logSays(words, evidence?.revoked === true));
  return claims;
}

/** What the kernel's flags say about what really ran. Without flags it checked nothing, and only names are claimed. */
export function kernelClaim(process: Process, trust: Trust): Claim {
  const says: Says = {};
  const { codesigningFlags: flags, signingId, teamId } = process;
  if (flags !== null) {
    says.signature = (flags & CS_SIGNED) === 0 ? NOT_SIGNED : trust.class === "invalid" ? NOT_VALID : VALID;
  }
  Object.assign(says, signerOf(trust.class));
  // A certificate without a team is only not shown to be Apple's.
  if (trust.class === "self-signed") delete says.signer;
  if (signingId !== null) says.identifier = signingId;
  if (teamId !== null) says.team = teamId;
  return { authority: "kernel", says };
}

function signerOf(name: TrustClass): Says {
  if (BY_APPLE_CHAIN.has(name)) return { signer: BY_APPLE, class: name };
  if (name === "ad-hoc" || name === "linker-signed") return { signer: AD_HOC };
  return name === "self-signed" || name === "untrusted" ? { signer: BY_OTHER } : {};
}

function inspectorSays({ class: name, notarized, identifier, teamId, bundle }: InspectorSays): Says {
  const says: Says = signerOf(name);
  if (name === "revoked") says.revocation = REVOKED;
  else if (name === "invalid") says.signature = NOT_VALID;
  else if (name === "unsigned") says.signature = NOT_SIGNED;
  else if (name !== "unknown" && name !== "not-code") says.signature = VALID;
  if (bundle !== null) says.bundle = bundle === "intact" ? INTACT : ALTERED;
  if (identifier !== null) says.identifier = identifier;
  if (teamId !== null) says.team = teamId;
  if (notarized !== "not-checked" && BY_APPLE_CHAIN.has(name)) says.notarization = notarized;
  return says;
}

function codesignSays(codesign: CodesignSays): Says {
  const says: Says = {};
  const { signature, bundle, revoked, adHoc, root, identifier, teamId, ticketStapled } = codesign;
  if (signature !== null) says.signature = signature === "valid" ? VALID : NOT_VALID;
  if (bundle !== null) says.bundle = bundle === "intact" ? INTACT : ALTERED;
  if (revoked) says.revocation = REVOKED;
  if (adHoc) says.signer = AD_HOC;
  else if (root !== null) says.signer = root === APPLE_ROOT ? BY_APPLE : BY_OTHER;
  if (identifier !== null) says.identifier = identifier;
  if (teamId !== null) says.team = teamId === "" ? NO_TEAM_SET : teamId;
  if (ticketStapled) says.notarization = "yes";
  return says;
}

function gatekeeperSays({ class: name, notarized }: Verdict): Says {
  if (name === "revoked") return { revocation: REVOKED };
  const says: Says = { revocation: NOT_REVOKED };
  if (name !== null) Object.assign(says, signerOf(name), { signature: VALID });
  if (notarized !== "not-checked") says.notarization = notarized;
  return says;
}

function logSays(words: readonly LogWord[], revoked: boolean): Says {
  const says: Says = {};
  if (words.includes("invalid")) says.signature = NOT_VALID;
  else if (words.includes("unsigned")) says.signature = NOT_SIGNED;
  if (words.includes("ad-hoc")) says.signer = AD_HOC;
  else if (words.includes("not-apple")) says.signer = NOT_BY_APPLE;
  if (revoked || words.includes("revoked")) says.revocation = REVOKED;
  return says;
}
