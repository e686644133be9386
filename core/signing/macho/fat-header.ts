import type { ByteSource } from "../byte-source.ts";
import { CPU_TYPE_ARM64, FAT_MAGIC, FAT_MAGIC_64 } from "./constants.ts";
import { Fields } from "./fields.ts";
import { machHeaderKind } from "./read-slice.ts";

/** One entry of a universal header. `offset` and `size` may be anything, also Infinity. */
export interface FatArch {
  cpuType: number;
  cpuSubtype: number;
  offset: number;
  size: number;
  /** Power of two. */
  align: number;
}

export interface FatHeader {
  arches: FatArch[];
  /** The last entry is one that the header does not count. */
  hidden: boolean;
  /** The file ends inside the table. */
  truncated: boolean;
  /** 32-bit offsets, big endian: the only form that the kernel runs (xnu bsd/kern/mach_fat.c). */
  loadable: boolean;
  /** Bytes of the header with the table. */
  end: number;
  /** Largest value that an offset plus a size may have. */
  limit: number;
}

const HEADER_SIZE = 8;
const ARCH_SIZE = 20;
const ARCH_SIZE_64 = 32;
/** More than this and it is usually a Java class file, whose version number (45 and up) stands in the same place. */
export const MANY_ARCHES = 20;
/** The kernel wants the whole table in the first page, at most 16 KiB (xnu bsd/kern/mach_fat.c): what is longer cannot run. */
const MAX_ARCHES = 818;
const AR_MAGIC = Buffer.from("!<arch>\n", "latin1");

/** Byte order and width by the first four bytes; null when they are no universal header's. */
export function fatHeaderKind(magic: Buffer): { wide: boolean; bigEndian: boolean } | null {
  if (magic.length < HEADER_SIZE) return null;
  for (const bigEndian of [true, false]) {
    const value = new Fields(magic, bigEndian).u32(0);
    if (value === FAT_MAGIC || value === FAT_MAGIC_64) return { wide: value === FAT_MAGIC_64, bigEndian };
  }
  return null;
}

/** Null when the magic stands for something else: a Java class file, a universal static library, noise. */
export function readFatHeader(source: ByteSource, kind: { wide: boolean; bigEndian: boolean }): FatHeader | null {
  const archSize = kind.wide ? ARCH_SIZE_64 : ARCH_SIZE;
  const wanted = HEADER_SIZE + (MAX_ARCHES + 1) * archSize;
  const table = new Fields(source.read(0, Math.min(source.size, wanted)), kind.bigEndian);
  const count = table.u32(4);
  if (count > MAX_ARCHES) return null;
  const available = Math.floor((table.bytes.length - HEADER_SIZE) / archSize);
  const arches: FatArch[] = [];
  for (let index = 0; index < Math.min(count, available); index++)
    arches.push(readArch(table, HEADER_SIZE + index * archSize, kind.wide));
  // Security looks one entry further for an arm64 slice that old systems were not to see (Security macho++.cpp).
  const extra = count < available ? readArch(table, HEADER_SIZE + count * archSize, kind.wide) : null;
  const hidden = extra !== null && extra.cpuType === CPU_TYPE_ARM64;
  if (hidden) arches.push(extra);
  if (count > MANY_ARCHES && !arches.some((arch) => startsWith(source, arch, isMachO))) return null;
  if (arches.length > 0 && arches.every((arch) => startsWith(source, arch, isArchive))) return null;
  return {
    arches,
    hidden,
    truncated: available < count,
    loadable: !kind.wide && kind.bigEndian,
    end: HEADER_SIZE + arches.length * archSize,
    limit: kind.wide ? Number.MAX_SAFE_INTEGER : 2 ** 32 - 1,
  };
}

/** struct fat_arch and fat_arch_64. */
function readArch(table: Fields, at: number, wide: boolean): FatArch {
  return {
    cpuType: table.u32(at),
    cpuSubtype: table.u32(at + 4),
    offset: wide ? table.u64(at + 8) : table.u32(at + 8),
    size: wide ? table.u64(at + 16) : table.u32(at + 12),
    align: table.u32(at + (wide ? 24 : 16)),
  };
}

function startsWith(source: ByteSource, { offset }: FatArch, is: (start: Buffer) => boolean): boolean {
  return offset + AR_MAGIC.length <= source.size && is(source.read(offset, AR_MAGIC.length));
}

function isMachO(start: Buffer): boolean {
  return machHeaderKind(start) !== null;
}

function isArchive(start: Buffer): boolean {
  return start.equals(AR_MAGIC);
}
