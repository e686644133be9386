import { describe, expect, it } from "vitest";
import { DAY } from "#core/base/clock.ts";
import { commitBatch } from "./commit.ts";
import { contentLines } from "./content.ts";
import { readCounters } from "./counters.ts";
import { findingByKey } from "./findings.ts";
import type { ReadDb, WriteDb } from "./handle.ts";
import { isKnown } from "./known.ts";
import { DEFAULT_RETENTION, prune, type RetentionPolicy, usedBytes } from "./retention.ts";
import { batch, finding, memoryStore, range, record, SESSION, START } from "./test-support.ts";
import { eventDetail, timelinePage } from "./timeline.ts";

const day = (n: number, per = 10) => record(n, { time: START + Math.floor(n / per) * DAY });

function pruneAll(db: WriteDb, now: number, policy?: RetentionPolicy): number {
  let rows = 0;
  for (let step = 0; step < 1000; step++) {
    const pruned = prune(db, now, policy);
    rows += pruned.rows;
    if (!pruned.more) return rows;
  }
  throw new Error("pruning does not end");
}

const page = (db: ReadDb, text = "", origins: ["es"] | [] = []) =>
  timelinePage(db, { filter: { origins, minSeverity: null, text }, before: null, limit: 200 }, 1);
const count = (db: ReadDb, table: string) => Number(db.sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get());

describe("prune by age", () => {
  it("removes what is older than the limit by the clock given, and keeps every count right", () => {
    const { db } = memoryStore();
    const counters = [{ session: SESSION, src: "es", name: "events", by: 100 }];
    commitBatch(db, batch({ records: range(0, 100).map((n) => day(n)), counters }));
    expect(pruneAll(db, START + 9 * DAY)).toBe(0);
    expect(pruneAll(db, START + 34 * DAY)).toBe(40);
    expect(page(db)).toMatchObject({ total: 60, matching: 60 });
    expect(page(db, "", ["es"])).toMatchObject({ matching: 60 });
    expect(page(db).rows.map((row) => row.id.n)).toEqual(range(0, 60).map((i) => 99 - i));
    expect(readCounters(db).totals["events"]).toBe(100);
    expect(page(db, "invoice-5.pdf").rows).toEqual([]);
    expect(page(db, "invoice-77.pdf").rows).toHaveLength(1);
  });

  it("still knows what it removed, hole by hole, and does not take it back", () => {
    const { db } = memoryStore();
    const records = range(0, 60).filter((n) => n % 7 !== 3);
    commitBatch(db, batch({ records: records.map((n) => day(n)) }));
    pruneAll(db, START + 33 * DAY);
    for (const n of range(0, 60)) expect(isKnown(db, { session: SESSION, src: "es", n })).toBe(n % 7 !== 3);
    const before = [...contentLines(db)];
    expect(commitBatch(db, batch({ records: records.map((n) => day(n)) })).inserted).toBe(0);
    expect([...contentLines(db)]).toEqual(before);
    expect(commitBatch(db, batch({ records: [day(3)] })).inserted).toBe(1);
  });

  it("joins the ranges of what it removed, so that they stay few", () => {
    const { db } = memoryStore();
    // Times run against n, in three rounds: the ranges meet from both sides.
    commitBatch(db, batch({ records: range(0, 90).map((n) => record(n, { time: START + ((n * 7) % 3) * DAY })) }));
    for (const days of [31, 32, 33]) pruneAll(db, START + days * DAY + 1);
    expect(db.sqlite.prepare("SELECT first, last FROM pruned").all()).toEqual([{ first: 0, last: 89 }]);
  });

  it("keeps findings with the words of their evidence", () => {
    const { db } = memoryStore();
    commitBatch(db, batch({ records: range(0, 20).map((n) => day(n)), findings: [finding("k", [1, 15])] }));
    pruneAll(db, START + 31 * DAY);
    expect(findingByKey(db, "k")?.evidence).toMatchObject([
      { rowId: null, summary: "record 1" },
      { rowId: 16, summary: "record 15" },
    ]);
    expect(eventDetail(db, 2)).toBeNull();
    expect(eventDetail(db, 16)?.findings).toEqual([1]);
  });

  it("leaves no text, subject, raw record or link behind", () => {
    const { db } = memoryStore();
    commitBatch(db, batch({ records: range(0, 1200).map((n) => day(n, 1000)), findings: [finding("k", [1, 900])] }));
    expect(pruneAll(db, START + 40 * DAY)).toBe(1200);
    for (const table of ["event", "string", "subject", "mention", "chunk", "finding_event"]) {
      expect([table, count(db, table)]).toEqual([table, 0]);
    }
    expect(db.sqlite.prepare("SELECT rowid FROM string_search WHERE string_search MATCH ?").all("inv")).toEqual([]);
    const { rowIds } = commitBatch(db, batch({ records: [record(5000)] }));
    expect(rowIds).toEqual([1201]);
    expect(page(db, "invoice-5000").rows).toHaveLength(1);
  });

  it("does its work in steps that say when there is more", () => {
    const { db } = memoryStore();
    commitBatch(db, batch({ records: range(0, 1300).map((n) => day(n, 2000)) }));
    const steps = [1, 2, 3, 4].map(() => prune(db, START + 31 * DAY));
    expect(steps.map((step) => [step.rows, step.more])).toEqual([
      [500, true],
      [500, true],
      [300, false],
      [0, false],
    ]);
  });
});

describe("prune by size", () => {
  it("removes the oldest until the rest fits, whatever their age", () => {
    const { db } = memoryStore();
    let seed = 7;
    const noise = () => {
      let text = "";
      for (let i = 0; i < 200; i++) {
        seed = (Math.imul(seed, 48_271) >>> 0) % 2_147_483_647;
        text += seed.toString(36);
      }
      return text;
    };
    for (const part of range(0, 20)) {
      const records = range(part * 200, part * 200 + 200).map((n) => record(n, { raw: noise() }));
      commitBatch(db, batch({ records }));
    }
    const full = usedBytes(db);
    const maxBytes = Math.floor(full / 2);
    const rows = pruneAll(db, START, { ...DEFAULT_RETENTION, maxBytes });
    expect(usedBytes(db)).toBeLessThanOrEqual(maxBytes);
    expect(usedBytes(db)).toBeGreaterThan(maxBytes / 2);
    const left = page(db);
    expect(left.total).toBe(4000 - rows);
    expect(left.rows[0]?.id.n).toBe(3999);
    // The space goes back to the file system, not only to SQLite's free list.
    expect(Number(db.sqlite.pragma("freelist_count", { simple: true }))).toBeLessThan(2000);
  });

  it("ends when nothing is left to remove", () => {
    const { db } = memoryStore();
    commitBatch(db, batch({ records: [record(1)] }));
    expect(pruneAll(db, START, { ...DEFAULT_RETENTION, maxBytes: 0 })).toBe(1);
    expect(pruneAll(db, START, { ...DEFAULT_RETENTION, maxBytes: 0 })).toBe(0);
  });
});
