import { guarded } from "./errors.ts";
import { allRows, type ReadDb, run, type WriteDb } from "./handle.ts";
import type { CounterDelta } from "./records.ts";
import { ensureStream } from "./streams.ts";

/** Counter values by name. */
export type Counts = Record<string, number>;

export interface Counters {
  bySource: Record<string, Counts>;
  totals: Counts;
}

interface CounterRow {
  src: string;
  name: string;
  value: number;
}

const BY_SOURCE = `SELECT src, name, sum(value) AS value FROM counter JOIN stream ON stream.id = counter.stream`;

/**
 * Adds the counters up per source and over all, of these sessions or of every session ever. Counters are of what
 * arrived, not of what is still stored: retention does not touch them.
 */
export function readCounters(db: ReadDb, sessions?: readonly string[]): Counters {
  return guarded(() => {
    const rows =
      sessions === undefined
        ? allRows<CounterRow>(db, `${BY_SOURCE} GROUP BY src, name ORDER BY src, name`)
        : allRows<CounterRow>(
            db,
            `${BY_SOURCE} WHERE session IN (SELECT value FROM json_each(?)) GROUP BY src, name ORDER BY src, name`,
            JSON.stringify(sessions),
          );
    // No prototype: a source or counter may be called anything.
    const counters: Counters = { bySource: Object.create(null), totals: Object.create(null) };
    for (const { src, name, value } of rows) {
      const counts = (counters.bySource[src] ??= Object.create(null) as Counts);
      counts[name] = value;
      counters.totals[name] = (counters.totals[name] ?? 0) + value;
    }
    return counters;
  });
}

/** The helper sessions ever seen, oldest first. */
export function sessions(db: ReadDb): string[] {
  return guarded(() =>
    allRows<{ session: string }>(db, "SELECT session FROM stream GROUP BY session ORDER BY min(id)").map(
      (row) => row.session,
    ),
  );
}

/** Runs inside the caller's transaction. */
export function addCounters(db: WriteDb, deltas: readonly CounterDelta[]): void {
  for (const { session, src, name, by } of deltas) {
    run(
      db,
      "INSERT INTO counter (stream, name, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value",
      ensureStream(db, session, src).id,
      name,
      by,
    );
  }
}
