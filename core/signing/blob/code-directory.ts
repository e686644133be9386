import type { Problem } from "#contract/inspection.ts";
import type { CodeDirectory, HashKind } from "../code-signature.ts";
import { Malformed } from "../problem.ts";
import { MAGIC, magicOf } from "./blob-format.ts";
import { FLAG_RUNTIME } from "./flags.ts";
import { fullHashOf, hashKindOf, hashSizeOf } from "./hash-kinds.ts";
import { blobProblem, malformedBlob } from "./problems.ts";

/** From which version on a part of the header is there: xnu osfmk/kern/cs_blobs.h, CS_SUPPORTS*. */
const SINCE = {
  scatter: 0x20100,
  team: 0x20200,
  codeLimit64: 0x20300,
  execSegment: 0x20400,
  runtime: 0x20500,
  linkage: 0x20600,
};
/** Security codedirectory.h: earliestVersion and compatibilityLimit. */
const OLDEST_VERSION = 0x20001;
const NEWEST_VERSION = 0x2f000;
/** Bytes of the header by version, newest first: the offsets of cs_blobs.h's end_with* marks. */
const HEADER_SIZES: readonly (readonly [since: number, size: number])[] = [
  [SINCE.linkage, 108],
  [SINCE.runtime, 96],
  [SINCE.execSegment, 88],
  [SINCE.codeLimit64, 64],
  [SINCE.team, 52],
  [SINCE.scatter, 48],
  [0, 44],
];
const SMALLEST_HEADER = 44;
/** The kernel's, 4 and 16 KB: xnu bsd/kern/ubc_subr.c cs_validate_codedirectory. Zero is one hash over everything. */
const PAGE_SHIFTS: ReadonlySet<number> = new Set([12, 14]);
/** macOS uses eleven. */
const MAX_SPECIAL_SLOTS = 32;
/** Longer than a path may be; real identifiers are reverse domain names. */
const MAX_NAME = 4096;
const CDHASH_SIZE = 20;

export interface ParsedDirectory {
  directory: CodeDirectory;
  /** Strict failures; what they are about is empty or null in `directory`. */
  problems: Problem[];
}

/**
 * One CodeDirectory that must have nothing wrong with it.
 * @param bytes the whole blob; what follows it is not looked at
 * @param slot 0, or 0x1000 and up for an alternate
 * @throws Malformed
 */
export function readCodeDirectory(bytes: Buffer, slot: number): CodeDirectory {
  const { directory, problems } = parseCodeDirectory(bytes, slot);
  const [first] = problems;
  if (first) throw new Malformed(first.id, first.message);
  return directory;
}

/**
 * As `readCodeDirectory`, but goes on past what is wrong, so that what it claims can be shown.
 * Refuses what either xnu (cs_validate_codedirectory) or Security (CodeDirectory::checkIntegrity) refuses.
 * @throws Malformed when nothing of it can be used: another magic, version or kind of hash, or too short
 */
export function parseCodeDirectory(bytes: Buffer, slot: number): ParsedDirectory {
  const blob = wholeDirectory(bytes);
  const version = blob.readUInt32BE(8);
  if (version < OLDEST_VERSION || version > NEWEST_VERSION) throw malformedBlob("codedirectory-version-unknown");
  const headerSize = HEADER_SIZES.find(([since]) => version >= since)?.[1] ?? SMALLEST_HEADER;
  if (blob.length < headerSize) throw malformedBlob("codedirectory-bad-length");
  const hash = hashKindOf(blob.readUInt8(37));
  if (hash === null) throw malformedBlob("codedirectory-hash-type-unknown");

  const problems: Problem[] = [];
  const flag = (id: Parameters<typeof blobProblem>[0]): null => {
    problems.push(blobProblem(id));
    return null;
  };
  const flags = blob.readUInt32BE(12);
  const codeLimit = readCodeLimit(blob, version) ?? flag("codedirectory-bad-coverage") ?? 0;
  const shift = blob.readUInt8(39);
  const pageSize = shift === 0 ? null : 2 ** shift;
  if (pageSize !== null && !PAGE_SHIFTS.has(shift)) flag("codedirectory-bad-page-size");
  const pages = blob.readUInt32BE(28);
  if (pages !== pagesOf(codeLimit, pageSize)) flag("codedirectory-bad-coverage");
  if (version >= SINCE.scatter && blob.readUInt32BE(44) !== 0) flag("codedirectory-scatter");

  const table = readHashTable(blob, hash, headerSize, pages);
  if (table.problem !== null) flag(table.problem);
  if (!otherTablesInside(blob, version, hash, pages)) flag("codedirectory-hashes-outside");
  if (!linkageInside(blob, version)) flag("codedirectory-bad-linkage");

  const identifier = nameAt(blob, blob.readUInt32BE(20), headerSize) ?? flag("codedirectory-bad-identifier") ?? "";
  const teamOffset = version >= SINCE.team ? blob.readUInt32BE(48) : 0;
  const team = teamOffset === 0 ? "" : (nameAt(blob, teamOffset, headerSize) ?? flag("codedirectory-bad-team"));
  const fullHash = fullHashOf(hash, blob);
  const { hashSize, start } = table;
  const known = table.problem === null ? pages : 0;
  return {
    directory: {
      slot,
      bytes: blob,
      version,
      flags,
      hash,
      hashSize,
      identifier,
      teamId: team || null,
      platform: blob.readUInt8(38),
      pageSize,
      codeLimit,
      codeHashCount: known,
      codeHashes: at(blob, start, known * hashSize),
      specialHashes: new Map(
        Array.from({ length: table.specials }, (_, index) => [
          index + 1,
          at(blob, start - (index + 1) * hashSize, hashSize),
        ]),
      ),
      execSegment: version >= SINCE.execSegment ? readExecSegment(blob) : null,
      runtimeVersion: version >= SINCE.runtime && (flags & FLAG_RUNTIME) !== 0 ? blob.readUInt32BE(88) : null,
      fullHash,
      cdhash: fullHash.toString("hex", 0, CDHASH_SIZE),
    },
    problems,
  };
}

