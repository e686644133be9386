import type { EventOf } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import type { Notarized, Trust, TrustClass } from "#contract/trust.ts";
import {
  ALTERED,
  BY_APPLE_CHAIN,
  type Claim,
  claimsOf,
  kernelClaim,
  NOT_SIGNED,
  NOT_VALID,
  REVOKED,
} from "./claims.ts";
import { disagreementsOf } from "./disagreements.ts";
import type { LogWord } from "./log-word.ts";
import { readLook, type SealEvidence } from "./seal-evidence.ts";
import type { OtherCode, SealKnowledge } from "./seal-memory.ts";
import { NO_TEAM, TEAM_ONLY, trustFromFlags } from "./trust-from-flags.ts";

const CERTIFICATE_REVOKED = "Its certificate has been revoked.";
const LOG_REVOKED = "The unified log says that Apple revoked it.";
const PAGE_NOT_VALID = "While it ran, a page of its code was not valid.";
const BUNDLE_ALTERED = "The code is as it was signed, but not the bundle around it.";

const UNVERIFIED_SIGNER = "What its signature claims is shown, but nobody verified who made it.";

/**
 * Joins what the kernel saw with what others found out about the same code. Pure; without others it is what the flags
 * say, the same object for the same flags.
 * What ran is never raised by a look at a file: unsigned, ad hoc and invalid stay so, and a look at other code counts for
 * nothing but a disagreement. It can be lowered: revoked always counts, and so does a signature that is found broken,
 * except for code that the kernel knows as part of macOS (an update of macOS can be ahead of what we know).
 */
export function joinTrust(process: Process, known: SealKnowledge | null): Trust {
  const base = trustFromFlags(process);
  if (known === null) return base;
  const { evidence, words } = known;
  const claims = claimsOf(evidence, words);
  const name = classOf(base.class, evidence, words, claims);
  const refined = name !== base.class;
  return finish(
    {
      class: name,
      notarized: notarizedOf(name, base.notarized, evidence),
      checked: base.checked,
      notes: refined ? base.notes.filter((note) => note !== TEAM_ONLY && note !== NO_TEAM) : base.notes,
    },
    known,
    claims,
    [kernelClaim(process, base), ...claims],
  );
}

/**
 * What an answer about a file says of the file as it is there; null when nobody read its signature.
 * @param otherCode what is known to have run from it and is not this code
 */
export function trustOfFile(answer: EventOf<"file_answer">, otherCode: OtherCode | null): Trust | null {
  if (answer.inspection === null && answer.codesign === null) return null;
  const { whole } = readLook(answer);
  const claims = claimsOf(whole, []);
  const name = fileClass(whole, answer.codesign?.verdict === "unsigned", claims);
  const start = {
    class: name,
    notarized: notarizedOf(name, "not-checked", whole),
    checked: [],
    notes: name === "unknown" ? [whole.inspector?.problem ?? UNVERIFIED_SIGNER] : [],
  };
  return finish(start, { evidence: whole, words: [], otherCode }, claims, claims);
}

type Unfinished = Omit<Trust, "disagreements">;

function finish(trust: Unfinished, known: SealKnowledge, claims: readonly Claim[], compared: readonly Claim[]): Trust {
  const { evidence, words, otherCode } = known;
  const disagreements = disagreementsOf(compared, otherCode);
  const notes = [...trust.notes, ...notesOf(trust.class, evidence, words, claims)];
  return {
    ...trust,
    checked: [...trust.checked, ...checkedOf(evidence, words)],
    notes: [...new Set([...notes, ...disagreements.map(({ sentence }) => sentence)])],
    disagreements,
  };
}

function isAltered(claims: readonly Claim[]): boolean {
  return claims.some((claim) => claim.says.bundle === ALTERED);
}

function isBroken(words: readonly LogWord[], claims: readonly Claim[]): boolean {
  return words.includes("page") || claims.some((claim) => claim.says.signature === NOT_VALID);
}

