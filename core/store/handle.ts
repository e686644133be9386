import type Database from "better-sqlite3";

/** The few kinds of value that cross into SQLite here. */
export type SqlValue = string | number | null | Uint8Array;

/** A connection that reads. Functions that only read take this, so they work on the writer's connection too. */
export interface ReadDb {
  readonly access: "read" | "write";
  readonly sqlite: Database.Database;
  readonly statements: Map<string, Database.Statement<SqlValue[]>>;
  /** Unpacked chunks, by their first row. */
  readonly chunks: Map<number, Buffer>;
  /** The last filters' row counts, by filter and commit. */
  readonly matchCounts: Map<string, number | null>;
}

/** The one connection that writes; what it remembers is true only because nobody else writes. */
export interface WriteDb extends ReadDb {
  readonly access: "write";
  readonly memory: WriterMemory;
}

/** What the writer knows of the database without asking it. Any of it may be forgotten at any time. */
export interface WriterMemory {
  /** Texts stored since the era began. */
  readonly strings: Map<string, number>;
  readonly subjects: Map<string, number>;
  /** Whether `strings` and `subjects` hold what was stored last. */
  warm: boolean;
  /** By session, then source. */
  readonly streams: Map<string, Map<string, Stream>>;
  /** null until read. */
  meta: {
    nextRow: number;
    rows: number;
    commits: number;
    eraRow: number;
    eraString: number;
    eraSubject: number;
  } | null;
}

/** One source within one helper session. */
export interface Stream {
  readonly id: number;
  /** The greatest `n` ever stored. */
  high: number;
  /** `high` has not been written yet. */
  dirty: boolean;
}

export function readHandle(sqlite: Database.Database): ReadDb {
  return { access: "read", sqlite, statements: new Map(), chunks: new Map(), matchCounts: new Map() };
}

export function writeHandle(sqlite: Database.Database): WriteDb {
  const memory: WriterMemory = {
    strings: new Map(),
    subjects: new Map(),
    warm: false,
    streams: new Map(),
    meta: null,
  };
  return { ...readHandle(sqlite), access: "write", memory };
}

/** Forgets what a rolled-back transaction may have made untrue. */
export function forgetMemory(db: WriteDb): void {
  db.memory.strings.clear();
  db.memory.subjects.clear();
  db.memory.warm = false;
  db.memory.streams.clear();
  db.memory.meta = null;
  db.chunks.clear();
  db.matchCounts.clear();
}

/** The prepared statement for `sql`, made once a connection. `sql` is always a constant of ours. */
export function prepared(db: ReadDb, sql: string): Database.Statement<SqlValue[]> {
  let statement = db.statements.get(sql);
  if (statement === undefined) {
    statement = db.sqlite.prepare<SqlValue[]>(sql);
    db.statements.set(sql, statement);
  }
  return statement;
}

/** `T` is the shape that the statement's columns have: a claim about our own SQL. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the row's shape
export function firstRow<T>(db: ReadDb, sql: string, ...values: SqlValue[]): T | null {
  return (prepared(db, sql).get(...values) as T | undefined) ?? null;
}

export function allRows<T>(db: ReadDb, sql: string, ...values: SqlValue[]): T[] {
  return prepared(db, sql).all(...values) as T[];
}

export function run(db: WriteDb, sql: string, ...values: SqlValue[]): number {
  return Number(prepared(db, sql).run(...values).lastInsertRowid);
}
