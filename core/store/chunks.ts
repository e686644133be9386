import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { EventFact } from "#contract/timeline.ts";
import { firstRow, type ReadDb, run, type WriteDb } from "./handle.ts";
import type { EventRecord } from "./records.ts";

/**
 * Raw records and facts of consecutive rows, packed together because they resemble each other.
 * Layout before compression, little-endian: u32 count; for each record u32 end of its facts, u32 end of its raw text
 * (offsets into what follows); then the bytes.
 */
const WORD = 4;
/** A chunk is closed once it is this big, so that opening a record never unpacks much more than this. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const UNPACKED_KEPT = 4;
/** No chunk can be larger: the limit for the last record is a frame's, whose text and facts may each be that long. */
const MAX_UNPACKED = 256 * 1024 * 1024;
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

type Packable = Pick<EventRecord, "raw" | "facts">;

/** Stores the raws and facts of rows `firstRowId`, `firstRowId + 1`, …; runs inside the caller's transaction. */
export function storeChunks(db: WriteDb, firstRowId: number, records: readonly Packable[]): void {
  let start = 0;
  while (start < records.length) {
    const end = chunkEnd(records, start);
    const body = zstdCompressSync(pack(records.slice(start, end)), FASTEST);
    const rows = end - start;
    run(
      db,
      "INSERT INTO chunk (first_row, rows, live, body) VALUES (?, ?, ?, ?)",
      firstRowId + start,
      rows,
      rows,
      body,
    );
    start = end;
  }
}

function chunkEnd(records: readonly Packable[], start: number): number {
  let size = 0;
  let end = start;
  while (end < records.length && (end === start || size < CHUNK_BYTES)) size += records[end++]?.raw.length ?? 0;
  return end;
}

function pack(records: readonly Packable[]): Buffer {
  const texts = records.flatMap((record) => [JSON.stringify(record.facts), record.raw]);
  const head = WORD * (1 + texts.length);
  // Measured first, though that reads every text twice: room for UTF-8's worst case would be three times too much.
  const buffer = scratch(texts.reduce((sum, text) => sum + Buffer.byteLength(text), head));
  buffer.writeUInt32LE(records.length, 0);
  let end = 0;
  for (const [index, text] of texts.entries()) {
    end += buffer.write(text, head + end);
    buffer.writeUInt32LE(end, WORD * (1 + index));
  }
  return buffer;
}

let kept = Buffer.alloc(0);

/** Room that is overwritten by the next chunk: fresh memory of this size for each commit would pile up between collections. */
function scratch(size: number): Buffer {
  if (size > 2 * CHUNK_BYTES) return Buffer.allocUnsafeSlow(size);
  if (kept.length < size) kept = Buffer.allocUnsafeSlow(size);
  return kept.subarray(0, size);
}

export interface Unpacked {
  facts: EventFact[];
  raw: string;
  rawTruncated: boolean;
}

const NOTHING: Unpacked = { facts: [], raw: "", rawTruncated: false };

/** The raw record and facts of one row; `maxRaw` in bytes. Empty when the chunk does not have it. */
export function readChunked(db: ReadDb, rowId: number, maxRaw: number): Unpacked {
  const place = firstRow<{ first_row: number; rows: number }>(
    db,
    "SELECT first_row, rows FROM chunk WHERE first_row <= ? ORDER BY first_row DESC LIMIT 1",
    rowId,
  );
  if (place === null || rowId >= place.first_row + place.rows) return NOTHING;
  const chunk = unpackedChunk(db, place.first_row);
  const index = rowId - place.first_row;
  const endOf = (text: number) => (text < 0 ? 0 : chunk.readUInt32LE(WORD * (1 + text)));
  const head = WORD * (1 + 2 * chunk.readUInt32LE(0));
  const factsEnd = endOf(2 * index);
  const rawEnd = endOf(2 * index + 1);
  const cut = Math.min(rawEnd, factsEnd + maxRaw);
  return {
    facts: parseFacts(chunk.toString("utf8", head + endOf(2 * index - 1), head + factsEnd)),
    raw: chunk.toString("utf8", head + factsEnd, head + cut),
    rawTruncated: cut < rawEnd,
  };
}

function unpackedChunk(db: ReadDb, first: number): Buffer {
  const kept = db.chunks.get(first);
  if (kept !== undefined) return kept;
  const found = firstRow<{ body: Uint8Array }>(db, "SELECT body FROM chunk WHERE first_row = ?", first);
  const chunk = zstdDecompressSync(found?.body ?? new Uint8Array(), { maxOutputLength: MAX_UNPACKED });
  for (const oldest of db.chunks.keys()) {
    if (db.chunks.size < UNPACKED_KEPT) break;
    db.chunks.delete(oldest);
  }
  db.chunks.set(first, chunk);
  return chunk;
}

function parseFacts(json: string): EventFact[] {
  const parsed = EventFact.array().safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : [];
}
