import type { EventId } from "#contract/source.ts";
import type { Micros } from "#core/base/clock.ts";
import { readChunked } from "./chunks.ts";
import { guarded } from "./errors.ts";
import { allRows, type ReadDb } from "./handle.ts";

/** A record as it once arrived. `raw` is empty for one that Sealbar itself derived. */
export interface StoredRecord {
  id: EventId;
  time: Micros;
  kind: string;
  raw: string;
}

interface Row {
  row_id: number;
  time: number;
  n: number;
  session: string;
  src: string;
  kind: string;
}

const STEP = 500;

/** Every stored record in the order of arrival, a few at a time. @param maxRaw longer ones come cut, and can then not be read */
export function* storedRecords(db: ReadDb, maxRaw: number): Generator<StoredRecord, void, undefined> {
  let after = 0;
  for (;;) {
    const rows = guarded(() =>
      allRows<Row>(
        db,
        `SELECT e.row_id, e.time, e.n, st.session, st.src, s.kind FROM event e JOIN stream st ON st.id = e.stream
         JOIN subject s ON s.id = e.subject WHERE e.row_id > ? ORDER BY e.row_id LIMIT ?`,
        after,
        STEP,
      ),
    );
    for (const { row_id, time, n, session, src, kind } of rows) {
      const { raw } = guarded(() => readChunked(db, row_id, maxRaw));
      yield { id: { session, src, n }, time, kind, raw };
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.row_id;
  }
}
