import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Micros } from "#core/base/clock.ts";
import { parseTime } from "#core/base/time.ts";
import { bits, boolean, context, integer, NULL, octets, oid, sequence, set, utcTime, utf8 } from "./der.ts";

export type Digest = "sha1" | "sha256" | "sha384";
export type KeyKind = "rsa" | "ec";

/** Someone who can sign: a certificate and its key. */
export interface Identity {
  der: Buffer;
  /** The subject, as DER. */
  name: Buffer;
  /** The issuer, as DER. */
  issuerName: Buffer;
  /** An INTEGER, as DER. */
  serial: Buffer;
  key: KeyObject;
  kind: KeyKind;
}

export interface Name {
  commonName: string;
  organization?: string;
  organizationalUnit?: string;
}

export interface CertificateSpec {
  /** The same `keyName` and kind is the same key within a process. */
  keyName: string;
  kind?: KeyKind;
  subject: Name;
  /** Absent: it signs itself. */
  issuer?: Identity;
  isAuthority?: boolean;
  notBefore?: Micros;
  notAfter?: Micros;
  /** Dotted OIDs with the extension's value; an empty one is NULL, as Apple's markers are. */
  extensions?: Readonly<Record<string, Buffer>>;
  /** Dotted OIDs. */
  extendedKeyUsage?: readonly string[];
  digest?: Digest;
}

export const VALID_FROM = time("2021-03-01T00:00:00Z");
export const VALID_UNTIL = time("2039-03-01T00:00:00Z");

export function time(text: string): Micros {
  const at = parseTime(text);
  if (at === null) throw new Error(`${text} is no time`);
  return at;
}

/** Random keys, made when first asked for: nothing that a test asserts depends on them. */
const keys = new Map<string, { publicKey: KeyObject; privateKey: KeyObject }>();

function keyPair(name: string, kind: KeyKind): { publicKey: KeyObject; privateKey: KeyObject } {
  const id = `${kind} ${name}`;
  let pair = keys.get(id);
  if (!pair) {
    pair =
      kind === "rsa"
        ? generateKeyPairSync("rsa", { modulusLength: 2048 })
        : generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    keys.set(id, pair);
  }
  return pair;
}

const SIGNATURE_OIDS: Record<KeyKind, Record<Digest, string>> = {
  rsa: { sha1: "1.2.840.113549.1.1.5", sha256: "1.2.840.113549.1.1.11", sha384: "1.2.840.113549.1.1.12" },
  ec: { sha1: "1.2.840.10045.4.1", sha256: "1.2.840.10045.4.3.2", sha384: "1.2.840.10045.4.3.3" },
};

/** AlgorithmIdentifier of a signature (RFC 3279, RFC 4055, RFC 5758). */
export function signatureAlgorithm(kind: KeyKind, digest: Digest): Buffer {
  const id = oid(SIGNATURE_OIDS[kind][digest]);
  return kind === "rsa" ? sequence(id, NULL) : sequence(id);
}

export function signBytes(identity: Identity, digest: Digest, bytes: Buffer): Buffer {
  return sign(digest, bytes, identity.key);
}

/** An X.509 version 3 certificate (RFC 5280). */
export function certificate(spec: CertificateSpec): Identity {
  const { kind = "ec", digest = "sha256", issuer } = spec;
  const { publicKey, privateKey } = keyPair(spec.keyName, kind);
  const name = writeName(spec.subject);
  const spki = publicKey.export({ type: "spki", format: "der" });
  const serial = integer(createHash("sha256").update(spec.keyName).update(spki).digest().subarray(0, 8));
  const issuerName = issuer?.name ?? name;
  const issuerKind = issuer?.kind ?? kind;
  const toSign = sequence(
    context(0, integer(2)),
    serial,
    signatureAlgorithm(issuerKind, digest),
    issuerName,
    sequence(utcTime(spec.notBefore ?? VALID_FROM), utcTime(spec.notAfter ?? VALID_UNTIL)),
    name,
    spki,
    context(3, sequence(...extensionsOf(spec))),
  );
  const signature = sign(digest, toSign, issuer?.key ?? privateKey);
  const der = sequence(toSign, signatureAlgorithm(issuerKind, digest), bits(signature));
  return { der, name, issuerName, serial, key: privateKey, kind };
}

function extensionsOf(spec: CertificateSpec): Buffer[] {
  const list = [
    extension("2.5.29.19", spec.isAuthority ? sequence(boolean(true)) : sequence(), true),
    extension("2.5.29.15", spec.isAuthority ? KEY_CERT_SIGN : DIGITAL_SIGNATURE, true),
  ];
  const usages = spec.extendedKeyUsage ?? (spec.isAuthority ? [] : [CODE_SIGNING]);
  if (usages.length > 0) list.push(extension("2.5.29.37", sequence(...usages.map(oid)), true));
  for (const [id, value] of Object.entries(spec.extensions ?? {}))
    list.push(extension(id, value.length > 0 ? value : NULL, false));
  return list;
}

/** Key usages as BIT STRINGs with their unused bits counted (RFC 5280 4.2.1.3). */
const DIGITAL_SIGNATURE = Buffer.from([3, 2, 7, 0x80]);
const KEY_CERT_SIGN = Buffer.from([3, 2, 1, 0x06]);

/** Extended key usages (RFC 5280 4.2.1.12). */
export const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
export const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

function extension(id: string, value: Buffer, critical: boolean): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}

function writeName(name: Name): Buffer {
  const attributes: [string, string | undefined][] = [
    ["2.5.4.3", name.commonName],
    ["2.5.4.11", name.organizationalUnit],
    ["2.5.4.10", name.organization],
  ];
  return sequence(
    ...attributes.flatMap(([id, text]) => (text === undefined ? [] : [set(sequence(oid(id), utf8(text)))])),
  );
}
