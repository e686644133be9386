import type { EventId } from "#contract/source.ts";
import { guarded } from "./errors.ts";
import { firstRow, type ReadDb, type Stream, type WriteDb } from "./handle.ts";
import { storable } from "./integer.ts";
import { rememberedStream } from "./streams.ts";

/**
 * Whether this record was stored before, also when retention has removed it since: reading an old capture again must
 * not bring back what was pruned. Asks the writer's connection, because it answers mostly from memory.
 */
export function isKnown(db: WriteDb, id: EventId): boolean {
  return guarded(() => {
    const stream = rememberedStream(db, id.session, id.src);
    return stream !== null && isKnownIn(db, stream, storable(id.n));
  });
}

/** Above the high-water mark nothing is known; below it, the exact answer: a hole may still be filled. */
export function isKnownIn(db: ReadDb, stream: Stream, n: number): boolean {
  if (n > stream.high) return false;
  return storedRow(db, stream.id, n) !== null || isPruned(db, stream.id, n);
}

export function storedRow(db: ReadDb, stream: number, n: number): number | null {
  return (
    firstRow<{ row_id: number }>(db, "SELECT row_id FROM event WHERE stream = ? AND n = ?", stream, n)?.row_id ?? null
  );
}

function isPruned(db: ReadDb, stream: number, n: number): boolean {
  const range = firstRow<{ last: number }>(
    db,
    "SELECT last FROM pruned WHERE stream = ? AND first <= ? ORDER BY first DESC LIMIT 1",
    stream,
    n,
  );
  return range !== null && n <= range.last;
}