function classOf(
  base: TrustClass,
  evidence: SealEvidence | null,
  words: readonly LogWord[],
  claims: readonly Claim[],
): TrustClass {
  if (claims.some((claim) => claim.says.revocation === REVOKED)) return "revoked";
  if (base === "platform" || base === "unsigned" || base === "invalid") return base;
  if (isBroken(words, claims)) return "invalid";
  if (base !== "unknown" && base !== "self-signed") return base;
  // The kernel found a valid signature and did not say whose.
  const inspected = evidence?.inspector?.class ?? "unknown";
  if (inspected !== "unknown" && inspected !== "not-code") return inspected;
  return evidence?.gatekeeper?.class ?? base;
}

function fileClass(whole: SealEvidence, unsigned: boolean, claims: readonly Claim[]): TrustClass {
  const { inspector, codesign, gatekeeper } = whole;
  if (claims.some((claim) => claim.says.revocation === REVOKED)) return "revoked";
  if (unsigned || claims.some((claim) => claim.says.signature === NOT_SIGNED)) return "unsigned";
  if (isBroken([], claims) || isAltered(claims)) return "invalid";
  if (inspector !== null && inspector.class !== "unknown") return inspector.class;
  if (codesign?.adHoc === true) return codesign.linkerSigned ? "linker-signed" : "ad-hoc";
  return gatekeeper?.class ?? "unknown";
}

function isNeverNotarized(name: TrustClass): boolean {
  return name === "unsigned" || name === "ad-hoc" || name === "linker-signed";
}

/** Apple notarizes only what it can attribute. A verified ticket proves more than a word, and "no" more than a display. */
function notarizedOf(name: TrustClass, base: Notarized, evidence: SealEvidence | null): Notarized {
  if (name === "revoked" || isNeverNotarized(name)) return "no";
  if (!BY_APPLE_CHAIN.has(name) || name === "platform" || evidence === null) return base;
  const { inspector, gatekeeper, codesign } = evidence;
  if (inspector?.notarized === "yes") return "yes";
  if (gatekeeper !== null && gatekeeper.notarized !== "not-checked") return gatekeeper.notarized;
  if (inspector?.notarized === "no") return "no";
  return codesign?.ticketStapled === true ? "yes" : base;
}

function checkedOf(evidence: SealEvidence | null, words: readonly LogWord[]): string[] {
  const checked: string[] = [];
  if (evidence?.inspector != null) checked.push(`Sealbar's inspector: ${evidence.inspector.depth}`);
  if (evidence?.codesign != null) checked.push(`codesign: ${codesignWord(evidence.codesign)}`);
  if (evidence?.gatekeeper != null) checked.push(`Gatekeeper assessment: ${evidence.gatekeeper.source}`);
  if (words.length > 0 || evidence?.revoked === true) checked.push("unified log");
  return checked;
}

function codesignWord({ signature, error }: NonNullable<SealEvidence["codesign"]>): string {
  return error ?? (signature === "valid" ? "valid on disk" : "display only");
}

function notesOf(
  name: TrustClass,
  evidence: SealEvidence | null,
  words: readonly LogWord[],
  claims: readonly Claim[],
): string[] {
  const notes: string[] = [];
  const { inspector = null, codesign = null, gatekeeper = null } = evidence ?? {};
  if (gatekeeper?.class === "revoked" || codesign?.revoked === true) notes.push(CERTIFICATE_REVOKED);
  else if (name === "revoked") notes.push(LOG_REVOKED);
  if (inspector?.problem != null && (inspector.class === "invalid" || inspector.bundle === "altered")) {
    notes.push(inspector.problem);
  } else if (codesign?.error != null && codesign.signature === "invalid") notes.push(`codesign: ${codesign.error}.`);
  if (isAltered(claims) && name !== "invalid") notes.push(BUNDLE_ALTERED);
  if (words.includes("page")) notes.push(PAGE_NOT_VALID);
  return notes;
}
