import { describe, expect, it } from "vitest";
import { commitBatch } from "./commit.ts";
import { contentLines } from "./content.ts";
import { readCounters, sessions } from "./counters.ts";
import { StoreFull } from "./errors.ts";
import { eachFinding, findingByKey, findingsById, findingsPage } from "./findings.ts";
import { isKnown } from "./known.ts";
import { loadState } from "./state.ts";
import { batch, finding, memoryStore, range, record, SESSION } from "./test-support.ts";
import { eventDetail, timelineRowsById } from "./timeline.ts";

const words = { at: "2026-11-21T10:00:00.000000Z", role: "execution", summary: "it ran" };
const id = (n: number) => ({ session: SESSION, src: "es", n });

describe("commitBatch", () => {
  it("stores a record so that it reads back whole", () => {
    const { db } = memoryStore();
    const sent = record(4, { raw: '{"é":"\\u0000 \u{1f600}"}', facts: [{ label: "A", value: "b", code: false }] });
    const { rowIds, inserted } = commitBatch(db, batch({ records: [record(3), sent] }));
    expect(inserted).toBe(2);
    const detail = eventDetail(db, rowIds[1] ?? 0);
    expect(detail).toEqual({
      row: {
        rowId: rowIds[1],
        id: sent.id,
        at: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/),
        origin: "es",
        kind: "exec",
        title: sent.title,
        detail: sent.detail,
        path: sent.path,
        trust: "developer-id",
        severity: null,
      },
      facts: sent.facts,
      raw: sent.raw,
      rawTruncated: false,
      findings: [],
    });
  });

  it("adds nothing when the same batches come again, in other batches too", () => {
    const { db } = memoryStore();
    const records = range(0, 20).map((n) => record(n));
    const findings = [finding("a", [2, 3]), finding("b", [4])];
    commitBatch(db, batch({ records, findings }));
    const before = [...contentLines(db)];
    expect(commitBatch(db, batch({ records, findings })).rowIds).toEqual([]);
    for (const one of records) expect(commitBatch(db, batch({ records: [one] })).inserted).toBe(0);
    expect([...contentLines(db)]).toEqual(before);
  });

  it("takes the first of two records with one identity, within a batch and across sources and sessions", () => {
    const { db } = memoryStore();
    const twin = record(1, { title: "Second" });
    const others = [record(1, { id: { ...id(1), src: "log" } }), record(1, { id: { ...id(1), session: "session-b" } })];
    const { rowIds } = commitBatch(db, batch({ records: [record(1), twin, ...others] }));
    expect(timelineRowsById(db, rowIds).map((row) => row.title)).toEqual(Array(3).fill("Ran Invoice Viewer"));
    expect(sessions(db)).toEqual([SESSION, "session-b"]);
  });

  it("fills a hole below the high-water mark", () => {
    const { db } = memoryStore();
    commitBatch(db, batch({ records: [record(1), record(9)] }));
    expect([0, 1, 5, 9, 10].map((n) => isKnown(db, id(n)))).toEqual([false, true, false, true, false]);
    expect(commitBatch(db, batch({ records: [record(5)] })).inserted).toBe(1);
    expect(isKnown(db, id(5))).toBe(true);
    expect(isKnown(db, { ...id(5), session: "never seen" })).toBe(false);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1.5, -3, 2 ** 60])("does not fail on the number %s", (odd) => {
    const { db } = memoryStore();
    const records = [record(8, { time: odd }), record(9, { id: id(odd) })];
    const { rowIds } = commitBatch(
      db,
      batch({ records, findings: [finding("k", [], { evidence: [{ ...words, id: id(odd) }] })] }),
    );
    expect(timelineRowsById(db, rowIds)).toHaveLength(2);
    expect(isKnown(db, id(odd))).toBe(true);
  });

  it("cuts what rows show at a limit and keeps it whole in the raw record", () => {
    const { db } = memoryStore();
    const long = `/bin/sh -c ${"a\u{1f600}".repeat(50_000)}`;
    const { rowIds } = commitBatch(db, batch({ records: [record(1, { detail: long, raw: long })] }));
    const detail = eventDetail(db, rowIds[0] ?? 0);
    expect(detail?.row.detail.length).toBeLessThan(5000);
    expect(detail?.row.detail).toMatch(/… \(\d+ more\)$/);
    expect(detail?.raw).toBe(long);
  });

  it("cuts an enormous raw record in the detail and says so", () => {
    const { db } = memoryStore();
    const records = [record(1), record(2, { raw: "é".repeat(5_000_000) }), record(3)];
    const { rowIds } = commitBatch(db, batch({ records }));
    const detail = eventDetail(db, rowIds[1] ?? 0);
    expect(detail?.rawTruncated).toBe(true);
    expect(detail?.raw.length).toBe(128 * 1024);
    expect(eventDetail(db, rowIds[2] ?? 0)?.raw).toBe(records[2]?.raw);
  });
});

