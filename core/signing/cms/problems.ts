import type { Problem } from "#contract/inspection.ts";
import { Malformed } from "../problem.ts";

/** Strict failures of the CMS signature, its chain and its timestamp: with any of them the signature is invalid. */
export const CMS_PROBLEMS = {
  "cms-too-large": "The signer's part of the signature is larger than any real one.",
  "cms-not-signed-data": "The signer's part of the signature is not a CMS signature.",
  "cms-content-type": "The CMS signature is over another kind of content than code.",
  "cms-content-embedded": "The CMS signature brings its own content instead of covering the code's.",
  "cms-no-signer": "The CMS signature has no signer.",
  "cms-several-signers": "The CMS signature has more than one signer.",
  "cms-signer-certificate-missing": "The certificate of the signer is not in the signature.",
  "cms-unknown-algorithm": "The CMS signature uses an algorithm or a key that macOS does not sign code with.",
  "cms-duplicate-attribute": "The CMS signature states the same attribute twice.",
  "cms-attribute-missing": "The CMS signature lacks an attribute that every signature must state.",
  "cms-digest-mismatch": "The CMS signature covers other code: its digest is not that of the CodeDirectory.",
  "cms-signature-mismatch": "The CMS signature does not verify with the signer's key.",
  "cms-cdhashes-mismatch": "The signer signed other CodeDirectories than the ones that are there.",
  "cms-alternate-not-covered": "It has further CodeDirectories that the signer did not sign.",
  "certificate-unreadable": "The signer's certificate is malformed.",
  "chain-bad-signature": "A certificate of the signer's chain was not signed by the one it names as its issuer.",
  "chain-issuer-not-authority":
    "A certificate of the signer's chain was issued by one that may not issue certificates.",
  "chain-path-too-long": "The signer's chain is longer than one of its authorities allows.",
  "certificate-critical-extension": "A certificate of the chain sets a condition that is not known here.",
  "leaf-not-for-signing": "The signer's certificate may not be used for signatures.",
  "leaf-not-for-code-signing": "The signer's certificate was not issued for signing code.",
  "leaf-expired-at-timestamp": "The signer's certificate had expired when the signature was made.",
  "chain-expired-at-timestamp": "A certificate of the signer's chain had expired when the signature was made.",
  "not-yet-valid-at-timestamp": "A certificate of the signer's chain was not yet valid when the signature was made.",
  "team-mismatch": "The code claims another team than the one that its signer's certificate names.",
  "timestamp-malformed": "The signature's timestamp is malformed.",
  "timestamp-several": "The signature carries more than one timestamp.",
  "timestamp-imprint-mismatch": "The timestamp is for another signature.",
  "timestamp-signature-mismatch": "The timestamp's own signature does not verify.",
  "timestamp-not-for-timestamping": "The timestamp was signed with a certificate that was not issued for timestamps.",
  "timestamp-not-apple": "The timestamp is not from Apple's authority.",
  "timestamp-certificate-expired": "The timestamp states a time at which its authority's certificates were not valid.",
} as const;

/** What a reader must know about a signature that may still be good. */
export const CMS_NOTES = {
  "cms-sha1": "The signature uses SHA-1, as signatures did until about 2018: it is old, not broken by that.",
  "cms-trailing-bytes": "Bytes that belong to nothing follow the CMS signature.",
  "certificates-unreadable":
    "Some of the certificates that the signature carries are malformed; the chain does not need them.",
  "chain-foreign-root": "It carries a root certificate with the name of Apple's that is not Apple's.",
  "expired-valid-at-timestamp":
    "A certificate of the chain has expired; it was valid when the signature was made, says the timestamp.",
  "expired-no-timestamp":
    "A certificate of the chain has expired, and no timestamp proves that the signature is older. macOS accepts that.",
  "not-yet-valid": "A certificate of the chain is not valid yet, or the clock used here is wrong.",
  "timestamp-in-future": "The timestamp lies in the future, or the clock used here is wrong.",
  "team-not-proved": "The team is only claimed: no certificate of Apple's stands behind it.",
  "chain-purpose-unknown": "Apple issued the certificate, but not for a kind of code signing that is known here.",
  "ios-distribution":
    "The certificate is for distributing iOS apps: through the App Store or inside a company, which it does not tell.",
} as const;

export type CmsProblem = keyof typeof CMS_PROBLEMS;
export type CmsNote = keyof typeof CMS_NOTES;

export function cmsProblem(id: CmsProblem): Problem {
  return { id, message: CMS_PROBLEMS[id] };
}

export function cmsNote(id: CmsNote): Problem {
  return { id, message: CMS_NOTES[id] };
}

export function cmsFault(id: CmsProblem): Malformed {
  return new Malformed(id, CMS_PROBLEMS[id]);
}
