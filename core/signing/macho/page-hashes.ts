import type { Problem } from "#contract/inspection.ts";
import type { ByteSource } from "../byte-source.ts";
import type { CodeDirectory } from "../code-signature.ts";
import { type Control, step } from "../control.ts";
import type { Slice } from "../slice.ts";
import { Chunk } from "./chunk.ts";
import { type PageTally, pageJobs } from "./page-job.ts";
import { MACHO_SENTENCES, type MachoProblem, machoProblem } from "./problems.ts";

export interface PageResult {
  /** `bad` also when the hashes that are there are right and do not cover all that they must. */
  status: "ok" | "bad";
  /** Of the CodeDirectory with the most; exact. */
  badPages: number;
  /** In the same CodeDirectory, counted from 0. */
  firstBadPage: number | null;
  /** One a CodeDirectory that does not match. What `checkCoverage` finds is not repeated here. */
  problems: Problem[];
}

/** The kernel takes pages of 4 KiB and 16 KiB only (xnu bsd/kern/ubc_subr.c). */
const LOADABLE_PAGE_SIZES: ReadonlySet<number> = new Set([4096, 16384]);
/** Hashing pages smaller than this only wastes time: no signer makes them and the kernel refuses them. */
const MIN_PAGE_SIZE = 512;
const CHUNK_SIZE = 256 * 1024;

/**
 * Whether each CodeDirectory's hashes reach over all bytes before the signature (without one inside: over the whole file),
 * with as many hashes as that takes. Hashes nothing.
 */
export function checkCoverage(slice: Slice, directories: readonly CodeDirectory[]): Problem[] {
  const wanted = slice.signature?.offset ?? slice.size;
  const found = new Set<MachoProblem>();
  for (const { codeLimit, pageSize, codeHashCount } of directories) {
    if (codeLimit < wanted) found.add(codeLimit === 0 ? "nothing-covered" : "code-not-covered");
    if (codeLimit > wanted) found.add("code-limit-too-large");
    if (codeHashCount !== pageCount(codeLimit, pageSize)) found.add("page-count-mismatch");
    if (!isLoadable(pageSize, slice)) found.add("page-size-not-loadable");
  }
  return [...found].map(machoProblem);
}

/** One hash over everything is right for what the kernel does not map: scripts, property lists, disk images. */
function isLoadable(pageSize: number | null, slice: Slice): boolean {
  return pageSize === null ? slice.signature === null : LOADABLE_PAGE_SIZES.has(pageSize);
}

function pageCount(codeLimit: number, pageSize: number | null): number {
  return pageSize === null ? Number(codeLimit > 0) : Math.ceil(codeLimit / pageSize);
}

let reused: Chunk | undefined;

/**
 * Hashes every page for every CodeDirectory in one pass over the file.
 * @throws ReadFault, Cancelled
 */
export function checkPages(
  source: ByteSource,
  slice: Slice,
  directories: readonly CodeDirectory[],
  control: Control,
): PageResult {
  const hashable = directories.filter(({ pageSize }) => pageSize === null || pageSize >= MIN_PAGE_SIZE);
  reused ??= new Chunk(CHUNK_SIZE);
  const jobs = pageJobs(hashable, slice.size, reused);
  const end = Math.max(0, ...jobs.map(({ limit }) => limit));
  step(control, 0);
  for (let start = 0; start < end; start += CHUNK_SIZE) {
    const length = Math.min(CHUNK_SIZE, end - start);
    source.readInto(reused.bytes, slice.offset + start, length);
    for (const job of jobs) job.take(length, start);
    step(control, length);
  }
  return summary(
    jobs.flatMap(({ tallies }) => tallies),
    directories.length > 0 && checkCoverage(slice, directories).length === 0,
  );
}

function summary(tallies: readonly PageTally[], covered: boolean): PageResult {
  const bad = tallies.filter((tally) => tally.bad > 0);
  const worst = bad.reduce<PageTally | null>(
    (most, tally) => (most === null || tally.bad > most.bad ? tally : most),
    null,
  );
  return {
    status: covered && worst === null ? "ok" : "bad",
    badPages: worst?.bad ?? 0,
    firstBadPage: worst?.firstBad ?? null,
    problems: bad.map(({ directory, pages, bad: count, firstBad }) => ({
      id: "page-hash-mismatch",
      message: MACHO_SENTENCES["page-hash-mismatch"](count, pages, firstBad ?? 0, directory.hash),
    })),
  };
}
