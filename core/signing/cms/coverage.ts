import { octets, sequence } from "../der/reader.ts";
import { oid } from "../der/values.ts";
import type { CodeDirectory, HashKind } from "../code-signature.ts";
import { asArray, asBytes, asDict, parsePlist } from "../plist/plist.ts";
import { OID } from "./oids.ts";
import type { CmsProblem } from "./problems.ts";
import { type Attributes, onlyValue } from "./signed-data.ts";

const HASH_OID: Readonly<Record<HashKind, string>> = {
  sha1: OID.sha1,
  sha256: OID.sha256,
  "sha256-truncated": OID.sha256,
  sha384: OID.sha384,
};

/**
 * Whether the signer signed every CodeDirectory, not only the one in slot 0 that the CMS signature is over: by Apple's
 * attributes with all their hashes (Security, StaticCode.cpp), which must name all of them and no other.
 * @returns null when it did, else what is wrong
 * @throws Malformed
 */
export function coverageProblem(signed: Attributes | null, directories: readonly CodeDirectory[]): CmsProblem | null {
  const cdhashes = signed === null ? null : onlyValue(signed, OID.appleCdhashes);
  const digests = signed?.get(OID.appleCdhashDigests);
  if (cdhashes === null && digests === undefined) return directories.length > 1 ? "cms-alternate-not-covered" : null;
  if (cdhashes !== null && !namesInOrder(octets(cdhashes), directories)) return "cms-cdhashes-mismatch";
  if (digests !== undefined && !namesEach(digests.map(readDigest), directories)) return "cms-cdhashes-mismatch";
  return null;
}

/** 1.2.840.113635.100.9.1: cdhashes in the order of the CodeDirectories. */
function namesInOrder(plist: Buffer, directories: readonly CodeDirectory[]): boolean {
  const list = asArray(asDict(parsePlist(plist))?.get("cdhashes"));
  return (
    list?.length === directories.length &&
    directories.every((directory, index) => asBytes(list[index])?.toString("hex") === directory.cdhash)
  );
}

function readDigest(value: Parameters<typeof sequence>[0]): string {
  const [algorithm, digest] = sequence(value);
  return `${oid(algorithm)} ${octets(digest).toString("hex")}`;
}

/** 1.2.840.113635.100.9.2: whole hashes, each with its algorithm. */
function namesEach(stated: readonly string[], directories: readonly CodeDirectory[]): boolean {
  const actual = directories.map(({ hash, fullHash }) => `${HASH_OID[hash]} ${fullHash.toString("hex")}`);
  return (
    stated.length === actual.length &&
    new Set(stated).size === stated.length &&
    actual.every((one) => stated.includes(one))
  );
}
