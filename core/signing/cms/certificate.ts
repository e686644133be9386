import { hash } from "node:crypto";
import {
  children,
  type DerElement,
  isContext,
  isUniversal,
  octets,
  readDer,
  readOnlyDer,
  sequence,
  setOf,
  TAG,
} from "../der/reader.ts";
import { bitString, boolean, integerHex, oid, smallInteger, text, time } from "../der/values.ts";
import type { Certificate } from "../signer.ts";
import { Lru } from "./lru.ts";
import { OID } from "./oids.ts";
import { cmsFault } from "./problems.ts";

/** What a chain is checked by, beyond what is shown. Buffers hold DER. */
export interface ParsedCertificate extends Certificate {
  issuerName: Buffer;
  subjectName: Buffer;
  /** The INTEGER's bytes, as it stands. */
  serialBytes: Buffer;
  /** What the issuer signed. */
  tbs: Buffer;
  signatureAlgorithm: string;
  signature: Buffer;
  publicKeyInfo: Buffer;
  criticalExtensions: readonly string[];
  subjectKeyId: Buffer | null;
  authorityKeyId: Buffer | null;
  /** Null without the extension. */
  basicConstraints: { authority: boolean; pathLength: number | null } | null;
  /** Bit 0 of RFC 5280's list is the highest bit of the first byte; null without the extension. */
  keyUsage: Buffer | null;
}

const MAX_CERTIFICATE = 64 * 1024;
const MAX_EXTENSIONS = 100;
const MAX_NAME_PARTS = 50;
const MAX_NAME = 400;
const parsed = new Lru<ParsedCertificate>(256);

/** Reads an X.509 certificate (RFC 5280). Nothing is verified. @throws Malformed */
export function parseCertificate(der: Buffer): ParsedCertificate {
  if (der.length > MAX_CERTIFICATE) throw cmsFault("certificate-unreadable");
  const sha256 = hash("sha256", der, "hex");
  // A copy: what is kept must not hold on to the file that it came from.
  return parsed.getOr(sha256, () => readCertificate(Buffer.from(der), sha256));
}

function readCertificate(der: Buffer, sha256: string): ParsedCertificate {
  const [tbs, algorithm, signature] = sequence(readOnlyDer(der));
  const parts = sequence(tbs);
  if (isContext(parts[0], 0)) parts.shift();
  const [serial, innerAlgorithm, issuer, validity, subject, publicKeyInfo, ...rest] = parts;
  const [notBefore, notAfter] = sequence(validity);
  if (tbs === undefined || algorithm === undefined || innerAlgorithm === undefined || serial === undefined)
    throw cmsFault("certificate-unreadable");
  if (issuer === undefined || subject === undefined || publicKeyInfo === undefined)
    throw cmsFault("certificate-unreadable");
  // RFC 5280 section 4.1.1.2: the algorithm outside the signed part must be the one inside it.
  if (!algorithm.bytes.equals(innerAlgorithm.bytes)) throw cmsFault("certificate-unreadable");
  const issuerParts = readName(issuer);
  const subjectParts = readName(subject);
  const { extensions, critical } = readExtensions(rest.find((element) => isContext(element, 3)));
  return {
    der,
    sha1: hash("sha1", der, "hex"),
    sha256,
    commonName: subjectParts.get(OID.commonName)?.at(-1) ?? null,
    organization: subjectParts.get(OID.organization)?.at(-1) ?? null,
    organizationalUnit: subjectParts.get(OID.organizationalUnit)?.at(-1) ?? null,
    subject: subjectParts,
    issuer: issuerParts.get(OID.commonName)?.at(-1) ?? nameText(issuerParts),
    serial: integerHex(serial),
    notBefore: time(notBefore),
    notAfter: time(notAfter),
    extensions,
    extendedKeyUsage: optional(extensions.get(OID.extendedKeyUsage), (value) => sequence(value).map(oid)) ?? [],
    issuerName: issuer.bytes,
    subjectName: subject.bytes,
    serialBytes: serial.content,
    tbs: tbs.bytes,
    signatureAlgorithm: oid(sequence(algorithm)[0]),
    signature: bitString(signature),
    publicKeyInfo: publicKeyInfo.bytes,
    criticalExtensions: critical,
    subjectKeyId: optional(extensions.get(OID.subjectKeyId), octets),
    authorityKeyId: optional(extensions.get(OID.authorityKeyId), readAuthorityKeyId),
    basicConstraints: optional(extensions.get(OID.basicConstraints), readBasicConstraints),
    keyUsage: optional(extensions.get(OID.keyUsage), (value) => bitString(value, "bits")),
  };
}

function optional<T>(value: Buffer | undefined, read: (element: DerElement) => T): T | null {
  return value === undefined ? null : read(readDer(value));
}

function readName(name: DerElement): ReadonlyMap<string, readonly string[]> {
  const attributes = sequence(name).flatMap(setOf);
  if (attributes.length > MAX_NAME_PARTS) throw cmsFault("certificate-unreadable");
  const found = new Map<string, string[]>();
  for (const attribute of attributes) {
    const [kind, value] = sequence(attribute);
    const key = oid(kind);
    const texts = found.get(key) ?? [];
    texts.push(text(value) ?? "");
    found.set(key, texts);
  }
  return found;
}

const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  [OID.commonName, "CN"],
  [OID.country, "C"],
  [OID.organization, "O"],
  [OID.organizationalUnit, "OU"],
]);

function nameText(name: ReadonlyMap<string, readonly string[]>): string {
  const parts = [...name].flatMap(([key, values]) => values.map((value) => `${SHORT_NAMES.get(key) ?? key}=${value}`));
  return parts.join(", ").slice(0, MAX_NAME).toWellFormed();
}

function readExtensions(wrapper: DerElement | undefined): { extensions: Map<string, Buffer>; critical: string[] } {
  const extensions = new Map<string, Buffer>();
  const critical: string[] = [];
  if (wrapper === undefined) return { extensions, critical };
  const list = sequence(children(wrapper)[0]);
  if (list.length > MAX_EXTENSIONS) throw cmsFault("certificate-unreadable");
  for (const extension of list) {
    const [kind, second, third] = sequence(extension);
    const key = oid(kind);
    if (extensions.has(key)) throw cmsFault("certificate-unreadable");
    const flagged = isUniversal(second, TAG.boolean);
    if (flagged && boolean(second)) critical.push(key);
    extensions.set(key, octets(flagged ? third : second));
  }
  return { extensions, critical };
}

function readAuthorityKeyId(value: DerElement): Buffer | null {
  return sequence(value).find((element) => isContext(element, 0))?.content ?? null;
}

function readBasicConstraints(value: DerElement): { authority: boolean; pathLength: number | null } {
  const parts = sequence(value);
  const authority = isUniversal(parts[0], TAG.boolean) && boolean(parts[0]);
  const length = parts.find((element) => isUniversal(element, TAG.integer));
  return { authority, pathLength: length === undefined ? null : smallInteger(length) };
}
