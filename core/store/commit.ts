import type { Finding } from "#contract/finding.ts";
import { checkpointWhenLarge } from "./checkpoint.ts";
import { storeChunks } from "./chunks.ts";
import { ORIGIN_CODES } from "./codes.ts";
import { addCounters } from "./counters.ts";
import { enterEra } from "./era.ts";
import { asStoreError } from "./errors.ts";
import { findingsById } from "./findings.ts";
import { forgetMemory, run, type WriteDb } from "./handle.ts";
import { storable } from "./integer.ts";
import { appendJournal } from "./journal.ts";
import { isKnownIn } from "./known.ts";
import { rememberedMeta, writeMeta } from "./meta.ts";
import type { Batch, EventRecord } from "./records.ts";
import { writeState } from "./state.ts";
import { ensureStream, writeHighMarks } from "./streams.ts";
import { internString } from "./strings.ts";
import { internSubject } from "./subjects.ts";
import { applyEarlierFindings, writeFindings } from "./write-findings.ts";

export interface Committed {
  /** The rows added, in the order of the batch's records (those already known are left out). */
  rowIds: number[];
  /** The batch's findings as they are stored now. */
  findings: Finding[];
  /** Rows of earlier batches whose severity changed: a screen that shows them must read them again. */
  changedRowIds: number[];
  inserted: number;
}

const ADD_EVENT = `INSERT INTO event (row_id, time, stream, n, origin, subject, detail) VALUES (?, ?, ?, ?, ?, ?, ?)`;

/**
 * Stores a batch: all of it or, when it throws, nothing. A record that is already known is left out, so committing a
 * batch again changes nothing but its counters.
 * @throws StoreFull when the disk takes no more (the same batch may be tried again), StoreError otherwise
 */
export function commitBatch(db: WriteDb, batch: Batch): Committed {
  try {
    const committed = db.sqlite.transaction(() => writeBatch(db, batch)).immediate();
    checkpointWhenLarge(db);
    return committed;
  } catch (error) {
    forgetMemory(db);
    throw asStoreError(error);
  }
}

function writeBatch(db: WriteDb, batch: Batch): Committed {
  const meta = rememberedMeta(db);
  enterEra(db, meta);
  const firstRowId = meta.nextRow;
  const fresh = batch.records.filter((record) => addEvent(db, meta, record));
  if (fresh.length > 0) {
    storeChunks(db, firstRowId, fresh);
    countRows(db, fresh);
    applyEarlierFindings(db, firstRowId);
  }
  const { ids, changedRows } = writeFindings(db, batch.findings);
  writeState(db, batch.state);
  // A batch whose records are all known was committed before, and its lines with it.
  if (fresh.length > 0 || batch.records.length === 0) appendJournal(db, batch.journal);
  addCounters(db, batch.counters);
  writeHighMarks(db);
  meta.commits += 1;
  writeMeta(db, meta);
  return {
    rowIds: fresh.map((_, index) => firstRowId + index),
    findings: findingsById(db, ids),
    changedRowIds: [...changedRows].filter((row) => row < firstRowId),
    inserted: fresh.length,
  };
}

/** Adds the record under the next row id, unless it is known. */
function addEvent(db: WriteDb, meta: { nextRow: number; rows: number }, record: EventRecord): boolean {
  const stream = ensureStream(db, record.id.session, record.id.src);
  const n = storable(record.id.n);
  if (isKnownIn(db, stream, n)) return false;
  const subject = internSubject(db, record);
  const detail = internString(db, record.detail);
  const origin = ORIGIN_CODES[record.origin];
  run(db, ADD_EVENT, meta.nextRow, storable(record.time), stream.id, n, origin, subject, detail);
  meta.nextRow += 1;
  meta.rows += 1;
  if (n > stream.high) {
    stream.high = n;
    stream.dirty = true;
  }
  return true;
}

/** Rows per origin are kept as a count, because counting them would read the whole index. */
function countRows(db: WriteDb, added: readonly EventRecord[]): void {
  for (const [origin, records] of Map.groupBy(added, (record) => record.origin)) {
    run(
      db,
      "INSERT INTO origin_rows (origin, rows) VALUES (?, ?) ON CONFLICT DO UPDATE SET rows = rows + excluded.rows",
      ORIGIN_CODES[origin],
      records.length,
    );
  }
}
