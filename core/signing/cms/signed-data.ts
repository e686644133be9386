import {
  children,
  type DerElement,
  isContext,
  isUniversal,
  joinOctets,
  octets,
  readDer,
  sequence,
  setOf,
  TAG,
} from "../der/reader.ts";
import { oid } from "../der/values.ts";
import { attempt } from "../problem.ts";
import { type ParsedCertificate, parseCertificate } from "./certificate.ts";
import { OID } from "./oids.ts";
import { cmsFault } from "./problems.ts";

/** Values by attribute; no attribute stands twice. */
export type Attributes = ReadonlyMap<string, readonly DerElement[]>;

/** RFC 5652 section 5.3. */
export interface SignerInfo {
  /** By issuer (a whole DER name) and serial number, or by key identifier. */
  certificate: { issuer: Buffer; serial: Buffer } | { keyId: Buffer };
  digestAlgorithm: string;
  signatureAlgorithm: string;
  /** Null: the signature is over the content itself. */
  signed: { attributes: Attributes; bytes: Buffer } | null;
  signature: Buffer;
  unsigned: Attributes;
}

/** RFC 5652 section 5.1, taken apart and not yet believed. */
export interface SignedData {
  contentType: string;
  /** Null when the signature is detached. */
  content: Buffer | null;
  certificates: ParsedCertificate[];
  /** Certificates that are malformed. */
  unreadable: number;
  signers: SignerInfo[];
  /** Bytes after it. */
  trailing: number;
}

/** Of what is embedded; Apple's signatures carry three. */
const MAX_CERTIFICATES = 64;
const MAX_SIGNERS = 16;
const MAX_ATTRIBUTES = 200;
const SET_TAG = 0x31;

/** @throws Malformed */
export function readSignedData(bytes: Buffer): SignedData {
  const outer = readDer(bytes);
  const [kind, wrapped] = sequence(outer);
  if (oid(kind) !== OID.signedData || !isContext(wrapped, 0)) throw cmsFault("cms-not-signed-data");
  const parts = sequence(children(wrapped)[0]);
  const [, , encapsulated, ...rest] = parts;
  const [contentType, content] = sequence(encapsulated);
  const signers = setOf(rest.find((part) => isUniversal(part, TAG.set)));
  if (signers.length > MAX_SIGNERS) throw cmsFault("cms-several-signers");
  return {
    contentType: oid(contentType),
    content: isContext(content, 0) ? octets(children(content)[0]) : null,
    ...readCertificates(rest.find((part) => isContext(part, 0))),
    signers: signers.map(readSigner),
    trailing: bytes.length - outer.bytes.length,
  };
}

function readCertificates(list: DerElement | undefined): { certificates: ParsedCertificate[]; unreadable: number } {
  if (list === undefined) return { certificates: [], unreadable: 0 };
  const all = children(list);
  if (all.length > MAX_CERTIFICATES) throw cmsFault("cms-too-large");
  const read = all.map((element) => attempt(() => parseCertificate(element.bytes)));
  const certificates = read.flatMap((one) => ("value" in one ? [one.value] : []));
  return { certificates, unreadable: read.length - certificates.length };
}

function readSigner(signer: DerElement): SignerInfo {
  const [, id, digestAlgorithm, ...rest] = sequence(signer);
  const signed = isContext(rest[0], 0) ? rest.shift() : undefined;
  const [signatureAlgorithm, signature, unsigned] = rest;
  return {
    certificate: readSignerId(id),
    digestAlgorithm: oid(sequence(digestAlgorithm)[0]),
    signed: signed === undefined ? null : { attributes: readAttributes(signed), bytes: asSet(signed.content) },
    signatureAlgorithm: oid(sequence(signatureAlgorithm)[0]),
    signature: octets(signature),
    unsigned: isContext(unsigned, 1) ? readAttributes(unsigned) : new Map(),
  };
}

function readSignerId(id: DerElement | undefined): SignerInfo["certificate"] {
  if (isContext(id, 0)) return { keyId: joinOctets(id) };
  const [issuer, serial] = sequence(id);
  if (issuer === undefined || !isUniversal(serial, TAG.integer)) throw cmsFault("cms-not-signed-data");
  return { issuer: issuer.bytes, serial: serial.content };
}

function readAttributes(set: DerElement): Attributes {
  const all = children(set);
  if (all.length > MAX_ATTRIBUTES) throw cmsFault("cms-too-large");
  const attributes = new Map<string, readonly DerElement[]>();
  for (const attribute of all) {
    const [kind, values] = sequence(attribute);
    const key = oid(kind);
    if (attributes.has(key)) throw cmsFault("cms-duplicate-attribute");
    attributes.set(key, setOf(values));
  }
  return attributes;
}

/**
 * What is signed: the attributes as they stand under the tag of a SET (RFC 5652 section 5.4). Never sorted again: signatures
 * exist whose attributes are not in DER's order.
 */
function asSet(content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(SET_TAG, length), content]);
  const digits = length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
  const header = Buffer.of(SET_TAG, 0x80 | digits, 0, 0, 0, 0).subarray(0, 2 + digits);
  header.writeUIntBE(length, 2, digits);
  return Buffer.concat([header, content]);
}

/** The certificate that a signer names; null when it is not there. */
export function certificateOf(
  signer: SignerInfo,
  certificates: readonly ParsedCertificate[],
): ParsedCertificate | null {
  const { certificate: id } = signer;
  const isNamed = (one: ParsedCertificate): boolean =>
    "keyId" in id
      ? one.subjectKeyId?.equals(id.keyId) === true
      : one.serialBytes.equals(id.serial) && one.issuerName.equals(id.issuer);
  return certificates.find(isNamed) ?? null;
}

/** An attribute's only value; null without the attribute. @throws Malformed when it has none or several */
export function onlyValue(attributes: Attributes, attribute: string): DerElement | null {
  const values = attributes.get(attribute);
  if (values === undefined) return null;
  const [value] = values;
  if (value === undefined || values.length > 1) throw cmsFault("cms-duplicate-attribute");
  return value;
}
