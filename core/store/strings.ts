import { allRows, firstRow, run, type WriteDb } from "./handle.ts";
import { foldForSearch } from "./search-text.ts";

/** Longest text kept for rows and search, in UTF-16 units; the raw record has all of it. */
export const MAX_STRING = 4096;
const MAX_REMEMBERED = 512;

/** Stands for "no text" in the columns that name one. */
export const NO_STRING = 0;

/** The text as kept: cut at a limit, and then says so. */
export function clipped(text: string): string {
  if (text.length <= MAX_STRING) return text;
  return `${text.slice(0, MAX_STRING).toWellFormed()}… (${text.length - MAX_STRING} more)`;
}

/**
 * The id of a text, stored and made searchable when it is new in this era. One that an earlier era had is stored again
 * under a second id; search finds both. Long texts hardly ever come twice and are not remembered.
 * Runs inside the caller's transaction.
 */
export function internString(db: WriteDb, full: string | null): number {
  if (full === null || full === "") return NO_STRING;
  const remembered = db.memory.strings.get(full);
  if (remembered !== undefined) return remembered;
  // SQLite keeps a lone surrogate as a replacement character; the memory must know the text as it will be read back.
  const text = clipped(full).toWellFormed();
  const asKept = text === full ? undefined : db.memory.strings.get(text);
  if (asKept !== undefined) return asKept;
  const id = run(db, "INSERT INTO string (text) VALUES (?)", text);
  run(db, "INSERT INTO string_search (rowid, folded) VALUES (?, ?)", id, foldForSearch(text));
  if (text.length <= MAX_REMEMBERED) db.memory.strings.set(text, id);
  return id;
}

/** Brings back to mind the texts stored since the era began. */
export function warmStrings(db: WriteDb, eraString: number): void {
  for (const { id, text } of allRows<{ id: number; text: string }>(
    db,
    "SELECT id, text FROM string WHERE id >= ? ORDER BY id",
    eraString,
  )) {
    if (text.length <= MAX_REMEMBERED) db.memory.strings.set(text, id);
  }
}

/** Removes a text that nothing names any more. */
export function removeString(db: WriteDb, id: number): void {
  const found = firstRow<{ text: string }>(db, "SELECT text FROM string WHERE id = ?", id);
  if (found === null) return;
  run(
    db,
    "INSERT INTO string_search (string_search, rowid, folded) VALUES ('delete', ?, ?)",
    id,
    foldForSearch(found.text),
  );
  run(db, "DELETE FROM string WHERE id = ?", id);
  db.memory.strings.delete(found.text);
}
