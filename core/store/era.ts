import { firstRow, type WriteDb, type WriterMemory } from "./handle.ts";
import { warmStrings } from "./strings.ts";
import { warmSubjects } from "./subjects.ts";

/** Rows of an era. More would hold more in memory, fewer would store the same texts more often. */
const ERA_ROWS = 20_000;

/**
 * Texts and subjects are stored once an era, not once for ever: an index that found the older ones would cost every
 * commit more than the copies do. Where an era begins is kept in the database and all of it is brought to mind when a
 * writer opens it, so the ids that are given do not depend on when the writer was last restarted.
 * Runs inside the caller's transaction, before it stores anything.
 */
export function enterEra(db: WriteDb, meta: NonNullable<WriterMemory["meta"]>): void {
  const { memory } = db;
  if (meta.nextRow - meta.eraRow >= ERA_ROWS) {
    meta.eraRow = meta.nextRow;
    meta.eraString = nextId(db, "SELECT max(id) AS id FROM string");
    meta.eraSubject = nextId(db, "SELECT max(id) AS id FROM subject");
    memory.strings.clear();
    memory.subjects.clear();
    memory.warm = true;
  }
  if (memory.warm) return;
  warmStrings(db, meta.eraString);
  warmSubjects(db, meta.eraSubject);
  memory.warm = true;
}

function nextId(db: WriteDb, greatest: string): number {
  return (firstRow<{ id: number | null }>(db, greatest)?.id ?? 0) + 1;
}
