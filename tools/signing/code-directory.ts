import { HASHES, type HashName, slotHash, u32be, u64be } from "./bytes.ts";
import { MAGIC } from "./blobs.ts";

/** CodeDirectory flags (xnu osfmk/kern/cs_blobs.h, CS_*). */
export const FLAG = {
  adHoc: 0x2,
  getTaskAllow: 0x4,
  hard: 0x100,
  kill: 0x200,
  restrict: 0x800,
  enforcement: 0x1000,
  libraryValidation: 0x2000,
  runtime: 0x10000,
  linkerSigned: 0x20000,
} as const;

export interface DirectorySpec {
  hash: HashName;
  /** Which fields the header has: 0x20001, 0x20100 scatter, 0x20200 team, 0x20300 64-bit limit, 0x20400 segment, 0x20500 runtime, 0x20600 linkage. */
  version: number;
  flags: number;
  identifier: string;
  teamId: string | null;
  platform: number;
  /** A power of two; null: one hash over everything. */
  pageSize: number | null;
  /** What the page hashes cover: the image up to its signature. */
  code: Buffer;
  /** What each special slot is the hash of. */
  special: ReadonlyMap<number, Buffer>;
  execSegment: { base: number; limit: number; flags: number };
  runtimeVersion: number;
}

/** Offsets in a CodeDirectory's header, for mutators. */
export const DIRECTORY_FIELD = {
  length: 4,
  version: 8,
  flags: 12,
  hashOffset: 16,
  identifierOffset: 20,
  specialSlots: 24,
  codeSlots: 28,
  codeLimit: 32,
  hashSize: 36,
  hashType: 37,
  platform: 38,
  pageShift: 39,
  scatterOffset: 44,
  teamOffset: 48,
  /** The low word of the 64-bit limit. */
  codeLimit64: 60,
} as const;

export function codeDirectory(spec: DirectorySpec): Buffer {
  const { hash, version, identifier, teamId, pageSize, code, special } = spec;
  const highestSpecial = Math.max(0, ...special.keys());
  const pages = pagesOf(code, pageSize);
  const headerSize = headerSizeOf(version);
  const names = Buffer.from(`${identifier}\0${teamId === null ? "" : `${teamId}\0`}`);
  const specialHashes = Array.from({ length: highestSpecial }, (_, i) => {
    const bytes = special.get(highestSpecial - i);
    return bytes ? slotHash(hash, bytes) : Buffer.alloc(HASHES[hash].size);
  });
  const hashes = Buffer.concat([...specialHashes, ...pages.map((page) => slotHash(hash, page))]);
  const hashOffset = headerSize + names.length + highestSpecial * HASHES[hash].size;
  const length = headerSize + names.length + hashes.length;
  const teamOffset = teamId === null ? 0 : headerSize + Buffer.byteLength(identifier) + 1;
  const { base, limit, flags: execFlags } = spec.execSegment;
  const header = Buffer.concat([
    u32be(
      MAGIC.directory,
      length,
      version,
      spec.flags,
      hashOffset,
      headerSize,
      highestSpecial,
      pages.length,
      code.length,
    ),
    Buffer.from([HASHES[hash].size, HASHES[hash].type, spec.platform, pageSize === null ? 0 : Math.log2(pageSize)]),
    u32be(0, 0, teamOffset, 0),
    Buffer.concat([u64be(0), u64be(base), u64be(limit), u64be(execFlags)]),
    u32be(spec.runtimeVersion, 0),
    Buffer.alloc(12),
  ]);
  return Buffer.concat([header.subarray(0, headerSize), names, hashes]);
}

function pagesOf(code: Buffer, pageSize: number | null): Buffer[] {
  const size = pageSize ?? code.length;
  const pages: Buffer[] = [];
  for (let at = 0; at < code.length; at += size) pages.push(code.subarray(at, at + size));
  return pages;
}

function headerSizeOf(version: number): number {
  if (version >= 0x20600) return 108;
  if (version >= 0x20500) return 96;
  if (version >= 0x20400) return 88;
  if (version >= 0x20300) return 64;
  if (version >= 0x20200) return 52;
  if (version >= 0x20100) return 48;
  return 44;
}
