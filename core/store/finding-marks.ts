import type { RibbonMark } from "#contract/ribbon.ts";
import type { Micros } from "#core/base/clock.ts";
import { severityOf } from "./codes.ts";
import { guarded } from "./errors.ts";
import type { FindingBody } from "./findings.ts";
import { allRows, firstRow, type ReadDb } from "./handle.ts";

interface MarkRow {
  id: number;
  severity: number;
  last_seen: number;
  body: string;
}

/** The findings last seen in a time, in the order of time; the worst `limit` of them where there are more. */
export function findingMarks(
  db: ReadDb,
  from: Micros,
  to: Micros,
  limit: number,
): { findings: RibbonMark[]; total: number } {
  return guarded(() => {
    const total = firstRow<{ total: number }>(
      db,
      "SELECT count(*) AS total FROM finding WHERE last_seen >= ? AND last_seen < ?",
      from,
      to,
    );
    const rows = allRows<MarkRow>(
      db,
      `SELECT id, severity, last_seen, body FROM finding WHERE last_seen >= ? AND last_seen < ?
       ORDER BY severity DESC, last_seen DESC LIMIT ?`,
      from,
      to,
      limit,
    );
    const findings = rows
      .map(({ id, severity, last_seen, body }) => ({
        findingId: id,
        at: last_seen,
        severity: severityOf(severity) ?? "info",
        title: (JSON.parse(body) as FindingBody).title,
      }))
      .sort((a, b) => a.at - b.at || a.findingId - b.findingId);
    return { findings, total: total?.total ?? 0 };
  });
}
