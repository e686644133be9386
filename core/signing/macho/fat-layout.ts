import type { Problem } from "#contract/inspection.ts";
import type { ByteSource } from "../byte-source.ts";
import type { FatArch, FatHeader } from "./fat-header.ts";
import { MANY_ARCHES } from "./fat-header.ts";
import { machoProblem } from "./problems.ts";

/** mach-o/fat.h: slices are aligned to at most this power of two (MAXSECTALIGN of cctools). */
const MAX_ALIGN = 15;
/** Bytes between slices that are looked at, all together. Real gaps are shorter than one alignment each. */
const MAX_GAP_READ = 1024 * 1024;

/** `contradictions` make the file ambiguous; `strays` are bytes that no slice holds, which matter only when something is signed. */
export interface FatLayout {
  contradictions: Problem[];
  strays: Problem[];
}

/**
 * What the kernel and Security ask of a universal file's layout (xnu fatfile_validate_fatarches; Security macho++.cpp, Universal).
 * Reads only the gaps.
 */
export function checkFatLayout(source: ByteSource, header: FatHeader): FatLayout {
  const contradictions: Problem[] = [];
  if (header.truncated) contradictions.push(machoProblem("fat-header-truncated"));
  if (header.arches.length === 0) contradictions.push(machoProblem("fat-no-architectures"));
  if (header.arches.length > MANY_ARCHES) contradictions.push(machoProblem("fat-too-many-architectures"));
  if (hasDuplicate(header.arches)) contradictions.push(machoProblem("fat-duplicate-architecture"));
  const sorted = [...header.arches].sort((a, b) => a.offset - b.offset || a.size - b.size);
  if (overlaps(sorted, header.end)) contradictions.push(machoProblem("fat-overlapping-slices"));
  return { contradictions, strays: findStrays(source, sorted, header.end) };
}

function hasDuplicate(arches: readonly FatArch[]): boolean {
  return new Set(arches.map(({ cpuType, cpuSubtype }) => `${cpuType}:${cpuSubtype}`)).size < arches.length;
}

function overlaps(sorted: readonly FatArch[], headerEnd: number): boolean {
  let end = headerEnd;
  for (const [index, arch] of sorted.entries()) {
    // Two at one place overlap also when one is empty: Security takes neither.
    if (arch.offset < end || sorted[index + 1]?.offset === arch.offset) return true;
    end = Math.max(end, arch.offset + arch.size);
  }
  return false;
}

function findStrays(source: ByteSource, sorted: readonly FatArch[], headerEnd: number): Problem[] {
  const found = new Set<"fat-gap-not-empty" | "fat-gap-too-large" | "fat-trailing-data">();
  let end = headerEnd;
  let budget = MAX_GAP_READ;
  for (const [index, { offset, size, align }] of sorted.entries()) {
    const gap = Math.min(offset, source.size) - end;
    if (gap > 0) {
      if (gap > budget || (index > 0 && (align > MAX_ALIGN || gap >= 2 ** align))) found.add("fat-gap-too-large");
      const read = Math.min(gap, budget);
      budget -= read;
      if (!isZero(source.read(end, read))) found.add("fat-gap-not-empty");
    }
    end = Math.max(end, offset + size);
  }
  if (sorted.length > 0 && end < source.size) found.add("fat-trailing-data");
  return [...found].map(machoProblem);
}

const ZEROS = Buffer.alloc(4096);

function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const end = Math.min(at + ZEROS.length, bytes.length);
    if (bytes.compare(ZEROS, 0, end - at, at, end) !== 0) return false;
  }
  return true;
}
