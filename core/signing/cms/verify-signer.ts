import { hash } from "node:crypto";
import type { Problem } from "#contract/inspection.ts";
import type { Micros } from "#core/base/clock.ts";
import type { CodeDirectory, CodeSignature } from "../code-signature.ts";
import { time } from "../der/values.ts";
import { attempt } from "../problem.ts";
import type { Signer } from "../signer.ts";
import type { Digest } from "./algorithms.ts";
import { type Anchors, APPLE_ANCHORS } from "./anchors.ts";
import type { ParsedCertificate } from "./certificate.ts";
import { buildChain, type Chain } from "./chain.ts";
import { chainProblems, datesOf } from "./chain-rules.ts";
import { classOfChain, isDeveloperClass } from "./classify.ts";
import { coverageProblem } from "./coverage.ts";
import { OID } from "./oids.ts";
import { type CmsProblem, cmsNote, cmsProblem } from "./problems.ts";
import { certificateOf, onlyValue, readSignedData, type SignedData, type SignerInfo } from "./signed-data.ts";
import { type SignedContent, signatureProblem } from "./signature-check.ts";
import { verifyTimestamp } from "./timestamp.ts";

/** Real ones have about 9 KB. */
const MAX_CMS = 1024 * 1024;

/**
 * Verifies who signed: the CMS signature over slot 0's CodeDirectory, that it covers every CodeDirectory, the chain to Apple's
 * roots, the timestamp and the team. Never throws on content.
 * @param now microseconds; decides only what has expired since
 * @param anchors other roots than Apple's are for tests alone
 */
export function verifySigner(signature: CodeSignature, now: Micros, anchors: Anchors = APPLE_ANCHORS): Signer {
  const { cms } = signature;
  if (cms === null || cms.length === 0) return { ...nothing([]), cms: "absent" };
  if (cms.length > MAX_CMS) return nothing([cmsProblem("cms-too-large")]);
  const read = attempt(() => readSignedData(cms));
  if ("problem" in read) return nothing([read.problem]);
  const problems = shapeProblems(read.value).map(cmsProblem);
  const [info] = read.value.signers;
  if (info === undefined) return nothing(problems);
  const leaf = certificateOf(info, read.value.certificates);
  if (leaf === null) return nothing([...problems, cmsProblem("cms-signer-certificate-missing")]);
  problems.push(...bindingProblems(signature, info, leaf));
  return believe({ signature, data: read.value, info, leaf, now, anchors }, problems);
}

function nothing(problems: Problem[]): Signer {
  const unknown = { class: null, chain: [], appleAnchored: false, teamId: null, timestamp: null, signingTime: null };
  return { cms: "bad", ...unknown, problems, notes: [] };
}

/** What a CMS signature over code must look like. */
function shapeProblems(data: SignedData): CmsProblem[] {
  const problems: CmsProblem[] = [];
  if (data.contentType !== OID.data) problems.push("cms-content-type");
  if (data.content !== null) problems.push("cms-content-embedded");
  if (data.signers.length === 0) problems.push("cms-no-signer");
  if (data.signers.length > 1) problems.push("cms-several-signers");
  return problems;
}

/** Whether the signer signed this code: with any of these the CMS signature itself is bad. */
function bindingProblems(signature: CodeSignature, info: SignerInfo, leaf: ParsedCertificate): Problem[] {
  const [first] = signature.directories;
  if (first === undefined) return [cmsProblem("cms-digest-mismatch")];
  const checked = attempt(() => {
    const wrong = signatureProblem(info, leaf, codeContent(first));
    const uncovered = coverageProblem(info.signed?.attributes ?? null, signature.directories);
    return [wrong, uncovered].filter((id) => id !== null).map(cmsProblem);
  });
  return "value" in checked ? checked.value : [checked.problem];
}

