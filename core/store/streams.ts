import { firstRow, type ReadDb, run, type Stream, type WriteDb } from "./handle.ts";

const NOTHING_YET = -1;

/** The number of one source of one helper session, or null when the database has never seen it. */
export function findStream(db: ReadDb, session: string, src: string): { id: number; high: number } | null {
  return firstRow(db, "SELECT id, high FROM stream WHERE session = ? AND src = ?", session, src);
}

/** As {@link findStream}, remembered by the writer. */
export function rememberedStream(db: WriteDb, session: string, src: string): Stream | null {
  const remembered = db.memory.streams.get(session)?.get(src);
  if (remembered !== undefined) return remembered;
  const found = findStream(db, session, src);
  return found === null ? null : remember(db, session, src, { ...found, dirty: false });
}

/** The stream, added when it is new. Runs inside the caller's transaction. */
export function ensureStream(db: WriteDb, session: string, src: string): Stream {
  const known = rememberedStream(db, session, src);
  if (known !== null) return known;
  const id = run(db, "INSERT INTO stream (session, src, high) VALUES (?, ?, ?)", session, src, NOTHING_YET);
  return remember(db, session, src, { id, high: NOTHING_YET, dirty: false });
}

function remember(db: WriteDb, session: string, src: string, stream: Stream): Stream {
  let bySource = db.memory.streams.get(session);
  if (bySource === undefined) {
    bySource = new Map();
    db.memory.streams.set(session, bySource);
  }
  bySource.set(src, stream);
  return stream;
}

/** Writes the high-water marks that moved. Runs inside the caller's transaction. */
export function writeHighMarks(db: WriteDb): void {
  for (const bySource of db.memory.streams.values()) {
    for (const stream of bySource.values()) {
      if (!stream.dirty) continue;
      run(db, "UPDATE stream SET high = ? WHERE id = ?", stream.high, stream.id);
      stream.dirty = false;
    }
  }
}
