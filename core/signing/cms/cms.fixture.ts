import { hash, sign } from "node:crypto";
import type { Micros } from "#core/base/clock.ts";
import type { CodeDirectory, CodeSignature, HashKind } from "../code-signature.ts";
import {
  element,
  explicit,
  generalizedTime,
  indefinite,
  int,
  nothing,
  objectId,
  octet,
  seq,
  set,
  timeElement,
} from "../der/der-writer.fixture.ts";
import { algorithm, type DigestName, type Identity } from "./certificate.fixture.ts";
import { OID } from "./oids.ts";

/** CMS signatures and timestamps for tests, good ones and broken ones. */
export interface CmsPlan {
  content: Buffer;
  signer: Identity;
  /** DER certificates that go in. */
  certificates: readonly Buffer[];
  digest?: DigestName;
  contentType?: string;
  /** Instead of the content's own. */
  statedDigest?: Buffer;
  /** Without signed attributes, as in the days of SHA-1. */
  bare?: boolean;
  /** Further signed attributes (whole), and in which order they stand. */
  attributes?: readonly Buffer[];
  reorder?: (attributes: Buffer[]) => Buffer[];
  /** The content goes in too. */
  embed?: boolean;
  byKeyId?: boolean;
  /** Algorithm identifiers instead of the right ones. */
  digestAlgorithm?: Buffer;
  signatureAlgorithm?: Buffer;
  /** Values of the timestamp attribute, made over the signature. */
  timestamps?: (signature: Buffer) => Buffer[];
  tamperSignature?: (signature: Buffer) => Buffer;
  signers?: number;
  /** With indefinite lengths outside, as Apple writes them. */
  indefinite?: boolean;
}

const DIGEST_OIDS = { sha1: OID.sha1, sha256: OID.sha256, sha384: OID.sha384, sha512: OID.sha512 };
export const SIGNED_AT = Date.parse("2024-06-01T12:00:00Z") * 1000;

export const attribute = (kind: string, ...values: readonly Buffer[]): Buffer => seq(objectId(kind), set(...values));

export function makeCms(plan: CmsPlan): Buffer {
  const { content, signer, digest = "sha256", contentType = OID.data } = plan;
  const own = [
    attribute(OID.contentType, objectId(contentType)),
    attribute(OID.signingTime, timeElement(SIGNED_AT)),
    attribute(OID.messageDigest, octet(plan.statedDigest ?? hash(digest, content, "buffer"))),
  ];
  const all = [...own, ...(plan.attributes ?? [])];
  const attributes = plan.reorder?.(all) ?? all.sort((a, b) => a.compare(b));
  const signed = plan.bare === true ? content : set(...attributes);
  const value = sign(digest, signed, signer.key.privateKey);
  const signature = plan.tamperSignature?.(value) ?? value;
  const timestamps = plan.timestamps?.(signature);
  const digestAlgorithm = plan.digestAlgorithm ?? seq(objectId(DIGEST_OIDS[digest]), nothing());
  const info = seq(
    int(1),
    plan.byKeyId === true ? element(0x80, signer.keyId) : seq(issuerOf(signer), signer.serial),
    digestAlgorithm,
    ...(plan.bare === true ? [] : [explicit(0, ...attributes)]),
    plan.signatureAlgorithm ?? algorithm(signer.key, digest),
    octet(signature),
    ...(timestamps ? [explicit(1, attribute(OID.timestampToken, ...timestamps))] : []),
  );
  const wrap = plan.indefinite === true ? indefinite : element;
  const inner = wrap(
    0x30,
    int(1),
    set(digestAlgorithm),
    wrap(0x30, objectId(contentType), ...(plan.embed === true ? [wrap(0xa0, octet(content))] : [])),
    wrap(0xa0, ...plan.certificates),
    set(...Array.from({ length: plan.signers ?? 1 }, () => info)),
  );
  return wrap(0x30, objectId(OID.signedData), wrap(0xa0, inner));
}

