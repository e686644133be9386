import { generateKeyPairSync, hash, type KeyObject, sign } from "node:crypto";
import type { Micros } from "#core/base/clock.ts";
import {
  bits,
  element,
  explicit,
  int,
  nothing,
  objectId,
  octet,
  seq,
  set,
  timeElement,
  utf8,
  yes,
} from "../der/der-writer.fixture.ts";
import { MARKER, OID } from "./oids.ts";

/** Certificates of a made-up authority, for tests: shaped like Apple's, signed by nobody's keys. */
export interface Identity {
  der: Buffer;
  /** The subject, as a whole DER name. */
  name: Buffer;
  serial: Buffer;
  keyId: Buffer;
  key: KeyPair;
}

export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export const utc = (text: string): Micros => Date.parse(text) * 1000;

const rsaKeys: KeyPair[] = [];
/** RSA keys take long to make: the tests share a few. */
export function rsaKey(which: number): KeyPair {
  for (let index = rsaKeys.length; index <= which; index += 1)
    rsaKeys.push(generateKeyPairSync("rsa", { modulusLength: 2048 }));
  return rsaKeys[which] ?? ecKey();
}
export const ecKey = (namedCurve = "P-256"): KeyPair => generateKeyPairSync("ec", { namedCurve });

export type DigestName = "sha1" | "sha256" | "sha384" | "sha512";
const RSA_OIDS = {
  sha1: OID.sha1WithRsa,
  sha256: OID.sha256WithRsa,
  sha384: OID.sha384WithRsa,
  sha512: OID.sha512WithRsa,
};
const EC_OIDS = {
  sha1: OID.ecdsaWithSha1,
  sha256: OID.ecdsaWithSha256,
  sha384: OID.ecdsaWithSha384,
  sha512: OID.ecdsaWithSha512,
};

export function algorithm(key: KeyPair, digest: DigestName): Buffer {
  return key.privateKey.asymmetricKeyType === "rsa"
    ? seq(objectId(RSA_OIDS[digest]), nothing())
    : seq(objectId(EC_OIDS[digest]));
}

export interface CertificatePlan {
  name: { cn?: string; o?: string; ou?: string };
  /** Signs itself without one. */
  issuer?: Identity;
  key?: KeyPair;
  serial?: number;
  notBefore?: Micros;
  notAfter?: Micros;
  /** An authority, with at most so many below it. */
  authority?: boolean;
  pathLength?: number;
  /** The first byte of the KeyUsage bits. */
  keyUsage?: number;
  purposes?: readonly string[];
  purposesCritical?: boolean;
  /** Extensions by which Apple marks a certificate's kind. */
  markers?: readonly string[];
  extensions?: readonly Buffer[];
  digest?: DigestName;
  /** Changes what was signed after it was signed. */
  tamper?: (der: Buffer) => Buffer;
}

let serials = 0x4100;

export function makeCertificate(plan: CertificatePlan): Identity {
  const key = plan.key ?? ecKey();
  serials += 1;
  const serial = int(plan.serial ?? serials);
  const name = nameOf(plan.name);
  const signer = plan.issuer ?? { key, name };
  const publicKeyInfo = key.publicKey.export({ format: "der", type: "spki" });
  const keyId = hash("sha1", publicKeyInfo, "buffer");
  const signature = algorithm(signer.key, plan.digest ?? "sha256");
  const tbs = seq(
    explicit(0, int(2)),
    serial,
    signature,
    signer.name,
    seq(timeElement(plan.notBefore ?? utc("2020-01-01")), timeElement(plan.notAfter ?? utc("2040-01-01"))),
    name,
    publicKeyInfo,
    explicit(3, seq(...extensionsOf(plan, keyId))),
  );
  const der = seq(tbs, signature, bits(sign(plan.digest ?? "sha256", tbs, signer.key.privateKey)));
  return { der: plan.tamper?.(der) ?? der, name, serial, keyId, key };
}

export function nameOf({ cn, o, ou }: CertificatePlan["name"]): Buffer {
  const part = (kind: string, text: string | undefined): Buffer[] =>
    text === undefined ? [] : [set(seq(objectId(kind), utf8(text)))];
  return seq(...part(OID.commonName, cn), ...part(OID.organizationalUnit, ou), ...part(OID.organization, o));
}

export function extension(kind: string, value: Buffer, critical = false): Buffer {
  return seq(objectId(kind), ...(critical ? [yes()] : []), octet(value));
}

function extensionsOf(plan: CertificatePlan, keyId: Buffer): Buffer[] {
  const found = [extension(OID.subjectKeyId, octet(keyId))];
  if (plan.issuer) found.push(extension(OID.authorityKeyId, seq(element(0x80, plan.issuer.keyId))));
  if (plan.authority === true)
    found.push(
      extension(
        OID.basicConstraints,
        seq(yes(), ...(plan.pathLength === undefined ? [] : [int(plan.pathLength)])),
        true,
      ),
    );
  if (plan.keyUsage !== undefined) found.push(extension(OID.keyUsage, bits(Buffer.of(plan.keyUsage)), true));
  if (plan.purposes)
    found.push(extension(OID.extendedKeyUsage, seq(...plan.purposes.map(objectId)), plan.purposesCritical ?? true));
  found.push(...(plan.markers ?? []).map((marker) => extension(marker, nothing(), true)));
  return [...found, ...(plan.extensions ?? [])];
}

export const SIGNS = 0x80;
export const CERTIFIES = 0x06;
const TEAM = "7QXW3N5R2K";

/** An authority with Apple's names and markers; its root is believed only by a test that says so. */
export function makeAppleLike() {
  const root = makeCertificate({
    name: { cn: "Example Root CA", o: "Example Inc." },
    key: rsaKey(0),
    authority: true,
    keyUsage: CERTIFIES,
  });
  const developerAuthority = makeCertificate({
    name: { cn: "Developer ID Certification Authority", o: "Example Inc." },
    issuer: root,
    key: rsaKey(1),
    authority: true,
    pathLength: 0,
    keyUsage: CERTIFIES,
    markers: [MARKER.developerIdAuthority],
  });
  const timestampAuthority = makeCertificate({
    name: { cn: "Timestamp Certification Authority", o: "Example Inc." },
    issuer: root,
    authority: true,
    keyUsage: CERTIFIES,
  });
  const timestampSigner = makeCertificate({
    name: { cn: "Timestamp Signer XYZ1", o: "Example Inc." },
    issuer: timestampAuthority,
    keyUsage: SIGNS,
    purposes: [OID.forTimestamping],
  });
  return { root, developerAuthority, timestampAuthority, timestampSigner, team: TEAM };
}

export type AppleLike = ReturnType<typeof makeAppleLike>;

/** A leaf for Developer ID, unless the plan says otherwise. */
export function makeLeaf(apple: AppleLike, plan: Partial<CertificatePlan> = {}): Identity {
  return makeCertificate({
    name: { cn: `Developer ID Application: Ana Example (${TEAM})`, ou: TEAM, o: "Ana Example" },
    issuer: apple.developerAuthority,
    key: rsaKey(2),
    notBefore: utc("2023-01-01"),
    notAfter: utc("2028-01-01"),
    keyUsage: SIGNS,
    purposes: [OID.forCodeSigning],
    markers: [MARKER.developerId],
    ...plan,
  });
}
