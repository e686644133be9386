import { hash } from "node:crypto";
import { octets } from "../der/reader.ts";
import { oid } from "../der/values.ts";
import { type Digest, digestOf, publicKeyOf, schemeOfSigner, signatureHolds } from "./algorithms.ts";
import type { ParsedCertificate } from "./certificate.ts";
import { OID } from "./oids.ts";
import type { CmsProblem } from "./problems.ts";
import { onlyValue, type SignerInfo } from "./signed-data.ts";

/** What is signed, and its digests: the caller may know one already. */
export interface SignedContent {
  type: string;
  bytes: Buffer;
  digest(kind: Digest): Buffer;
}

export function contentOf(type: string, bytes: Buffer): SignedContent {
  return { type, bytes, digest: (kind) => hash(kind, bytes, "buffer") };
}

/**
 * Whether a signer signed a content (RFC 5652 section 5.6).
 * @returns null when it did, else what is wrong
 * @throws Malformed
 */
export function signatureProblem(
  signer: SignerInfo,
  certificate: ParsedCertificate,
  content: SignedContent,
): CmsProblem | null {
  const scheme = schemeOfSigner(signer.signatureAlgorithm, signer.digestAlgorithm);
  const digest = digestOf(signer.digestAlgorithm);
  const key = publicKeyOf(certificate);
  if (scheme === null || digest === null || key?.asymmetricKeyType !== scheme.key) return "cms-unknown-algorithm";
  const { signed } = signer;
  if (signed === null)
    return signatureHolds(scheme, key, content.bytes, signer.signature) ? null : "cms-signature-mismatch";
  const stated = onlyValue(signed.attributes, OID.messageDigest);
  const type = onlyValue(signed.attributes, OID.contentType);
  if (stated === null || type === null) return "cms-attribute-missing";
  if (oid(type) !== content.type) return "cms-content-type";
  if (!octets(stated).equals(content.digest(digest))) return "cms-digest-mismatch";
  return signatureHolds(scheme, key, signed.bytes, signer.signature) ? null : "cms-signature-mismatch";
}