/** A CodeDirectory has been hashed once already, with its own kind of hash. */
function codeContent(directory: CodeDirectory): SignedContent {
  const { bytes, fullHash } = directory;
  const known = directory.hash === "sha256-truncated" ? "sha256" : directory.hash;
  return { type: OID.data, bytes, digest: (kind: Digest) => (kind === known ? fullHash : hash(kind, bytes, "buffer")) };
}

interface Evidence {
  signature: CodeSignature;
  data: SignedData;
  info: SignerInfo;
  leaf: ParsedCertificate;
  now: Micros;
  anchors: Anchors;
}

/** Joins the signature with what the chain and the timestamp prove. `binding` are the CMS signature's own problems. */
function believe(evidence: Evidence, binding: readonly Problem[]): Signer {
  const { signature, data, info, leaf, now, anchors } = evidence;
  const good = binding.length === 0;
  const chain = buildChain(leaf, data.certificates, anchors);
  const ofChain = chainProblems(chain);
  const anchored = chain.end === "anchored" && ofChain.length === 0;
  const judged = classOfChain(anchored || chain.end !== "anchored" ? chain : { ...chain, end: "foreign-root" });
  const timestamp = verifyTimestamp(info, data.certificates, anchors);
  const dates = datesOf(chain, timestamp?.time ?? null, now);
  const teamId = good && anchored && isDeveloperClass(judged.class) ? leaf.organizationalUnit : null;
  return {
    cms: good ? "ok" : "bad",
    class: good ? judged.class : null,
    chain: chain.certificates,
    appleAnchored: anchored,
    teamId,
    timestamp: timestamp?.facts ?? null,
    signingTime: signingTimeOf(info),
    problems: [
      ...binding,
      ...ofChain,
      ...purposeProblems(leaf, anchored),
      ...(timestamp?.problems ?? []),
      ...dates.problems,
      ...teamProblems(signature, teamId),
    ],
    notes: [...judged.notes, ...dates.notes, ...otherNotes(evidence, chain)],
  };
}

/** Leaves from before the extension exists have no purpose stated. */
function purposeProblems(leaf: ParsedCertificate, anchored: boolean): Problem[] {
  const { extendedKeyUsage } = leaf;
  if (!anchored || extendedKeyUsage.length === 0) return [];
  const fits = extendedKeyUsage.includes(OID.forCodeSigning) || extendedKeyUsage.includes(OID.anyExtendedKeyUsage);
  return fits ? [] : [cmsProblem("leaf-not-for-code-signing")];
}

/** CodeDirectories before version 0x20200 name no team: then only the leaf's counts. */
function teamProblems(signature: CodeSignature, teamId: string | null): Problem[] {
  if (teamId === null) return [];
  const claimed = signature.directories.map((directory) => directory.teamId).filter((team) => team !== null);
  return claimed.some((team) => team !== teamId) ? [cmsProblem("team-mismatch")] : [];
}

function signingTimeOf(info: SignerInfo): Micros | null {
  const read = attempt(() => {
    const value = info.signed === null ? null : onlyValue(info.signed.attributes, OID.signingTime);
    return value === null ? null : time(value);
  });
  return "value" in read ? read.value : null;
}

function otherNotes({ signature, data, info, anchors }: Evidence, chain: Chain): Problem[] {
  const notes: Problem[] = [];
  if (info.digestAlgorithm === OID.sha1) notes.push(cmsNote("cms-sha1"));
  if (data.trailing > 0) notes.push(cmsNote("cms-trailing-bytes"));
  if (data.unreadable > 0) notes.push(cmsNote("certificates-unreadable"));
  const isForeignRoot = (one: ParsedCertificate): boolean =>
    anchors.withSubject(one.subjectName).length > 0 && anchors.anchorBySha256(one.sha256) === null;
  if (data.certificates.some(isForeignRoot)) notes.push(cmsNote("chain-foreign-root"));
  const claimsTeam = signature.directories.some((directory) => directory.teamId !== null);
  if (claimsTeam && chain.end !== "anchored") notes.push(cmsNote("team-not-proved"));
  return notes;
}