describe("findings", () => {
  it("updates by key, keeps its id, and resolves evidence when it is read", () => {
    const { db } = memoryStore();
    const first = commitBatch(db, batch({ records: [record(1)], findings: [finding("k", [1, 7])] }));
    expect(first.findings.map((one) => one.evidence.map((evidence) => evidence.rowId))).toEqual([[1, null]]);
    const second = commitBatch(
      db,
      batch({
        records: [record(7)],
        findings: [finding("k", [1, 7], { count: 2 }), finding("k", [1, 7], { count: 3 })],
      }),
    );
    expect(second.findings.map((one) => [one.id, one.count])).toEqual([[first.findings[0]?.id, 3]]);
    expect(findingByKey(db, "k")?.evidence.map((evidence) => evidence.rowId)).toEqual([1, 2]);
    expect(findingByKey(db, "other")).toBeNull();
    expect(findingsById(db, [99, first.findings[0]?.id ?? 0])).toEqual(second.findings);
  });

  it("raises the rows it stands on, also when they arrive later or its severity changes", () => {
    const { db } = memoryStore();
    const severities = () => timelineRowsById(db, [1, 2, 3]).map((row) => row.severity);
    commitBatch(db, batch({ records: [record(1), record(2)] }));
    expect(commitBatch(db, batch({ findings: [finding("k", [1, 3])] })).changedRowIds).toEqual([1]);
    expect(severities()).toEqual(["medium", null]);
    commitBatch(db, batch({ records: [record(3)] }));
    expect(severities()).toEqual(["medium", null, "medium"]);
    const raised = commitBatch(db, batch({ findings: [finding("k", [3], { severity: "critical" })] }));
    expect(new Set(raised.changedRowIds)).toEqual(new Set([1, 3]));
    commitBatch(db, batch({ findings: [finding("weak", [1, 2], { severity: "low" })] }));
    expect(severities()).toEqual(["critical", "low", "critical"]);
    commitBatch(db, batch({ findings: [finding("k", [1], { severity: "info" })] }));
    expect(severities()).toEqual(["low", "low", "info"]);
    expect(eventDetail(db, 1)?.findings).toEqual([1, 2]);
  });

  it("pages newest first without losing or repeating any, and iterates oldest first", () => {
    const { db } = memoryStore();
    const keys = range(0, 25).map(String);
    commitBatch(db, batch({ findings: keys.map((key, index) => finding(key, [index % 4])) }));
    const seen: string[] = [];
    let before: { lastSeen: string; id: number } | null = null;
    do {
      const page = findingsPage(db, { limit: 4, before });
      expect(page.total).toBe(25);
      seen.push(...page.findings.map((one) => one.key));
      before = page.next;
    } while (before !== null);
    const newestFirst = keys.toSorted((a, b) => (Number(b) % 4) - (Number(a) % 4) || Number(b) - Number(a));
    expect(seen).toEqual(newestFirst);
    expect([...eachFinding(db)].map((one) => one.key)).toEqual(keys);
  });
});

describe("state and counters", () => {
  it("keeps a room's last values by key and forgets deleted ones", () => {
    const { db } = memoryStore();
    const change = (room: string, key: string, value: string | null) => ({ room, change: { key, value } });
    commitBatch(db, batch({ state: [change("a", "z", "1"), change("a", "b", "2"), change("other", "b", "3")] }));
    commitBatch(db, batch({ state: [change("a", "z", "4"), change("a", "b", null), change("a", "c", "5")] }));
    expect(loadState(db, "a")).toEqual([
      { key: "c", value: "5" },
      { key: "z", value: "4" },
    ]);
  });

  it("adds counters up per source, per session and over all, whatever they are called", () => {
    const { db } = memoryStore();
    const count = (session: string, src: string, name: string, by: number) => ({ session, src, name, by });
    commitBatch(db, batch({ counters: [count("s", "es", "events", 2), count("t", "es", "events", 3)] }));
    commitBatch(db, batch({ counters: [count("s", "es", "events", 1), count("s", "__proto__", "constructor", 1)] }));
    expect(readCounters(db).totals["events"]).toBe(6);
    expect(readCounters(db, ["t"]).bySource["es"]?.["events"]).toBe(3);
    expect(readCounters(db).bySource["__proto__"]?.["constructor"]).toBe(1);
    expect(readCounters(db, []).totals["events"]).toBeUndefined();
  });
});

describe("a full disk", () => {
  it("keeps nothing of the batch, and takes the same batch once there is room", () => {
    const { db } = memoryStore();
    commitBatch(db, batch({ records: range(0, 50).map((n) => record(n)) }));
    const before = [...contentLines(db)];
    const pages = Number(db.sqlite.pragma("page_count", { simple: true }));
    const next = batch({
      records: range(50, 600).map((n) => record(n, { raw: `${n}`.repeat(3000) })),
      findings: [finding("k", [55])],
      state: [{ room: "a", change: { key: "k", value: "v" } }],
      counters: [{ session: SESSION, src: "es", name: "events", by: 550 }],
    });
    for (const spare of [0, 1, 2, 5, 10, 20]) {
      db.sqlite.pragma(`max_page_count = ${pages + spare}`);
      expect(() => commitBatch(db, next)).toThrow(StoreFull);
      expect([...contentLines(db)]).toEqual(before);
      expect(isKnown(db, id(50))).toBe(false);
    }
    db.sqlite.pragma("max_page_count = 1000000");
    const { rowIds } = commitBatch(db, next);
    expect(rowIds).toEqual(range(51, 601));

    const untroubled = memoryStore();
    commitBatch(untroubled.db, batch({ records: range(0, 50).map((n) => record(n)) }));
    commitBatch(untroubled.db, next);
    expect([...contentLines(db)]).toEqual([...contentLines(untroubled.db)]);
  });
});
