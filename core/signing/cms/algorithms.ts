import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { type DerElement, readDer, sequence, TAG } from "../der/reader.ts";
import { bitString, integerHex, oid } from "../der/values.ts";
import { attempt } from "../problem.ts";
import type { ParsedCertificate } from "./certificate.ts";
import { Lru } from "./lru.ts";
import { OID } from "./oids.ts";

export type Digest = "sha1" | "sha256" | "sha384" | "sha512";
export interface SignatureScheme {
  key: "rsa" | "ec";
  digest: Digest;
}

const DIGESTS: ReadonlyMap<string, Digest> = new Map([
  [OID.sha1, "sha1"],
  [OID.sha256, "sha256"],
  [OID.sha384, "sha384"],
  [OID.sha512, "sha512"],
]);

const SCHEMES: ReadonlyMap<string, SignatureScheme> = new Map([
  [OID.sha1WithRsa, { key: "rsa", digest: "sha1" }],
  [OID.sha256WithRsa, { key: "rsa", digest: "sha256" }],
  [OID.sha384WithRsa, { key: "rsa", digest: "sha384" }],
  [OID.sha512WithRsa, { key: "rsa", digest: "sha512" }],
  [OID.ecdsaWithSha1, { key: "ec", digest: "sha1" }],
  [OID.ecdsaWithSha256, { key: "ec", digest: "sha256" }],
  [OID.ecdsaWithSha384, { key: "ec", digest: "sha384" }],
  [OID.ecdsaWithSha512, { key: "ec", digest: "sha512" }],
]);

const CURVES: ReadonlySet<string> = new Set([OID.p256, OID.p384, OID.p521]);
/** Bits of a modulus: what Apple issued is 2048 or 4096; larger keys only cost time. */
const MIN_RSA_BITS = 1024;
const MAX_RSA_BITS = 8192;
/** Public exponents above 32 bits make a verification slow, and no real key has one. */
const MAX_EXPONENT_HEX = 8;

/** Null for what code is not signed with, MD5 among it. */
export function digestOf(algorithm: string): Digest | null {
  return DIGESTS.get(algorithm) ?? null;
}

/** Of a certificate: the OID says it all. */
export function schemeOfCertificate(algorithm: string): SignatureScheme | null {
  return SCHEMES.get(algorithm) ?? null;
}

/** Of a CMS signer, which may name only the key's kind and the digest beside it. Null when the two do not fit. */
export function schemeOfSigner(algorithm: string, digestAlgorithm: string): SignatureScheme | null {
  const digest = digestOf(digestAlgorithm);
  if (digest === null) return null;
  if (algorithm === OID.rsa) return { key: "rsa", digest };
  if (algorithm === OID.ec) return { key: "ec", digest };
  const scheme = SCHEMES.get(algorithm);
  return scheme?.digest === digest ? scheme : null;
}

const NO_KEY = Symbol("no usable key");
const keys = new Lru<KeyObject | typeof NO_KEY>(256);

/** A certificate's public key; null when it is of a kind or size that code is not signed with. */
export function publicKeyOf(certificate: ParsedCertificate): KeyObject | null {
  const key = keys.getOr(certificate.sha256, () => readPublicKey(certificate.publicKeyInfo) ?? NO_KEY);
  return key === NO_KEY ? null : key;
}

function readPublicKey(publicKeyInfo: Buffer): KeyObject | null {
  const usable = attempt(() => isUsableKey(publicKeyInfo));
  if (!("value" in usable) || !usable.value) return null;
  try {
    return createPublicKey({ key: publicKeyInfo, format: "der", type: "spki" });
  } catch {
    // OpenSSL refuses points that are not on their curve, among other things.
    return null;
  }
}

/** Looked at before OpenSSL sees it: curves and exponents of a hostile key's own choosing cost time. */
function isUsableKey(publicKeyInfo: Buffer): boolean {
  const [algorithm, key] = sequence(readDer(publicKeyInfo));
  const [kind, parameters] = sequence(algorithm);
  switch (oid(kind)) {
    case OID.rsa:
      return isUsableRsa(sequence(readDer(bitString(key))));
    case OID.ec:
      return parameters?.tag === TAG.oid && CURVES.has(oid(parameters));
    default:
      return false;
  }
}

function isUsableRsa([modulus, exponent]: DerElement[]): boolean {
  const bits = integerHex(modulus).length * 4;
  return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS && integerHex(exponent).length <= MAX_EXPONENT_HEX;
}

/** Whether `signature` over `data` was made with the key; false also for a key of another kind. Never throws. */
export function signatureHolds(scheme: SignatureScheme, key: KeyObject, data: Buffer, signature: Buffer): boolean {
  if (key.asymmetricKeyType !== scheme.key) return false;
  try {
    return verify(scheme.digest, data, key, signature);
  } catch {
    return false;
  }
}
