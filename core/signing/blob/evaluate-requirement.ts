import { assertNever } from "#core/base/assert-never.ts";
import { children, isUniversal, readDer, sequence, TAG } from "../der/reader.ts";
import { oidText } from "../der/values.ts";
import { attempt } from "../problem.ts";
import type { Certificate } from "../signer.ts";
import type { Match, Requirement } from "./requirement-expression.ts";
import type { RequirementFacts } from "./requirement-facts.ts";
import { type Answer, anyOf, matches } from "./requirement-match.ts";

/** Security reqinterp.cpp, certFieldValue: the names that may stand in square brackets. */
const SUBJECT_OIDS: ReadonlyMap<string, string> = new Map([
  ["subject.C", "2.5.4.6"],
  ["subject.CN", "2.5.4.3"],
  ["subject.D", "2.5.4.13"],
  ["subject.L", "2.5.4.7"],
  ["subject.O", "2.5.4.10"],
  ["subject.C-O", "2.5.4.10.1"],
  ["subject.OU", "2.5.4.11"],
  ["subject.C-OU", "2.5.4.11.1"],
  ["subject.ST", "2.5.4.8"],
  ["subject.C-ST", "2.5.4.8.1"],
  ["subject.STREET", "2.5.4.9"],
  ["subject.C-STREET", "2.5.4.9.1"],
  ["subject.UID", "0.9.2342.19200300.100.1.1"],
]);
const CERTIFICATE_POLICIES = "2.5.29.32";
/** Security reqinterp.cpp, appleIntermediateCN and appleIntermediateO. */
const APPLE_INTERMEDIATE = { commonName: "Apple Code Signing Certification Authority", organization: "Apple Inc." };

/**
 * Whether code of which these facts are known meets the requirement; null when they do not suffice to tell, or the
 * requirement has a part that this version does not know (macOS then refuses it as a whole).
 */
export function evaluateRequirement(requirement: Requirement, facts: RequirementFacts): Answer {
  const state = { understood: true };
  const answer = evaluate(requirement, facts, state);
  return state.understood ? answer : null;
}

function evaluate(requirement: Requirement, facts: RequirementFacts, state: { understood: boolean }): Answer {
  switch (requirement.op) {
    case "never":
    case "unknown-false":
      return false;
    case "always":
      return true;
    case "identifier":
      return facts.identifier === null ? null : facts.identifier === requirement.value.toString("utf8");
    case "cdhash":
      return facts.cdhashes.includes(requirement.hash.toString("hex"));
    case "anchor-apple-generic":
      return facts.appleAnchored;
    case "anchor-apple":
      return facts.appleAnchored && signedByApple(facts.chain);
    case "certificate-hash":
      return certificateAt(facts.chain, requirement.certificate)?.sha1 === requirement.hash.toString("hex");
    case "and": {
      const both = [evaluate(requirement.left, facts, state), evaluate(requirement.right, facts, state)];
      if (both.includes(false)) return false;
      return both.includes(null) ? null : true;
    }
    case "or":
      return anyOf([evaluate(requirement.left, facts, state), evaluate(requirement.right, facts, state)]);
    case "not": {
      const answer = evaluate(requirement.of, facts, state);
      return answer === null ? null : !answer;
    }
    case "info":
      return facts.infoPlist === null ? null : entryMatches(facts.infoPlist, requirement.key, requirement.match);
    case "entitlement":
      return facts.entitlements === null ? null : entryMatches(facts.entitlements, requirement.key, requirement.match);
    case "certificate-subject": {
      const certificate = certificateAt(facts.chain, requirement.certificate);
      return certificate !== null && subjectMatches(certificate, requirement.key.toString("utf8"), requirement.match);
    }
    case "certificate-extension": {
      const certificate = certificateAt(facts.chain, requirement.certificate);
      return certificate !== null && presenceMatches(requirement.match, hasExtension(certificate, requirement.oid));
    }
    case "certificate-policy": {
      const certificate = certificateAt(facts.chain, requirement.certificate);
      return certificate !== null && presenceMatches(requirement.match, hasPolicy(certificate, requirement.oid));
    }
    case "platform":
      return facts.platform === null ? null : facts.platform === requirement.platform;
    case "notarized":
      return facts.notarized;
    // What an administrator trusts, what Apple ships beside macOS, and dates inside extensions are not at hand.
    case "anchor-trusted":
    case "certificate-trusted":
    case "named-anchor":
    case "named-code":
    case "certificate-date":
    case "legacy":
      return null;
    case "not-understood":
      state.understood = false;
      return null;
    default:
      return assertNever(requirement, "a requirement without a meaning");
  }
}

/** Negative numbers count from the root. Null when the chain is shorter. */
function certificateAt(chain: readonly Certificate[], index: number): Certificate | null {
  return chain[index < 0 ? chain.length + index : index] ?? null;
}

function signedByApple(chain: readonly Certificate[]): boolean {
  const intermediate = certificateAt(chain, -2);
  return (
    intermediate?.commonName === APPLE_INTERMEDIATE.commonName &&
    intermediate.organization === APPLE_INTERMEDIATE.organization
  );
}

function entryMatches(entries: NonNullable<RequirementFacts["infoPlist"]>, key: Buffer, match: Match): Answer {
  return matches(match, entries.get(key.toString("utf8")));
}

function subjectMatches(certificate: Certificate, key: string, match: Match): Answer {
  // Mail addresses may also stand in an extension.
  if (key === "email") return null;
  const oid = SUBJECT_OIDS.get(key);
  if (oid === undefined) return false;
  const values = certificate.subject.get(oid) ?? [];
  const [first, ...others] = values.map((value) => matches(match, value));
  if (first === undefined) return matches(match, undefined);
  // Which one macOS takes of several is not known here.
  return others.every((answer) => answer === first) ? first : null;
}

function presenceMatches(match: Match, present: Answer): Answer {
  return present === null ? null : matches(match, present ? true : undefined);
}

function hasExtension(certificate: Certificate, oid: Buffer): boolean {
  const read = attempt(() => oidText(oid));
  return "value" in read && certificate.extensions.has(read.value);
}

/** RFC 5280 section 4.2.1.4. */
function hasPolicy(certificate: Certificate, oid: Buffer): Answer {
  const extension = certificate.extensions.get(CERTIFICATE_POLICIES);
  if (extension === undefined) return false;
  const read = attempt(() =>
    sequence(readDer(extension)).some((policy) => {
      const [id] = children(policy);
      return isUniversal(id, TAG.oid) && id.content.equals(oid);
    }),
  );
  return "value" in read ? read.value : null;
}
