import { allRows, type ReadDb } from "./handle.ts";

/** What filters look at: an event without its words. */
export interface EventKey {
  row_id: number;
  time: number;
  origin: number;
  subject: number;
  detail: number;
  severity: number | null;
}

/** A place in the timeline; the rows that follow are older, or as old with a smaller row id. */
export interface Position {
  time: number;
  rowId: number;
}

export const NEWEST: Position = { time: Number.MAX_SAFE_INTEGER, rowId: Number.MAX_SAFE_INTEGER };

/** The indexes that deliver events newest first: all of them, or those with one value in a column. */
export type Path = { by: "all" } | { by: "origin" | "severity" | "subject" | "detail"; value: number };

const COLUMNS = "row_id, time, origin, subject, detail, severity";
const OF: Record<Path["by"], string> = {
  all: "",
  origin: "origin = ? AND",
  severity: "severity = ? AND",
  subject: "subject = ? AND",
  detail: "detail = ? AND",
};

/** Rows of the same instant as a position, and after it. */
export const sameInstantSql = (by: Path["by"]): string =>
  `SELECT ${COLUMNS} FROM event WHERE ${OF[by]} time = ? AND row_id < ? ORDER BY row_id DESC LIMIT ?`;

/** Rows older than an instant. */
export const olderSql = (by: Path["by"]): string =>
  `SELECT ${COLUMNS} FROM event WHERE ${OF[by]} time < ? ORDER BY time DESC, row_id DESC LIMIT ?`;

/**
 * The next events along a path. Two statements, because SQLite takes only the first half of `(time, row_id) < (?, ?)`
 * to its index, and would step over every row of an instant that half the timeline may share.
 */
export function eventsAlong(db: ReadDb, path: Path, after: Position, limit: number): EventKey[] {
  const values = path.by === "all" ? [] : [path.value];
  const same = allRows<EventKey>(db, sameInstantSql(path.by), ...values, after.time, after.rowId, limit);
  if (same.length === limit) return same;
  return [...same, ...allRows<EventKey>(db, olderSql(path.by), ...values, after.time, limit - same.length)];
}

/** Negative when `a` is the newer one. */
export function newerFirst(a: EventKey, b: EventKey): number {
  return b.time - a.time || b.row_id - a.row_id;
}

/** Merges paths whose events are disjoint into one stream, newest first, reading `step` events of a path at a time. */
export function* mergedNewestFirst(
  db: ReadDb,
  paths: readonly Path[],
  from: Position,
  step: number,
): Generator<EventKey, void, undefined> {
  const cursors = paths.map((path) => ({ path, events: eventsAlong(db, path, from, step), next: 0 }));
  for (;;) {
    let best: (typeof cursors)[number] | null = null;
    let newest: EventKey | null = null;
    for (const cursor of cursors) {
      const event = cursor.events[cursor.next];
      if (event !== undefined && (newest === null || newerFirst(event, newest) < 0)) {
        best = cursor;
        newest = event;
      }
    }
    if (best === null || newest === null) return;
    yield newest;
    best.next += 1;
    if (best.next === best.events.length && best.next === step) {
      best.events = eventsAlong(db, best.path, { time: newest.time, rowId: newest.row_id }, step);
      best.next = 0;
    }
  }
}
