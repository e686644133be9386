import { describe, expect, it } from "vitest";
import { commitBatch } from "./commit.ts";
import { findingByKey, findingsPage } from "./findings.ts";
import type { ReadDb } from "./handle.ts";
import { isKnown } from "./known.ts";
import { olderSql, sameInstantSql } from "./newest-first.ts";
import { prune } from "./retention.ts";
import { batch, finding, memoryStore, range, record, SESSION, START } from "./test-support.ts";
import { eventDetail, ROW_SQL, timelinePage } from "./timeline.ts";

function plan(db: ReadDb, sql: string): string[] {
  const values = Array(sql.split("?").length - 1).fill(1);
  const rows = db.sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
  return rows.map((row) => row.detail);
}

const { db } = memoryStore();
commitBatch(db, batch({ records: range(0, 400).map((n) => record(n)), findings: [finding("k", [1, 2, 3])] }));

describe("the plans of the hot queries", () => {
  it.each([
    ["all", "event_time", ""],
    ["origin", "event_origin", "origin=? AND "],
    ["severity", "event_severity", "severity=? AND "],
    ["subject", "event_subject", "subject=? AND "],
    ["detail", "event_detail", "detail=? AND "],
  ] as const)("walk along %s in the order of one index, also within an instant", (by, index, first) => {
    expect(plan(db, olderSql(by))).toEqual([`SEARCH event USING INDEX ${index} (${first}time<?)`]);
    expect(plan(db, sameInstantSql(by))).toEqual([`SEARCH event USING INDEX ${index} (${first}time=? AND rowid<?)`]);
  });

  it("read a row by keys alone", () => {
    for (const step of plan(db, ROW_SQL))
      expect(step).toMatch(/^(SEARCH \w+ USING INTEGER PRIMARY KEY|SCAN wanted VIRTUAL TABLE)/);
  });

  it("never read a whole table of events or texts, and never sort, for whatever the public functions ask", () => {
    const filter = { origins: ["es" as const], minSeverity: "info" as const, text: "invoice" };
    timelinePage(db, { filter, before: null, limit: 10 }, 1);
    timelinePage(db, { filter: { ...filter, minSeverity: null }, before: null, limit: 10 }, 1);
    timelinePage(db, { filter: { ...filter, origins: [], minSeverity: null, text: "x" }, before: null, limit: 10 }, 1);
    eventDetail(db, 5);
    findingsPage(db, { limit: 10, before: null });
    findingByKey(db, "k");
    isKnown(db, { session: SESSION, src: "es", n: 3 });
    prune(db, START);
    const bad = /^SCAN (event|e|string|s|t|subject|mention|chunk|finding_event|l)\b|TEMP B-TREE FOR (?!DISTINCT)/;
    let looked = 0;
    for (const [sql, statement] of db.statements) {
      // Warming up after a start reads the newest texts and subjects backwards, up to a limit.
      const warmsUp = sql.endsWith("ORDER BY id DESC LIMIT ?") && !sql.includes("WHERE");
      if (warmsUp || (!statement.reader && !/^\s*(UPDATE|DELETE)/.test(sql))) continue;
      expect([sql, ...plan(db, sql).filter((step) => bad.test(step))]).toEqual([sql]);
      looked += 1;
    }
    expect(looked).toBeGreaterThan(20);
  });
});
