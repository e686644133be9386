import * as crypto from "node:crypto";
import type { CodeDirectory, HashKind } from "../code-signature.ts";
import type { Chunk } from "./chunk.ts";

const ALGORITHM: Readonly<Record<HashKind, "sha1" | "sha256" | "sha384">> = {
  sha1: "sha1",
  sha256: "sha256",
  "sha256-truncated": "sha256",
  sha384: "sha384",
};
const HASH_SIZE: Readonly<Record<HashKind, number>> = { sha1: 20, sha256: 32, "sha256-truncated": 20, sha384: 48 };

/** What one CodeDirectory expects, and how far that was wrong. */
export interface PageTally {
  directory: CodeDirectory;
  pages: number;
  bad: number;
  firstBad: number | null;
}

/** Pages that are hashed once for every CodeDirectory that has the same algorithm, page size and end. */
export interface PageJob {
  tallies: PageTally[];
  /** Bytes of the slice that are hashed. */
  limit: number;
  /** The chunk's first `length` bytes are the slice's from `start` on. Called for each chunk in order; one past the end does nothing. */
  take(length: number, start: number): void;
}

/** Pages that fill the chunk evenly are hashed in one call each, others piece by piece. */
export function pageJobs(directories: readonly CodeDirectory[], sliceSize: number, chunk: Chunk): PageJob[] {
  const groups = new Map<string, CodeDirectory[]>();
  for (const directory of directories) {
    const key = `${ALGORITHM[directory.hash]}:${directory.pageSize}:${directory.codeLimit}`;
    const group = groups.get(key);
    if (group) group.push(directory);
    else groups.set(key, [directory]);
  }
  return [...groups.values()].map((group) => pageJob(group, sliceSize, chunk));
}

function pageJob(group: readonly CodeDirectory[], sliceSize: number, chunk: Chunk): PageJob {
  const [first] = group;
  const limit = Math.min(first?.codeLimit ?? 0, sliceSize);
  const pageSize = first?.pageSize ?? Math.max(limit, 1);
  const pages = Math.ceil(limit / pageSize);
  const tallies = group.map((directory): PageTally => ({ directory, pages, bad: 0, firstBad: null }));
  const algorithm = ALGORITHM[first?.hash ?? "sha256"];
  const chunkSize = chunk.bytes.length;
  const even = pageSize <= chunkSize && chunkSize % pageSize === 0;
  const make = even ? wholePages : streamedPages;
  return { tallies, limit, take: make({ tallies, algorithm, pageSize, limit, chunk }) };
}

interface Work {
  tallies: readonly PageTally[];
  algorithm: string;
  pageSize: number;
  limit: number;
  chunk: Chunk;
}

/** "binary" is Latin-1: the digest as a string, which is the fastest form that Node hands out and costs no Buffer a page. */
function wholePages({ tallies, algorithm, pageSize, limit, chunk }: Work): PageJob["take"] {
  const views = chunk.pages(pageSize);
  return (length, start) => {
    const end = Math.min(length, limit - start);
    let page = start / pageSize;
    let at = 0;
    for (const view of views) {
      if (at >= end) return;
      const whole = at + pageSize <= end;
      compare(tallies, page, crypto.hash(algorithm, whole ? view : view.subarray(0, end - at), "binary"));
      page += 1;
      at += pageSize;
    }
  };
}

/** Pages that do not fit into a chunk, the endless one above all. */
function streamedPages({ tallies, algorithm, pageSize, limit, chunk }: Work): PageJob["take"] {
  let hasher = crypto.createHash(algorithm);
  let page = 0;
  return (length, start) => {
    const end = Math.min(length, limit - start);
    let at = 0;
    while (at < end) {
      const pageEnd = Math.min((page + 1) * pageSize, limit) - start;
      const until = Math.min(end, pageEnd);
      hasher.update(chunk.bytes.subarray(at, until));
      at = until;
      if (until < pageEnd) return;
      compare(tallies, page, hasher.digest("binary"));
      hasher = crypto.createHash(algorithm);
      page += 1;
    }
  };
}

function compare(tallies: readonly PageTally[], page: number, digest: string): void {
  for (const tally of tallies) {
    if (matches(tally.directory, page, digest)) continue;
    tally.bad += 1;
    tally.firstBad ??= page;
  }
}

function matches({ hash, codeHashes, codeHashCount }: CodeDirectory, page: number, digest: string): boolean {
  if (page >= codeHashCount) return false;
  const size = HASH_SIZE[hash];
  const start = page * size;
  for (let index = 0; index < size; index++) {
    if (digest.charCodeAt(index) !== codeHashes[start + index]) return false;
  }
  return true;
}
