import { hash } from "node:crypto";
import { readCounters } from "./counters.ts";
import { guarded } from "./errors.ts";
import { eachFinding } from "./findings.ts";
import { allRows, type ReadDb } from "./handle.ts";
import { eventDetail } from "./timeline.ts";

/**
 * What the database says, one line each, in an order that does not depend on how it was written: two databases with the
 * same lines hold the same events, findings, state, posture journal and counters, whatever batches or restarts led there.
 */
export function* contentLines(db: ReadDb): Generator<string, void, undefined> {
  let after = 0;
  for (;;) {
    const ids = guarded(() =>
      allRows<{ row_id: number }>(db, "SELECT row_id FROM event WHERE row_id > ? ORDER BY row_id LIMIT 500", after),
    );
    if (ids.length === 0) break;
    for (const { row_id: rowId } of ids) {
      const detail = eventDetail(db, rowId);
      yield `event ${JSON.stringify({ ...detail, raw: hash("sha256", detail?.raw ?? "") })}`;
      after = rowId;
    }
  }
  for (const finding of eachFinding(db)) yield `finding ${JSON.stringify(finding)}`;
  const state = guarded(() =>
    allRows<{ room: string; key: string; value: string }>(db, "SELECT room, key, value FROM state ORDER BY room, key"),
  );
  for (const entry of state) yield `state ${JSON.stringify(entry)}`;
  const journal = guarded(() =>
    allRows<{ seq: number; hash: string }>(db, "SELECT seq, hash FROM posture_journal ORDER BY seq"),
  );
  // A line's hash takes in the whole line and all before it.
  for (const line of journal) yield `journal ${JSON.stringify(line)}`;
  yield `counters ${JSON.stringify(readCounters(db))}`;
}
