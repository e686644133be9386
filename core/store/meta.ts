import { allRows, type ReadDb, run, type WriteDb, type WriterMemory } from "./handle.ts";

type Meta = NonNullable<WriterMemory["meta"]>;

/** The database's own few numbers: the next row's id, how many rows there are, how many commits changed anything, and where the era begins. */
export function readMeta(db: ReadDb): Meta {
  const values = new Map(
    allRows<{ name: string; value: number }>(db, "SELECT name, value FROM meta").map((row) => [row.name, row.value]),
  );
  return {
    nextRow: values.get("next_row") ?? 1,
    rows: values.get("rows") ?? 0,
    commits: values.get("commits") ?? 0,
    eraRow: values.get("era_row") ?? 1,
    eraString: values.get("era_string") ?? 1,
    eraSubject: values.get("era_subject") ?? 1,
  };
}

export function rememberedMeta(db: WriteDb): Meta {
  db.memory.meta ??= readMeta(db);
  return db.memory.meta;
}

/** Runs inside the caller's transaction. */
export function writeMeta(db: WriteDb, meta: Meta): void {
  run(db, "UPDATE meta SET value = ? WHERE name = 'next_row'", meta.nextRow);
  run(db, "UPDATE meta SET value = ? WHERE name = 'rows'", meta.rows);
  run(db, "UPDATE meta SET value = ? WHERE name = 'commits'", meta.commits);
  run(db, "UPDATE meta SET value = ? WHERE name = 'era_row'", meta.eraRow);
  run(db, "UPDATE meta SET value = ? WHERE name = 'era_string'", meta.eraString);
  run(db, "UPDATE meta SET value = ? WHERE name = 'era_subject'", meta.eraSubject);
}
