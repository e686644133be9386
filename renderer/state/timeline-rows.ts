import type { Finding } from "#contract/finding.ts";
import type { Severity } from "#contract/severity.ts";
import type { TimelineCursor, TimelineFilter, TimelineRow } from "#contract/timeline.ts";

/** Weakest first; typed so that a new severity cannot be forgotten here. */
const RANK: Record<Severity, number> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 };

export const NO_FILTER: TimelineFilter = { origins: [], minSeverity: null, text: "", range: null };

export function isUnfiltered(filter: TimelineFilter): boolean {
  return filter.origins.length === 0 && filter.minSeverity === null && filter.text === "" && filter.range == null;
}

/** Newest first: `at` has a fixed width, so its text order is its time order. */
function byNewest(a: TimelineRow, b: TimelineRow): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return b.rowId - a.rowId;
}

/** One list, newest first, each row once; `fresh` wins over what was known of the same row. */
export function mergeRows(fresh: readonly TimelineRow[], known: readonly TimelineRow[]): TimelineRow[] {
  const byId = new Map(known.map((row) => [row.rowId, row]));
  for (const row of fresh) byId.set(row.rowId, row);
  return Array.from(byId.values()).sort(byNewest);
}

/** Puts new knowledge of rows in place without moving any. */
export function updateRows(rows: readonly TimelineRow[], fresh: readonly TimelineRow[]): TimelineRow[] {
  const byId = new Map(fresh.map((row) => [row.rowId, row]));
  return rows.map((row) => byId.get(row.rowId) ?? row);
}

/** Marks the records that new findings stand on; the worst severity wins. */
export function markEvidence(rows: readonly TimelineRow[], findings: readonly Finding[]): readonly TimelineRow[] {
  const worst = new Map<number, Severity>();
  for (const finding of findings) {
    for (const { rowId } of finding.evidence) {
      if (rowId === null) continue;
      const known = worst.get(rowId);
      if (known === undefined || RANK[known] < RANK[finding.severity]) worst.set(rowId, finding.severity);
    }
  }
  if (worst.size === 0) return rows;
  return rows.map((row) => {
    const severity = worst.get(row.rowId);
    if (severity === undefined || (row.severity !== null && RANK[row.severity] >= RANK[severity])) return row;
    return { ...row, severity };
  });
}

/** The keyset position after a row: `at` carries microseconds, which `Date` would cut off. */
export function cursorAfter(row: TimelineRow): TimelineCursor {
  const fraction = /\.(\d+)Z$/.exec(row.at)?.[1] ?? "";
  const seconds = Math.floor(Date.parse(row.at) / 1000);
  return { time: seconds * 1_000_000 + Number(fraction.padEnd(6, "0").slice(0, 6)), rowId: row.rowId };
}
