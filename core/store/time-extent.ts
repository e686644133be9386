import type { Micros } from "#core/base/clock.ts";
import { guarded } from "./errors.ts";
import { firstRow, type ReadDb } from "./handle.ts";

/** Time of the oldest and of the newest record; null when there is none. Two steps in the index on time. */
export function timeExtent(db: ReadDb): { first: Micros; last: Micros } | null {
  return guarded(() => {
    const row = firstRow<{ first: number | null; last: number | null }>(
      db,
      "SELECT (SELECT min(time) FROM event) AS first, (SELECT max(time) FROM event) AS last",
    );
    return row === null || row.first === null || row.last === null ? null : { first: row.first, last: row.last };
  });
}
