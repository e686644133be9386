import type { CodeSignature } from "../code-signature.ts";
import type { Certificate, Signer } from "../signer.ts";
import { FLAG_ADHOC } from "./flags.ts";
import { hashRank } from "./hash-kinds.ts";
import { LEAF_CERTIFICATE, type Requirement, ROOT_CERTIFICATE } from "./requirement-expression.ts";

/** Under 1.2.840.113635.100; DER content of the OIDs. Security drmaker.cpp. */
const APPLE_ARC = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64];
const DEVELOPER_ID_LEAF = marker(6, 1, 13);
const DEVELOPER_ID_INTERMEDIATE = marker(6, 2, 6);
const DEVELOPER_INTERMEDIATE = marker(6, 2, 1);

function marker(...arcs: readonly number[]): { bytes: Buffer; text: string } {
  return { bytes: Buffer.from([...APPLE_ARC, ...arcs]), text: `1.2.840.113635.100.${arcs.join(".")}` };
}

/**
 * The designated requirement that macOS makes up for code which states none: the cdhashes of ad hoc code, else the
 * identifier and what the chain says about the signer. Security StaticCode.cpp defaultDesignatedRequirement, drmaker.cpp.
 * Null when there is neither.
 */
export function implicitRequirement(signature: CodeSignature, signer: Signer): Requirement | null {
  if ((signature.best.flags & FLAG_ADHOC) !== 0) return cdhashRequirement(signature);
  const { chain } = signer;
  const [leaf] = chain;
  if (leaf === undefined) return null;
  const anchor = signer.appleAnchored ? appleAnchor(leaf, chain) : foreignAnchor(leaf, chain);
  return anchor && all({ op: "identifier", value: Buffer.from(signature.best.identifier) }, anchor);
}

/** In the order of the kinds' numbers, weakest first: Security keeps them in a map by hash type. */
function cdhashRequirement(signature: CodeSignature): Requirement | null {
  const hashes = signature.directories
    .toSorted((a, b) => hashRank(b.hash) - hashRank(a.hash))
    .map(({ cdhash }): Requirement => ({ op: "cdhash", hash: Buffer.from(cdhash, "hex") }));
  const [first, ...others] = hashes;
  return first === undefined ? null : others.reduce((left, right): Requirement => ({ op: "or", left, right }), first);
}

function appleAnchor(leaf: Certificate, chain: readonly Certificate[]): Requirement | null {
  const intermediate = chain.length === 3 ? chain[1] : undefined;
  if (intermediate?.extensions.has(DEVELOPER_INTERMEDIATE.text)) {
    if (leaf.commonName === null) return null;
    const name = subject("subject.CN", leaf.commonName);
    return all({ op: "anchor-apple-generic" }, name, marked(1, DEVELOPER_INTERMEDIATE));
  }
  if (intermediate?.extensions.has(DEVELOPER_ID_INTERMEDIATE.text)) {
    if (leaf.organizationalUnit === null) return null;
    const team = subject("subject.OU", leaf.organizationalUnit);
    const marks = [marked(1, DEVELOPER_ID_INTERMEDIATE), marked(LEAF_CERTIFICATE, DEVELOPER_ID_LEAF)];
    return all({ op: "anchor-apple-generic" }, ...marks, team);
  }
  return { op: "anchor-apple" };
}

/** The certificate farthest from the leaf that still has the leaf's organization, by its hash. */
function foreignAnchor(leaf: Certificate, chain: readonly Certificate[]): Requirement {
  let last = 0;
  if (leaf.organization !== null) while (chain[last + 1]?.organization === leaf.organization) last += 1;
  const atRoot = leaf.organization !== null && last === chain.length - 1;
  const hash = Buffer.from((chain[last] ?? leaf).sha1, "hex");
  return { op: "certificate-hash", certificate: atRoot ? ROOT_CERTIFICATE : last, hash };
}

function all(...parts: readonly [Requirement, ...Requirement[]]): Requirement {
  const [first, ...others] = parts;
  return others.reduce((left, right): Requirement => ({ op: "and", left, right }), first);
}

function subject(key: string, value: string): Requirement {
  const match = { kind: "equal", value: Buffer.from(value) } as const;
  return { op: "certificate-subject", certificate: LEAF_CERTIFICATE, key: Buffer.from(key), match };
}

function marked(certificate: number, { bytes }: { bytes: Buffer }): Requirement {
  return { op: "certificate-extension", certificate, oid: bytes, match: { kind: "exists" } };
}