function wholeDirectory(bytes: Buffer): Buffer {
  if (bytes.length < SMALLEST_HEADER) throw malformedBlob("codedirectory-bad-length");
  if (magicOf(bytes) !== MAGIC.codeDirectory) throw malformedBlob("codedirectory-bad-magic");
  const length = bytes.readUInt32BE(4);
  if (length < SMALLEST_HEADER || length > bytes.length) throw malformedBlob("codedirectory-bad-length");
  return bytes.subarray(0, length);
}

/** Null when it is larger than any file. */
function readCodeLimit(blob: Buffer, version: number): number | null {
  const wide = version >= SINCE.codeLimit64 ? blob.readBigUInt64BE(56) : 0n;
  if (wide > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return wide === 0n ? blob.readUInt32BE(32) : Number(wide);
}

/** How many hashes cover the code; -1 where none can: Security refuses pages of nothing. */
function pagesOf(codeLimit: number, pageSize: number | null): number {
  if (pageSize === null) return codeLimit > 0 ? 1 : 0;
  return codeLimit === 0 ? -1 : Math.ceil(codeLimit / pageSize);
}

interface HashTable {
  hashSize: number;
  /** Of the first page's hash; the special ones stand before it, the last first. */
  start: number;
  specials: number;
  problem:
    | "codedirectory-bad-hash-size"
    | "codedirectory-too-many-special-slots"
    | "codedirectory-hashes-outside"
    | null;
}

function readHashTable(blob: Buffer, kind: HashKind, headerSize: number, pages: number): HashTable {
  const hashSize = hashSizeOf(kind);
  const start = blob.readUInt32BE(16);
  const specials = blob.readUInt32BE(24);
  const none = (problem: HashTable["problem"]): HashTable => ({ hashSize, start, specials: 0, problem });
  if (blob.readUInt8(36) !== hashSize) return none("codedirectory-bad-hash-size");
  if (specials > MAX_SPECIAL_SLOTS) return none("codedirectory-too-many-special-slots");
  const outside = start - specials * hashSize < headerSize || start + pages * hashSize > blob.length;
  return outside ? none("codedirectory-hashes-outside") : { hashSize, start, specials, problem: null };
}

/** Hashes of the code before it was encrypted, which Security checks the place of. */
function otherTablesInside(blob: Buffer, version: number, kind: HashKind, pages: number): boolean {
  const start = version >= SINCE.runtime ? blob.readUInt32BE(92) : 0;
  return start === 0 || start + pages * hashSizeOf(kind) <= blob.length;
}

function linkageInside(blob: Buffer, version: number): boolean {
  if (version < SINCE.linkage || blob.readUInt8(96) === 0) return true;
  return blob.readUInt32BE(100) + blob.readUInt32BE(104) <= blob.length;
}

/** Zero-terminated text; null when it is not inside, behind the header. */
function nameAt(blob: Buffer, offset: number, headerSize: number): string | null {
  if (offset < headerSize || offset >= blob.length) return null;
  const window = blob.subarray(offset, offset + MAX_NAME);
  const end = window.indexOf(0);
  return end < 0 ? null : window.toString("utf8", 0, end);
}

function readExecSegment(blob: Buffer): NonNullable<CodeDirectory["execSegment"]> {
  return {
    base: Number(blob.readBigUInt64BE(64)),
    limit: Number(blob.readBigUInt64BE(72)),
    flags: Number(blob.readBigUInt64BE(80)),
  };
}

function at(blob: Buffer, offset: number, size: number): Buffer {
  return blob.subarray(offset, offset + size);
}
