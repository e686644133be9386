import type { Problem } from "#contract/inspection.ts";
import type { Micros } from "#core/base/clock.ts";
import type { ParsedCertificate } from "./certificate.ts";
import type { Chain } from "./chain.ts";
import { APPLE_EXTENSIONS, OID } from "./oids.ts";
import { type CmsProblem, cmsNote, cmsProblem } from "./problems.ts";

/** Critical extensions that are judged here or change nothing here (policies, names of places). */
const KNOWN_CRITICAL: ReadonlySet<string> = new Set([
  OID.basicConstraints,
  OID.keyUsage,
  OID.extendedKeyUsage,
  OID.subjectKeyId,
  OID.authorityKeyId,
  "2.5.29.17",
  "2.5.29.32",
]);
const DIGITAL_SIGNATURE = 0x80;
const KEY_CERT_SIGN = 0x04;

/** What RFC 5280 asks of the certificates of a chain, apart from their signatures and dates. */
export function chainProblems(chain: Chain): Problem[] {
  const { certificates } = chain;
  const found = new Set<CmsProblem>();
  if (chain.end === "bad-signature") found.add("chain-bad-signature");
  const [leaf] = certificates;
  if (leaf !== undefined && !mayUse(leaf, DIGITAL_SIGNATURE)) found.add("leaf-not-for-signing");
  for (const [place, certificate] of certificates.entries()) {
    const isAnchor = chain.end === "anchored" && place === certificates.length - 1;
    if (isAnchor) continue;
    if (certificate.criticalExtensions.some((id) => !KNOWN_CRITICAL.has(id) && !id.startsWith(APPLE_EXTENSIONS)))
      found.add("certificate-critical-extension");
    if (place === 0) continue;
    const { basicConstraints } = certificate;
    if (basicConstraints?.authority !== true || !mayUse(certificate, KEY_CERT_SIGN))
      found.add("chain-issuer-not-authority");
    const limit = basicConstraints?.pathLength ?? null;
    if (limit !== null && intermediatesBelow(certificates, place) > limit) found.add("chain-path-too-long");
  }
  return [...found].map(cmsProblem);
}

function mayUse(certificate: ParsedCertificate, bit: number): boolean {
  return certificate.keyUsage === null || ((certificate.keyUsage[0] ?? 0) & bit) !== 0;
}

/** RFC 5280 section 4.2.1.9: the leaf and what an authority issued to itself do not count. */
function intermediatesBelow(certificates: readonly ParsedCertificate[], place: number): number {
  return certificates.slice(1, place).filter((one) => !one.issuerName.equals(one.subjectName)).length;
}

/**
 * Judges the chain's dates as macOS does: at the verified timestamp where there is one; without one, what has expired is
 * tolerated and only noted (Security, StaticCode.cpp).
 */
export function datesOf(
  chain: Chain,
  timestamp: Micros | null,
  now: Micros,
): { problems: Problem[]; notes: Problem[] } {
  const { certificates } = chain;
  const expiredAt = (at: Micros) => certificates.findIndex((one) => one.notAfter < at);
  const early = (at: Micros) => certificates.some((one) => one.notBefore > at);
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  if (timestamp === null) {
    if (expiredAt(now) !== -1) notes.push(cmsNote("expired-no-timestamp"));
    if (early(now)) notes.push(cmsNote("not-yet-valid"));
    return { problems, notes };
  }
  const expired = expiredAt(timestamp);
  if (expired !== -1)
    problems.push(cmsProblem(expired === 0 ? "leaf-expired-at-timestamp" : "chain-expired-at-timestamp"));
  else if (expiredAt(now) !== -1) notes.push(cmsNote("expired-valid-at-timestamp"));
  if (early(timestamp)) problems.push(cmsProblem("not-yet-valid-at-timestamp"));
  if (timestamp > now) notes.push(cmsNote("timestamp-in-future"));
  return { problems, notes };
}

/** Whether every certificate of the chain was valid at a time. */
export function isValidAt(chain: Chain, at: Micros): boolean {
  return chain.certificates.every((one) => one.notBefore <= at && at <= one.notAfter);
}
