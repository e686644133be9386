import { DAY, type Micros } from "#core/base/clock.ts";
import { asStoreError } from "./errors.ts";
import { allRows, firstRow, forgetMemory, run, type WriteDb } from "./handle.ts";
import { rememberedMeta, writeMeta } from "./meta.ts";
import { addPruned } from "./pruned.ts";
import { NO_STRING, removeString } from "./strings.ts";
import { removeSubject } from "./subjects.ts";

export interface RetentionPolicy {
  /** Events older than this are removed. */
  maxAge: Micros;
  /** The oldest events are removed while the database holds more than this. */
  maxBytes: number;
}

export const DEFAULT_RETENTION: RetentionPolicy = { maxAge: 30 * DAY, maxBytes: 1_000_000_000 };

export interface Pruned {
  rows: number;
  /** What the rows, their texts and raw records freed. */
  bytes: number;
  /** More has to go: call again when there is time. Until then nothing is over a limit by more than it was. */
  more: boolean;
}

/** Rows a step removes, so that one call is about as long as the commit of a few batches. */
const STEP_ROWS = 500;
/** Pages handed back to the file system a step. */
const STEP_PAGES = 2000;

interface Doomed {
  row_id: number;
  stream: number;
  n: number;
  origin: number;
  subject: number;
  detail: number;
}

/**
 * Removes one bounded step of the oldest events that are past the limits. Findings stay, with their evidence in words;
 * counters of what arrived stay; what was removed is still known, so that reading a capture again does not bring it back.
 * @param now the clock's time: during a replay the newest event's
 * @throws StoreError; nothing is removed then
 */
export function prune(db: WriteDb, now: Micros, policy: RetentionPolicy = DEFAULT_RETENTION): Pruned {
  try {
    const before = usedBytes(db);
    const rows = db.sqlite.transaction(() => removeStep(db, now, policy)).immediate();
    const bytes = Math.max(0, before - usedBytes(db));
    db.sqlite.pragma(`incremental_vacuum(${STEP_PAGES})`);
    return { rows, bytes, more: doomed(db, now, policy, 1).length > 0 };
  } catch (error) {
    forgetMemory(db);
    throw asStoreError(error);
  }
}

/** Bytes the database uses, without pages that are free to be used again. */
export function usedBytes(db: WriteDb): number {
  const pragma = (name: string) => Number(db.sqlite.pragma(name, { simple: true }));
  return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
}

function doomed(db: WriteDb, now: Micros, policy: RetentionPolicy, limit: number): Doomed[] {
  const before = usedBytes(db) > policy.maxBytes ? Number.MAX_SAFE_INTEGER : now - policy.maxAge;
  return allRows<Doomed>(
    db,
    `SELECT row_id, stream, n, origin, subject, detail FROM event WHERE time < ?
     ORDER BY time, row_id LIMIT ?`,
    before,
    limit,
  );
}

function removeStep(db: WriteDb, now: Micros, policy: RetentionPolicy): number {
  const events = doomed(db, now, policy, STEP_ROWS);
  if (events.length === 0) return 0;
  for (const event of events) {
    run(db, "DELETE FROM event WHERE row_id = ?", event.row_id);
    run(db, "DELETE FROM finding_event WHERE stream = ? AND n = ?", event.stream, event.n);
    run(db, "UPDATE origin_rows SET rows = rows - 1 WHERE origin = ?", event.origin);
    run(
      db,
      `UPDATE chunk SET live = live - 1
       WHERE first_row = (SELECT first_row FROM chunk WHERE first_row <= ? ORDER BY first_row DESC LIMIT 1)`,
      event.row_id,
    );
  }
  run(db, "DELETE FROM chunk WHERE live <= 0 AND first_row <= ?", Math.max(...events.map((event) => event.row_id)));
  addPruned(db, events);
  removeUnused(db, events);
  const meta = rememberedMeta(db);
  meta.rows -= events.length;
  meta.commits += 1;
  writeMeta(db, meta);
  return events.length;
}

/** Removes the subjects and texts that only the removed events had. */
function removeUnused(db: WriteDb, events: readonly Doomed[]): void {
  const strings = new Set(events.map((event) => event.detail));
  for (const subject of new Set(events.map((event) => event.subject))) {
    if (firstRow(db, "SELECT 1 FROM event WHERE subject = ? LIMIT 1", subject) !== null) continue;
    for (const string of removeSubject(db, subject)) strings.add(string);
  }
  strings.delete(NO_STRING);
  for (const string of strings) {
    if (firstRow(db, "SELECT 1 FROM event WHERE detail = ? LIMIT 1", string) !== null) continue;
    if (firstRow(db, "SELECT 1 FROM mention WHERE string = ? LIMIT 1", string) !== null) continue;
    removeString(db, string);
  }
}
