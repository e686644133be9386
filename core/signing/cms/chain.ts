import type { Anchors } from "./anchors.ts";
import { publicKeyOf, schemeOfCertificate, signatureHolds } from "./algorithms.ts";
import type { ParsedCertificate } from "./certificate.ts";
import { Lru } from "./lru.ts";

/** Where a chain ends, and what that says. */
export type ChainEnd =
  /** At a believed root: every signature in it is good. */
  | "anchored"
  /** The signer vouches for itself. */
  | "self-signed"
  /** At a root that nobody here believes. */
  | "foreign-root"
  /** At a certificate whose issuer is not there. */
  | "incomplete"
  /** At a certificate that none of those with its issuer's name has signed. */
  | "bad-signature";

export interface Chain {
  /** Leaf first. */
  certificates: ParsedCertificate[];
  end: ChainEnd;
}

/** Certificates in a chain; Apple's have three, timestamps' too. */
const MAX_CHAIN = 8;
/** Issuers tried altogether, so that look-alikes cannot multiply. */
const MAX_TRIES = 32;

/** The better end first: what is shown when several chains can be built. */
const PREFERENCE: readonly ChainEnd[] = ["anchored", "self-signed", "foreign-root", "bad-signature", "incomplete"];

/**
 * Looks for a chain from `leaf` to one of `anchors` through the certificates at hand; each step needs the issuer's name and a
 * good signature. When there is none, the best of the others is given, for showing.
 */
export function buildChain(leaf: ParsedCertificate, pool: readonly ParsedCertificate[], anchors: Anchors): Chain {
  const budget = { tries: MAX_TRIES };
  return extend([leaf], pool, anchors, budget);
}

function extend(
  path: ParsedCertificate[],
  pool: readonly ParsedCertificate[],
  anchors: Anchors,
  budget: { tries: number },
): Chain {
  const last = path.at(-1);
  if (last === undefined) return { certificates: path, end: "incomplete" };
  if (anchors.anchorBySha256(last.sha256) !== null) return { certificates: path, end: "anchored" };
  if (last.issuerName.equals(last.subjectName) && isIssuedBy(last, last))
    return { certificates: path, end: path.length === 1 ? "self-signed" : "foreign-root" };
  const candidates = issuersByName(last, path, pool, anchors);
  let best: Chain | null = null;
  for (const issuer of candidates) {
    if (budget.tries === 0 || path.length >= MAX_CHAIN) break;
    budget.tries -= 1;
    if (!isIssuedBy(last, issuer)) continue;
    const chain = extend([...path, issuer], pool, anchors, budget);
    if (chain.end === "anchored") return chain;
    if (best === null || PREFERENCE.indexOf(chain.end) < PREFERENCE.indexOf(best.end)) best = chain;
  }
  return best ?? { certificates: path, end: candidates.length > 0 ? "bad-signature" : "incomplete" };
}

/** Anchors first; then those whose key identifier is the one that is named. */
function issuersByName(
  of: ParsedCertificate,
  path: readonly ParsedCertificate[],
  pool: readonly ParsedCertificate[],
  anchors: Anchors,
): ParsedCertificate[] {
  const embedded = pool.filter((one) => one.subjectName.equals(of.issuerName) && !path.includes(one));
  const hasNamedKey = (one: ParsedCertificate): boolean =>
    of.authorityKeyId !== null && one.subjectKeyId !== null && one.subjectKeyId.equals(of.authorityKeyId);
  const named = embedded.filter(hasNamedKey);
  const others = embedded.filter((one) => !hasNamedKey(one));
  return [...new Set([...anchors.withSubject(of.issuerName), ...named, ...others])];
}

const verified = new Lru<boolean>(512);

/** Whether `issuer`'s key made the signature on `certificate`. Kept by the hashes of both. */
function isIssuedBy(certificate: ParsedCertificate, issuer: ParsedCertificate): boolean {
  return verified.getOr(`${certificate.sha256} ${issuer.sha256}`, () => {
    const scheme = schemeOfCertificate(certificate.signatureAlgorithm);
    const key = publicKeyOf(issuer);
    return scheme !== null && key !== null && signatureHolds(scheme, key, certificate.tbs, certificate.signature);
  });
}
