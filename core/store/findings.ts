import type { Evidence, Finding, FindingPage, FindingQuery } from "#contract/finding.ts";
import { parseTime } from "#core/base/time.ts";
import { severityOf } from "./codes.ts";
import { guarded } from "./errors.ts";
import { allRows, firstRow, prepared, type ReadDb } from "./handle.ts";
import { storedRow } from "./known.ts";
import type { FindingRecord } from "./records.ts";
import { findStream } from "./streams.ts";

interface FindingRow {
  id: number;
  key: string;
  rule: string;
  severity: number;
  body: string;
}

const COLUMNS = "id, key, rule, severity, body";

/** What of a finding is kept as JSON; the rest are columns. */
export type FindingBody = Omit<FindingRecord, "key" | "rule" | "severity">;

/** Newest first, by last seen. */
export function findingsPage(db: ReadDb, query: FindingQuery): FindingPage {
  return guarded(() => {
    const { before, limit } = query;
    const time = before === null ? Number.MAX_SAFE_INTEGER : (parseTime(before.lastSeen) ?? 0);
    const rows = allRows<FindingRow>(
      db,
      `SELECT ${COLUMNS} FROM finding WHERE (last_seen, id) < (?, ?) ORDER BY last_seen DESC, id DESC LIMIT ?`,
      time,
      before?.id ?? Number.MAX_SAFE_INTEGER,
      limit,
    );
    const findings = rows.map((row) => toFinding(db, row));
    const last = findings.length === limit ? findings.at(-1) : undefined;
    return {
      findings,
      next: last === undefined ? null : { lastSeen: last.lastSeen, id: last.id },
      total: findingTotal(db),
    };
  });
}

export function findingByKey(db: ReadDb, key: string): Finding | null {
  return guarded(() => {
    const row = firstRow<FindingRow>(db, `SELECT ${COLUMNS} FROM finding WHERE key = ?`, key);
    return row === null ? null : toFinding(db, row);
  });
}

/** Those of the ids that exist, in the order asked for. */
export function findingsById(db: ReadDb, ids: readonly number[]): Finding[] {
  return guarded(() =>
    ids.flatMap((id) => {
      const row = firstRow<FindingRow>(db, `SELECT ${COLUMNS} FROM finding WHERE id = ?`, id);
      return row === null ? [] : [toFinding(db, row)];
    }),
  );
}

/** Every finding in the order they were first stored, one at a time. */
export function* eachFinding(db: ReadDb): Generator<Finding, void, undefined> {
  let after = 0;
  for (;;) {
    const row = guarded(() =>
      firstRow<FindingRow>(db, `SELECT ${COLUMNS} FROM finding WHERE id > ? ORDER BY id LIMIT 1`, after),
    );
    if (row === null) return;
    yield guarded(() => toFinding(db, row));
    after = row.id;
  }
}

/** How many findings there are. They are few, next to events, so they are counted. */
export function findingTotal(db: ReadDb): number {
  return Number(prepared(db, "SELECT count(*) AS total FROM finding").pluck().get());
}

function toFinding(db: ReadDb, row: FindingRow): Finding {
  const body = JSON.parse(row.body) as FindingBody;
  return {
    ...body,
    id: row.id,
    key: row.key,
    rule: row.rule,
    severity: severityOf(row.severity) ?? "info",
    evidence: body.evidence.map((evidence): Evidence => {
      const { session, src, n } = evidence.id;
      const stream = findStream(db, session, src);
      return { ...evidence, rowId: stream === null ? null : storedRow(db, stream.id, n) };
    }),
  };
}
