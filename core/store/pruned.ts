import { firstRow, run, type WriteDb } from "./handle.ts";

interface Removed {
  stream: number;
  n: number;
}

/** Remembers removed records as ranges of n, joined where they touch. Runs inside the caller's transaction. */
export function addPruned(db: WriteDb, removed: readonly Removed[]): void {
  const sorted = removed.toSorted((a, b) => a.stream - b.stream || a.n - b.n);
  let range: { stream: number; first: number; last: number } | null = null;
  for (const { stream, n } of sorted) {
    if (range !== null && range.stream === stream && n <= range.last + 1) range.last = n;
    else {
      if (range !== null) addRange(db, range.stream, range.first, range.last);
      range = { stream, first: n, last: n };
    }
  }
  if (range !== null) addRange(db, range.stream, range.first, range.last);
}

function addRange(db: WriteDb, stream: number, first: number, last: number): void {
  const left = firstRow<{ first: number; last: number }>(
    db,
    "SELECT first, last FROM pruned WHERE stream = ? AND first < ? ORDER BY first DESC LIMIT 1",
    stream,
    first,
  );
  const right = firstRow<{ first: number; last: number }>(
    db,
    "SELECT first, last FROM pruned WHERE stream = ? AND first = ?",
    stream,
    last + 1,
  );
  if (right !== null) run(db, "DELETE FROM pruned WHERE stream = ? AND first = ?", stream, right.first);
  run(
    db,
    `INSERT INTO pruned (stream, first, last) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET last = excluded.last`,
    stream,
    left?.last === first - 1 ? left.first : first,
    right?.last ?? last,
  );
}
