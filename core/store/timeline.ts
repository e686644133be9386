import type { EventDetail, TimelinePage, TimelineQuery, TimelineRow } from "#contract/timeline.ts";
import { TRUST_CLASSES, type TrustClass } from "#contract/trust.ts";
import { formatTime } from "#core/base/time.ts";
import { readChunked } from "./chunks.ts";
import { originOf, severityOf } from "./codes.ts";
import { guarded } from "./errors.ts";
import { countMatching, selectEvents } from "./filter.ts";
import { allRows, type ReadDb } from "./handle.ts";
import { readMeta } from "./meta.ts";
import { NEWEST } from "./newest-first.ts";

/** Most bytes of a raw record that the detail pane gets. */
export const MAX_DETAIL_RAW = 256 * 1024;

interface StoredRow {
  row_id: number;
  time: number;
  session: string;
  src: string;
  n: number;
  origin: number;
  kind: string;
  title: string | null;
  detail: string | null;
  path: string | null;
  trust: string | null;
  severity: number | null;
}

export const ROW_SQL = `
SELECT e.row_id, e.time, st.session, st.src, e.n, e.origin, s.kind, t.text AS title, d.text AS detail, p.text AS path,
  s.trust, e.severity
FROM json_each(?) wanted JOIN event e ON e.row_id = wanted.value JOIN stream st ON st.id = e.stream JOIN subject s ON s.id = e.subject
LEFT JOIN string t ON t.id = s.title LEFT JOIN string d ON d.id = e.detail LEFT JOIN string p ON p.id = s.path`;

/**
 * A page of the timeline, newest first. It may hold fewer rows than asked for, even none, and still have a `next`: then
 * the filter lets so little through that looking on is left to the next page.
 */
export function timelinePage(db: ReadDb, query: TimelineQuery, revision: number): TimelinePage {
  return guarded(() => {
    const { events, resume } = selectEvents(db, query.filter, query.before ?? NEWEST, query.limit);
    return {
      rows: readRows(
        db,
        events.map((event) => event.row_id),
      ),
      next: resume,
      total: readMeta(db).rows,
      matching: countMatching(db, query.filter),
      revision,
    };
  });
}

/** Those of the rows that (still) exist, in the order asked for. */
export function timelineRowsById(db: ReadDb, rowIds: readonly number[]): TimelineRow[] {
  return guarded(() => readRows(db, rowIds));
}

/** Everything about one row; null once retention has removed it. */
export function eventDetail(db: ReadDb, rowId: number): EventDetail | null {
  return guarded(() => {
    const [row] = readRows(db, [rowId]);
    if (row === undefined) return null;
    const findings = allRows<{ finding: number }>(
      db,
      `SELECT l.finding FROM event e JOIN finding_event l ON l.stream = e.stream AND l.n = e.n
       WHERE e.row_id = ? ORDER BY l.finding`,
      rowId,
    ).map((link) => link.finding);
    return { row, ...readChunked(db, rowId, MAX_DETAIL_RAW), findings };
  });
}

const TRUST_CLASSES_KNOWN: ReadonlySet<string> = new Set(TRUST_CLASSES);
const isTrustClass = (word: string | null): word is TrustClass => word !== null && TRUST_CLASSES_KNOWN.has(word);

/** One statement for all: a call a row costs more than the reading does. */
function readRows(db: ReadDb, rowIds: readonly number[]): TimelineRow[] {
  return allRows<StoredRow>(db, ROW_SQL, JSON.stringify(rowIds)).map((stored) => ({
    rowId: stored.row_id,
    id: { session: stored.session, src: stored.src, n: stored.n },
    at: formatTime(stored.time),
    origin: originOf(stored.origin),
    kind: stored.kind,
    title: stored.title ?? "",
    detail: stored.detail ?? "",
    path: stored.path,
    trust: isTrustClass(stored.trust) ? stored.trust : null,
    severity: severityOf(stored.severity),
  }));
}
