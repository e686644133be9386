import { allRows, firstRow, prepared, type ReadDb } from "./handle.ts";
import { foldForSearch, trigramQuery, isIndexable } from "./search-text.ts";

/** More distinct matching texts than this, and it is quicker to walk the timeline and look at each row. */
const FEW = 2000;
/** Texts looked at once and remembered while one page is made. */
const REMEMBERED = 100_000;

/** The texts and subjects that contain what was searched for, when they are few. */
export interface FewMatches {
  strings: number[];
  subjects: number[];
}

/** @returns null when there are many, or the text is too short for the index */
export function fewMatches(db: ReadDb, folded: string): FewMatches | null {
  if (!isIndexable(folded)) return null;
  const found = prepared(db, "SELECT rowid FROM string_search WHERE string_search MATCH ? LIMIT ?");
  const candidates = found.pluck().all(trigramQuery(folded), FEW + 1) as number[];
  if (candidates.length > FEW) return null;
  const strings = candidates.filter((id) => stringContains(db, id, folded));
  const subjects = allRows<{ subject: number }>(
    db,
    "SELECT DISTINCT subject FROM mention WHERE string IN (SELECT value FROM json_each(?)) LIMIT ?",
    JSON.stringify(strings),
    FEW + 1,
  ).map((row) => row.subject);
  return subjects.length > FEW ? null : { strings, subjects };
}

function stringContains(db: ReadDb, id: number, folded: string): boolean {
  const found = firstRow<{ text: string }>(db, "SELECT text FROM string WHERE id = ?", id);
  return found !== null && foldForSearch(found.text).includes(folded);
}

/** Tells whether an event's words contain the text, reading each distinct text once. */
export function containsText(db: ReadDb, folded: string): (event: { subject: number; detail: number }) => boolean {
  const strings = new Map<number, boolean>();
  const subjects = new Map<number, boolean>();
  const stringHas = (id: number): boolean => stringContains(db, id, folded);
  const subjectHas = (id: number): boolean => {
    const words = firstRow<SubjectWords>(
      db,
      "SELECT title, path, actor, signing_id, team_id, cdhash FROM subject WHERE id = ?",
      id,
    );
    return words !== null && Object.values(words).some((word: number) => remembered(strings, word, stringHas));
  };
  return (event) => remembered(subjects, event.subject, subjectHas) || remembered(strings, event.detail, stringHas);
}

type SubjectWords = Record<"title" | "path" | "actor" | "signing_id" | "team_id" | "cdhash", number>;

function remembered(known: Map<number, boolean>, id: number, look: (id: number) => boolean): boolean {
  const before = known.get(id);
  if (before !== undefined) return before;
  if (known.size >= REMEMBERED) known.clear();
  const answer = look(id);
  known.set(id, answer);
  return answer;
}
