import { hash } from "node:crypto";
import type { Problem, TimestampFacts } from "#contract/inspection.ts";
import type { Micros } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import { type DerElement, octets, readDer, sequence } from "../der/reader.ts";
import { oid, time } from "../der/values.ts";
import { attempt } from "../problem.ts";
import { digestOf } from "./algorithms.ts";
import type { Anchors } from "./anchors.ts";
import type { ParsedCertificate } from "./certificate.ts";
import { buildChain } from "./chain.ts";
import { chainProblems, isValidAt } from "./chain-rules.ts";
import { OID } from "./oids.ts";
import { type CmsProblem, cmsProblem } from "./problems.ts";
import { certificateOf, onlyValue, readSignedData, type SignedData, type SignerInfo } from "./signed-data.ts";
import { contentOf, signatureProblem } from "./signature-check.ts";

export interface TimestampResult {
  /** Null when not even a time can be read. */
  facts: TimestampFacts | null;
  /** The authority's time, only when all of it holds. */
  time: Micros | null;
  problems: Problem[];
}

/** RFC 3161 section 2.4.2. */
interface TimestampInfo {
  digestAlgorithm: string;
  imprint: Buffer;
  time: Micros;
}

/**
 * Verifies the timestamp of a CMS signature, if it has one: an RFC 3161 token over the signature's value, by Apple's authority.
 * @param pool certificates beside the token, for one that brings none
 * @returns null without a timestamp
 */
export function verifyTimestamp(
  signer: SignerInfo,
  pool: readonly ParsedCertificate[],
  anchors: Anchors,
): TimestampResult | null {
  const values = signer.unsigned.get(OID.timestampToken);
  if (values === undefined) return null;
  const [token] = values;
  if (token === undefined) return failed("timestamp-malformed");
  if (values.length > 1) return failed("timestamp-several");
  const read = attempt(() => verifyToken(token, signer.signature, pool, anchors));
  return "value" in read ? read.value : failed("timestamp-malformed");
}

function failed(id: CmsProblem): TimestampResult {
  return { facts: null, time: null, problems: [cmsProblem(id)] };
}

function verifyToken(
  token: DerElement,
  signature: Buffer,
  pool: readonly ParsedCertificate[],
  anchors: Anchors,
): TimestampResult {
  const data = readSignedData(token.bytes);
  const [signer] = data.signers;
  const { content } = data;
  if (content === null || signer === undefined || data.signers.length > 1 || data.contentType !== OID.timestampInfo)
    return failed("timestamp-malformed");
  const info = readTimestampInfo(content);
  const authority = certificateOf(signer, [...data.certificates, ...pool]);
  const problems = [
    ...imprintProblems(info, signature),
    ...(authority === null
      ? ["timestamp-signature-mismatch" as const]
      : authorityProblems(data, signer, content, authority, info, pool, anchors)),
  ];
  const good = problems.length === 0;
  return {
    facts: { at: formatTime(info.time), status: good ? "ok" : "bad", authority: authority?.commonName ?? null },
    time: good ? info.time : null,
    problems: problems.map(cmsProblem),
  };
}

function readTimestampInfo(content: Buffer): TimestampInfo {
  const [, , imprint, , at] = sequence(readDer(content));
  const [algorithm, digest] = sequence(imprint);
  return { digestAlgorithm: oid(sequence(algorithm)[0]), imprint: octets(digest), time: time(at) };
}

function imprintProblems(info: TimestampInfo, signature: Buffer): CmsProblem[] {
  const digest = digestOf(info.digestAlgorithm);
  if (digest === null) return ["timestamp-malformed"];
  return hash(digest, signature, "buffer").equals(info.imprint) ? [] : ["timestamp-imprint-mismatch"];
}

function authorityProblems(
  data: SignedData,
  signer: SignerInfo,
  content: Buffer,
  authority: ParsedCertificate,
  info: TimestampInfo,
  pool: readonly ParsedCertificate[],
  anchors: Anchors,
): CmsProblem[] {
  const problems: CmsProblem[] = [];
  const isSigned = signer.signed !== null && namesCertificate(signer, authority);
  if (!isSigned || signatureProblem(signer, authority, contentOf(OID.timestampInfo, content)) !== null)
    problems.push("timestamp-signature-mismatch");
  if (!isForTimestamps(authority)) problems.push("timestamp-not-for-timestamping");
  const chain = buildChain(authority, [...data.certificates, ...pool], anchors);
  if (chain.end !== "anchored" || chainProblems(chain).length > 0) problems.push("timestamp-not-apple");
  if (!isValidAt(chain, info.time)) problems.push("timestamp-certificate-expired");
  return problems;
}

/** RFC 3161 section 2.3: that one purpose, critical. */
function isForTimestamps({ extendedKeyUsage, criticalExtensions }: ParsedCertificate): boolean {
  const only = extendedKeyUsage.length === 1 && extendedKeyUsage[0] === OID.forTimestamping;
  return only && criticalExtensions.includes(OID.extendedKeyUsage);
}

/** RFC 2634 and 5035: the signer states its certificate's hash, so that another one with the same key cannot take its place. */
function namesCertificate(signer: SignerInfo, certificate: ParsedCertificate): boolean {
  const attributes = signer.signed?.attributes ?? new Map<string, readonly DerElement[]>();
  const first = onlyValue(attributes, OID.signingCertificate);
  const second = onlyValue(attributes, OID.signingCertificateV2);
  if (first !== null && octets(statedCertificate(first)[0]).toString("hex") !== certificate.sha1) return false;
  if (second === null) return true;
  const parts = statedCertificate(second);
  const digest = parts[0]?.constructed === true ? digestOf(oid(sequence(parts.shift())[0])) : "sha256";
  return digest !== null && octets(parts[0]).equals(hash(digest, certificate.der, "buffer"));
}

function statedCertificate(value: DerElement): DerElement[] {
  return sequence(sequence(sequence(value)[0])[0]);
}