/** The issuer's name as it stands in a certificate: the fourth part of what is signed. */
function issuerOf({ der }: Identity): Buffer {
  const parts = partsOf(partsOf(der)[0] ?? der);
  return parts[3] ?? der;
}

/** The parts of an element with a definite length. */
export function partsOf(whole: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = headerOf(whole); at < whole.length; ) {
    const rest = whole.subarray(at);
    const header = headerOf(rest);
    const lead = rest[1] ?? 0;
    const length = lead < 0x80 ? lead : rest.readUIntBE(2, lead & 0x7f);
    parts.push(rest.subarray(0, header + length));
    at += header + length;
  }
  return parts;
}

function headerOf(whole: Buffer): number {
  const lead = whole[1] ?? 0;
  return lead < 0x80 ? 2 : 2 + (lead & 0x7f);
}

export interface TimestampPlan {
  over: Buffer;
  at: Micros;
  signer: Identity;
  certificates: readonly Buffer[];
  digest?: DigestName;
  /** Instead of the hash of `over`. */
  imprint?: Buffer;
  cms?: Partial<CmsPlan>;
}

/** An RFC 3161 token. */
export function makeTimestamp(plan: TimestampPlan): Buffer {
  const digest = plan.digest ?? "sha256";
  const imprint = plan.imprint ?? hash(digest, plan.over, "buffer");
  const content = seq(
    int(1),
    objectId("1.2.3.4"),
    seq(seq(objectId(DIGEST_OIDS[digest]), nothing()), octet(imprint)),
    int(77),
    generalizedTime(plan.at),
  );
  const named = attribute(OID.signingCertificate, seq(seq(seq(octet(hash("sha1", plan.signer.der, "buffer"))))));
  return makeCms({
    content,
    signer: plan.signer,
    certificates: plan.certificates,
    contentType: OID.timestampInfo,
    embed: true,
    attributes: [named],
    ...plan.cms,
  });
}

/** Only what the signer's part looks at: a CodeDirectory's bytes can be any. */
export function makeDirectory(
  text: string,
  kind: HashKind = "sha256",
  slot = 0,
  teamId: string | null = null,
): CodeDirectory {
  const bytes = Buffer.from(text);
  const fullHash = hash(kind === "sha256-truncated" ? "sha256" : kind, bytes, "buffer");
  return {
    slot,
    bytes,
    version: 0x20400,
    flags: 0,
    hash: kind,
    hashSize: fullHash.length,
    identifier: "org.example.invoice-viewer",
    teamId,
    platform: 0,
    pageSize: 4096,
    codeLimit: 0,
    codeHashCount: 0,
    codeHashes: Buffer.alloc(0),
    specialHashes: new Map(),
    execSegment: null,
    runtimeVersion: null,
    fullHash,
    cdhash: fullHash.toString("hex", 0, 20),
  };
}

export function makeSignature(directories: CodeDirectory[], cms: Buffer | null): CodeSignature {
  const best = directories.at(-1) ?? makeDirectory("none");
  const absent = { requirements: null, entitlements: null, derEntitlements: null, ticket: null, otherSlots: new Map() };
  return { directories, best, cms, ...absent, problems: [], notes: [] };
}

/** Apple's attribute 9.1. */
export function cdhashesAttribute(directories: readonly CodeDirectory[]): Buffer {
  const list = directories.map(({ cdhash }) => `<data>${Buffer.from(cdhash, "hex").toString("base64")}</data>`);
  const plist = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>cdhashes</key><array>${list.join("")}</array></dict></plist>
`;
  return attribute(OID.appleCdhashes, octet(Buffer.from(plist)));
}

/** Apple's attribute 9.2. */
export function digestsAttribute(directories: readonly CodeDirectory[]): Buffer {
  const kinds = { sha1: OID.sha1, sha256: OID.sha256, "sha256-truncated": OID.sha256, sha384: OID.sha384 };
  return attribute(
    OID.appleCdhashDigests,
    ...directories.map(({ hash: kind, fullHash }) => seq(objectId(kinds[kind]), octet(fullHash))),
  );
}
