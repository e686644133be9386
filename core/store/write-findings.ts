import { parseTime } from "#core/base/time.ts";
import { severityCode } from "./codes.ts";
import type { FindingBody } from "./findings.ts";
import { allRows, firstRow, run, type WriteDb } from "./handle.ts";
import { storable } from "./integer.ts";
import type { FindingRecord } from "./records.ts";
import { ensureStream } from "./streams.ts";

const WORST_OF_ITS_FINDINGS = `(
  SELECT max(finding.severity) FROM finding_event JOIN finding ON finding.id = finding_event.finding
  WHERE finding_event.stream = event.stream AND finding_event.n = event.n)`;

/**
 * Adds or updates findings by key (the last one wins when a key comes twice), and gives the rows they stand on their
 * severity. A link stays when a later version of the finding no longer lists that evidence. Runs inside the caller's
 * transaction.
 * @returns the findings' ids, and the rows whose severity changed
 */
export function writeFindings(
  db: WriteDb,
  records: readonly FindingRecord[],
): { ids: number[]; changedRows: Set<number> } {
  const changedRows = new Set<number>();
  const latest = new Map(records.map((record) => [record.key, record]));
  const ids: number[] = [];
  for (const record of latest.values()) {
    const { id, severityChanged } = writeFinding(db, record);
    ids.push(id);
    for (const { id: evidence } of record.evidence) {
      const stream = ensureStream(db, evidence.session, evidence.src).id;
      const n = storable(evidence.n);
      run(db, "INSERT OR IGNORE INTO finding_event (stream, n, finding) VALUES (?, ?, ?)", stream, n, id);
      for (const row of refreshSeverity(db, "stream = ? AND n = ?", stream, n)) changedRows.add(row);
    }
    if (severityChanged) for (const row of refreshLinked(db, id)) changedRows.add(row);
  }
  return { ids, changedRows };
}

/** Severity for rows that findings named before the rows arrived. Runs inside the caller's transaction. */
export function applyEarlierFindings(db: WriteDb, firstRowId: number): void {
  refreshSeverity(
    db,
    "row_id >= ? AND EXISTS (SELECT 1 FROM finding_event l WHERE l.stream = event.stream AND l.n = event.n)",
    firstRowId,
  );
}

function writeFinding(db: WriteDb, record: FindingRecord): { id: number; severityChanged: boolean } {
  const { key, rule, severity, ...body } = record;
  const code = severityCode(severity);
  const json = JSON.stringify(body satisfies FindingBody);
  const lastSeen = parseTime(record.lastSeen) ?? 0;
  const found = firstRow<{ id: number; severity: number }>(db, "SELECT id, severity FROM finding WHERE key = ?", key);
  if (found === null) {
    const id = run(
      db,
      "INSERT INTO finding (key, rule, severity, last_seen, body) VALUES (?, ?, ?, ?, ?)",
      key,
      rule,
      code,
      lastSeen,
      json,
    );
    return { id, severityChanged: false };
  }
  run(
    db,
    "UPDATE finding SET rule = ?, severity = ?, last_seen = ?, body = ? WHERE id = ?",
    rule,
    code,
    lastSeen,
    json,
    found.id,
  );
  return { id: found.id, severityChanged: found.severity !== code };
}

function refreshLinked(db: WriteDb, finding: number): number[] {
  return refreshSeverity(
    db,
    `row_id IN (SELECT e.row_id FROM finding_event l JOIN event e ON e.stream = l.stream AND e.n = l.n
                WHERE l.finding = ?)`,
    finding,
  );
}

function refreshSeverity(db: WriteDb, where: string, ...values: number[]): number[] {
  return allRows<{ row_id: number }>(
    db,
    `UPDATE event SET severity = ${WORST_OF_ITS_FINDINGS}
     WHERE ${where} AND severity IS NOT ${WORST_OF_ITS_FINDINGS} RETURNING row_id`,
    ...values,
  ).map((row) => row.row_id);
}
