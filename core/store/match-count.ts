import type { ReadDb } from "./handle.ts";

const REMEMBERED = 16;

/** Counts once for a filter and a state of the database; scrolling asks for the same count again and again. */
export function rememberedCount(db: ReadDb, key: string, count: () => number | null): number | null {
  const before = db.matchCounts.get(key);
  if (before !== undefined) return before;
  const answer = count();
  for (const oldest of db.matchCounts.keys()) {
    if (db.matchCounts.size < REMEMBERED) break;
    db.matchCounts.delete(oldest);
  }
  db.matchCounts.set(key, answer);
  return answer;
}
