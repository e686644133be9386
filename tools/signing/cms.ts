import type { Micros } from "#core/base/clock.ts";
import type { Chain } from "./authorities.ts";
import { fullHash, HASHES, type HashName } from "./bytes.ts";
import { type Digest, type Identity, signatureAlgorithm, signBytes } from "./certificate.ts";
import {
  context,
  element,
  generalizedTime,
  indefinite,
  integer,
  NULL,
  octets,
  oid,
  sequence,
  set,
  utcTime,
} from "./der.ts";
import { xmlPlist } from "./plist.ts";

const OID = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  timestampToken: "1.2.840.113549.1.9.16.2.14",
  tstInfo: "1.2.840.113549.1.9.16.1.4",
  cdhashPlist: "1.2.840.113635.100.9.1",
  cdhashSet: "1.2.840.113635.100.9.2",
} as const;

/** A CodeDirectory as the CMS's own attributes name it. */
export interface CoveredDirectory {
  hash: HashName;
  bytes: Buffer;
}

export interface CmsSpec {
  chain: Chain;
  digest?: Digest;
  /** False: the signature is directly over the content, as Apple's were in the SHA-1 era. */
  signedAttributes?: boolean;
  /** Which of Apple's two attributes that list all CodeDirectories are there. */
  cdhashAttributes?: "both" | "plist" | "set" | "none";
  /** DER sorts a SET; real files hold unsorted ones too. */
  attributeOrder?: "sorted" | "reversed";
  signingTime?: Micros;
  timestamp?: TimestampSpec;
  /** Put the content inside, which no code signature does. */
  embedContent?: boolean;
  signerCount?: number;
  /** BER's indefinite lengths outside, as most real ones have. */
  indefinite?: boolean;
}

export interface TimestampSpec {
  chain: Chain;
  at: Micros;
  /** Instead of the signature's value: a token that was made for something else. */
  over?: Buffer;
}

/** A detached CMS SignedData (RFC 5652) over `content`, which is slot 0's CodeDirectory. */
export function cms(spec: CmsSpec, content: Buffer, directories: readonly CoveredDirectory[]): Buffer {
  const digest = spec.digest ?? "sha256";
  const signers = Array.from({ length: spec.signerCount ?? 1 }, () => signerInfo(spec, digest, content, directories));
  return signedData({
    wrap: spec.indefinite ? indefinite : element,
    version: 1,
    digest,
    contentInfo: sequence(oid(OID.data), ...(spec.embedContent ? [context(0, octets(content))] : [])),
    certificates: [spec.chain.signer, ...spec.chain.above],
    signers,
  });
}

interface SignedData {
  wrap: (tag: number, ...parts: Buffer[]) => Buffer;
  version: number;
  digest: Digest;
  contentInfo: Buffer;
  certificates: readonly Identity[];
  signers: readonly Buffer[];
}

function signedData({ wrap, version, digest, contentInfo, certificates, signers }: SignedData): Buffer {
  const inner = wrap(
    0x30,
    integer(version),
    set(digestAlgorithm(digest)),
    contentInfo,
    wrap(0xa0, ...certificates.map(({ der }) => der)),
    set(...signers),
  );
  return wrap(0x30, oid(OID.signedData), wrap(0xa0, inner));
}

function digestAlgorithm(digest: Digest): Buffer {
  return sequence(oid(HASHES[digest].oid), NULL);
}

function signerInfo(spec: CmsSpec, digest: Digest, content: Buffer, directories: readonly CoveredDirectory[]): Buffer {
  const attributes =
    spec.signedAttributes === false
      ? null
      : sorted(attributesOf(spec, digest, content, directories), spec.attributeOrder);
  const signature = signBytes(spec.chain.signer, digest, attributes ? set(...attributes) : content);
  const { timestamp } = spec;
  const token = timestamp && timestampToken(timestamp, timestamp.over ?? signature);
  return writeSignerInfo(
    spec.chain.signer,
    digest,
    attributes,
    signature,
    token ? [attribute(OID.timestampToken, token)] : [],
  );
}

function writeSignerInfo(
  signer: Identity,
  digest: Digest,
  attributes: readonly Buffer[] | null,
  signature: Buffer,
  unsigned: readonly Buffer[],
): Buffer {
  return sequence(
    integer(1),
    sequence(signer.issuerName, signer.serial),
    digestAlgorithm(digest),
    ...(attributes ? [context(0, ...attributes)] : []),
    signatureAlgorithm(signer.kind, digest),
    octets(signature),
    ...(unsigned.length > 0 ? [context(1, ...unsigned)] : []),
  );
}

function attributesOf(
  spec: CmsSpec,
  digest: Digest,
  content: Buffer,
  directories: readonly CoveredDirectory[],
): Buffer[] {
  const which = spec.cdhashAttributes ?? "both";
  const list = [
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octets(fullHash(digest, content))),
  ];
  if (spec.signingTime !== undefined) list.push(attribute(OID.signingTime, utcTime(spec.signingTime)));
  if (which === "both" || which === "plist") list.push(attribute(OID.cdhashPlist, octets(cdhashPlist(directories))));
  if (which === "both" || which === "set")
    list.push(
      attribute(
        OID.cdhashSet,
        ...directories.map(({ hash, bytes }) => sequence(oid(HASHES[hash].oid), octets(fullHash(hash, bytes)))),
      ),
    );
  return list;
}

function cdhashPlist(directories: readonly CoveredDirectory[]): Buffer {
  return xmlPlist({ cdhashes: directories.map(({ hash, bytes }) => fullHash(hash, bytes).subarray(0, 20)) });
}

function attribute(id: string, ...values: Buffer[]): Buffer {
  return sequence(oid(id), set(...values));
}

function sorted(attributes: Buffer[], order: "sorted" | "reversed" = "sorted"): Buffer[] {
  const list = attributes.toSorted((a, b) => Buffer.compare(a, b));
  return order === "sorted" ? list : list.reverse();
}

/** An RFC 3161 token over `bytes`. */
export function timestampToken({ chain, at }: TimestampSpec, bytes: Buffer): Buffer {
  const digest = "sha256";
  const info = sequence(
    integer(1),
    oid("1.3.6.1.4.1.99999.1"),
    sequence(digestAlgorithm(digest), octets(fullHash(digest, bytes))),
    integer(7),
    generalizedTime(at),
  );
  const attributes = sorted([
    attribute(OID.contentType, oid(OID.tstInfo)),
    attribute(OID.signingTime, utcTime(at)),
    attribute(OID.messageDigest, octets(fullHash(digest, info))),
  ]);
  const signature = signBytes(chain.signer, digest, set(...attributes));
  return signedData({
    wrap: element,
    version: 3,
    digest,
    contentInfo: sequence(oid(OID.tstInfo), context(0, octets(info))),
    certificates: [chain.signer, ...chain.above],
    signers: [writeSignerInfo(chain.signer, digest, attributes, signature, [])],
  });
}
