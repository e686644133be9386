import type { Problem } from "#contract/inspection.ts";
import { BLOB_HEADER, magicOf } from "./blob-format.ts";
import { blobProblem, malformedBlob } from "./problems.ts";

/** Magic, length, count. */
const HEADER = 12;
const INDEX_ENTRY = 8;
/** Real signatures have at most a dozen parts, real requirement sets five. */
const MAX_BLOBS = 64;

export interface SuperBlob {
  /** Whole blobs by slot (or requirement type); of two for one slot or over each other, the first. */
  blobs: ReadonlyMap<number, Buffer>;
  problems: Problem[];
}

/**
 * A blob of blobs: an embedded signature or a set of requirements. Goes on past what is wrong, so that what the rest
 * claims can be shown; bytes after the stated length are not part of it (linkers and codesign leave junk there).
 * xnu bsd/kern/ubc_subr.c cs_validate_csblob; Security superblob.h validateBlob.
 * @throws Malformed when it is no such blob at all
 */
export function readSuperBlob(bytes: Buffer, magic: number): SuperBlob {
  if (bytes.length < HEADER) throw malformedBlob("superblob-truncated");
  if (magicOf(bytes) !== magic) throw malformedBlob("superblob-bad-magic");
  const problems: Problem[] = [];
  const stated = bytes.readUInt32BE(4);
  if (stated < HEADER || stated > bytes.length) problems.push(blobProblem("superblob-bad-length"));
  const whole = stated < HEADER ? bytes : bytes.subarray(0, stated);

  const count = whole.readUInt32BE(8);
  const room = Math.floor((whole.length - HEADER) / INDEX_ENTRY);
  if (count > room) problems.push(blobProblem("superblob-bad-count"));
  else if (count > MAX_BLOBS) problems.push(blobProblem("superblob-too-many-blobs"));
  const taken = Math.min(count, room, MAX_BLOBS);
  // Of an index that cannot be right, what lies where it would be is still taken for what it is.
  const indexEnd = count > room ? HEADER : HEADER + count * INDEX_ENTRY;

  const blobs = new Map<number, Buffer>();
  const spans: Span[] = [];
  for (let index = 0; index < taken; index += 1) {
    const entry = HEADER + index * INDEX_ENTRY;
    const slot = whole.readUInt32BE(entry);
    const blob = blobAt(whole, whole.readUInt32BE(entry + 4), indexEnd);
    if (blob === null) {
      problems.push(blobProblem("superblob-bad-offset"));
      continue;
    }
    // Left out, so that no byte is ever gone through more often than once.
    if (spans.some(({ start, end }) => blob.byteOffset < end && start < blob.byteOffset + blob.length)) {
      problems.push(blobProblem("superblob-overlap"));
      continue;
    }
    spans.push({ start: blob.byteOffset, end: blob.byteOffset + blob.length });
    if (blobs.has(slot)) problems.push(blobProblem("superblob-duplicate-slot"));
    else blobs.set(slot, blob);
  }
  return { blobs, problems };
}

/** Null when it is not wholly inside, after the index. */
function blobAt(whole: Buffer, offset: number, indexEnd: number): Buffer | null {
  if (offset < indexEnd || offset + BLOB_HEADER > whole.length) return null;
  const length = whole.readUInt32BE(offset + 4);
  if (length < BLOB_HEADER || offset + length > whole.length) return null;
  return whole.subarray(offset, offset + length);
}

interface Span {
  start: number;
  end: number;
}
