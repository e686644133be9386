import { ORIGIN_CODES } from "./codes.ts";
import { allRows, firstRow, run, type WriteDb } from "./handle.ts";
import type { EventRecord } from "./records.ts";
import { internString, NO_STRING } from "./strings.ts";

/** Longest kind kept. */
const MAX_KIND = 128;

interface SubjectRow {
  title: number;
  path: number;
  actor: number;
  signing_id: number;
  team_id: number;
  cdhash: number;
  origin: number;
  kind: string;
  trust: string | null;
}

const COLUMNS = "title, path, actor, signing_id, team_id, cdhash, origin, kind, trust";

function keyOf(row: SubjectRow): string {
  return `${row.title},${row.path},${row.actor},${row.signing_id},${row.team_id},${row.cdhash},${row.origin},${row.trust},${row.kind}`;
}

function stringsOf(row: SubjectRow): Set<number> {
  const strings = new Set([row.title, row.path, row.actor, row.signing_id, row.team_id, row.cdhash]);
  strings.delete(NO_STRING);
  return strings;
}

/** The id of the record's subject: everything about it that many records share. Runs inside the caller's transaction. */
export function internSubject(db: WriteDb, record: EventRecord): number {
  const row: SubjectRow = {
    title: internString(db, record.title),
    path: internString(db, record.path),
    actor: internString(db, record.actor),
    signing_id: internString(db, record.signingId),
    team_id: internString(db, record.teamId),
    cdhash: internString(db, record.cdhash),
    origin: ORIGIN_CODES[record.origin],
    kind: record.kind.slice(0, MAX_KIND),
    trust: record.trust,
  };
  const key = keyOf(row);
  const remembered = db.memory.subjects.get(key);
  if (remembered !== undefined) return remembered;
  const id = run(
    db,
    `INSERT INTO subject (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.title,
    row.path,
    row.actor,
    row.signing_id,
    row.team_id,
    row.cdhash,
    row.origin,
    row.kind,
    row.trust,
  );
  // One row a statement: in one that adds several, SQLite first copies each page it touches, to be able to take it back.
  for (const string of stringsOf(row)) run(db, "INSERT INTO mention (string, subject) VALUES (?, ?)", string, id);
  db.memory.subjects.set(key, id);
  return id;
}

/** As {@link warmStrings}. */
export function warmSubjects(db: WriteDb, eraSubject: number): void {
  const rows = allRows<SubjectRow & { id: number }>(
    db,
    `SELECT id, ${COLUMNS} FROM subject WHERE id >= ? ORDER BY id`,
    eraSubject,
  );
  for (const row of rows) db.memory.subjects.set(keyOf(row), row.id);
}

/**
 * Removes a subject that no row has any more.
 * @returns the strings it named, which may now be named by nothing
 */
export function removeSubject(db: WriteDb, id: number): Set<number> {
  const row = firstRow<SubjectRow>(db, `SELECT ${COLUMNS} FROM subject WHERE id = ?`, id);
  if (row === null) return new Set();
  const strings = stringsOf(row);
  for (const string of strings) run(db, "DELETE FROM mention WHERE string = ? AND subject = ?", string, id);
  run(db, "DELETE FROM subject WHERE id = ?", id);
  db.memory.subjects.delete(keyOf(row));
  return strings;
}
