import { describe, expect, it } from "vitest";
import type { Origin } from "#contract/source.ts";
import { SEARCH_MAX, type TimelineFilter, TimelinePage } from "#contract/timeline.ts";
import { commitBatch } from "./commit.ts";
import type { ReadDb } from "./handle.ts";
import type { EventRecord } from "./records.ts";
import { batch, finding, memoryStore, range, record, START } from "./test-support.ts";
import { timelinePage } from "./timeline.ts";

const NO_FILTER: TimelineFilter = { origins: [], minSeverity: null, text: "" };

function everyPage(db: ReadDb, filter: Partial<TimelineFilter>, limit: number) {
  const rows: TimelinePage["rows"] = [];
  let before: TimelinePage["next"] = null;
  let matching: number | null = null;
  do {
    const page = timelinePage(db, { filter: { ...NO_FILTER, ...filter }, before, limit }, 7);
    expect(TimelinePage.safeParse(page).success).toBe(true);
    rows.push(...page.rows);
    before = page.next;
    matching = page.matching;
  } while (before !== null);
  return { ns: rows.map((row) => row.id.n), matching };
}

const found = (db: ReadDb, text: string) => everyPage(db, { text }, 50).ns.toSorted((a, b) => a - b);

function storeOf(records: EventRecord[]) {
  const { db } = memoryStore();
  commitBatch(db, batch({ records }));
  return db;
}

describe("timelinePage", () => {
  const ORIGINS: Origin[] = ["es", "log", "fs", "session"];
  // Many records share a time, and arrive out of order, so that the order rests on the row id too.
  const records = range(0, 300).map((n) =>
    record(n, {
      origin: ORIGINS[n % 4] ?? "es",
      time: START + ((n * 37) % 50) * 1000,
      detail: n % 3 === 0 ? "needle in it" : `straw ${n}`,
      title: n % 10 === 0 ? "A Needle" : "Other",
    }),
  );
  const db = storeOf(records);
  commitBatch(
    db,
    batch({ findings: [finding("a", range(0, 60)), finding("b", range(40, 80), { severity: "critical" })] }),
  );
  const severity = (n: number) => (n >= 40 && n < 80 ? "critical" : n < 60 ? "medium" : null);

  const cases: [string, Partial<TimelineFilter>, (one: EventRecord) => boolean][] = [
    ["everything", {}, () => true],
    ["an origin", { origins: ["log"] }, (one) => one.origin === "log"],
    ["two origins", { origins: ["log", "fs"] }, (one) => one.origin === "log" || one.origin === "fs"],
    ["an origin without rows", { origins: ["probe"] }, () => false],
    ["medium and worse", { minSeverity: "medium" }, (one) => severity(one.id.n) !== null],
    ["high and worse", { minSeverity: "high" }, (one) => severity(one.id.n) === "critical"],
    ["text", { text: "NEEDLE" }, (one) => one.id.n % 3 === 0 || one.id.n % 10 === 0],
    ["short text", { text: "dl" }, (one) => one.id.n % 3 === 0 || one.id.n % 10 === 0],
    [
      "all three",
      { text: "needle", origins: ["es"], minSeverity: "info" },
      (one) => (one.id.n % 3 === 0 || one.id.n % 10 === 0) && one.origin === "es" && severity(one.id.n) !== null,
    ],
    [
      "a stretch of time, its end left out",
      { range: { from: START + 10_000, to: START + 30_000 } },
      (one) => one.time >= START + 10_000 && one.time < START + 30_000,
    ],
    [
      "text in a stretch of time",
      { text: "needle", range: { from: START + 10_000, to: START + 30_000 } },
      (one) => (one.id.n % 3 === 0 || one.id.n % 10 === 0) && one.time >= START + 10_000 && one.time < START + 30_000,
    ],
    ["a stretch without rows", { range: { from: START - 10, to: START } }, () => false],
    [
      "text of an origin",
      { text: "needle", origins: ["es"] },
      (one) => (one.id.n % 3 === 0 || one.id.n % 10 === 0) && one.origin === "es",
    ],
  ];
  it.each(cases)("pages through %s, newest first, each row once", (_name, filter, matches) => {
    const expected = records
      .map((one, index) => ({ one, row: index }))
      .filter(({ one }) => matches(one))
      .sort((a, b) => b.one.time - a.one.time || b.row - a.row)
      .map(({ one }) => one.id.n);
    for (const limit of [1, 7, 200]) {
      const { ns, matching } = everyPage(db, filter, limit);
      expect(ns).toEqual(expected);
      expect(matching).toBe(expected.length);
    }
  });

  it("keeps its place while new rows arrive", () => {
    const { db } = memoryStore();
    commitBatch(db, batch({ records: range(0, 10).map((n) => record(n)) }));
    const first = timelinePage(db, { filter: NO_FILTER, before: null, limit: 5 }, 1);
    commitBatch(db, batch({ records: range(10, 20).map((n) => record(n)) }));
    const second = timelinePage(db, { filter: NO_FILTER, before: first.next, limit: 5 }, 2);
    expect(second.rows.map((row) => row.id.n)).toEqual([4, 3, 2, 1, 0]);
    expect(second.total).toBe(20);
  });

  it("counts again after a commit", () => {
    const { db } = memoryStore();
    const matching = () =>
      timelinePage(db, { filter: { ...NO_FILTER, text: "launchd" }, before: null, limit: 1 }, 1).matching;
    commitBatch(db, batch({ records: [record(1)] }));
    expect(matching()).toBe(1);
    commitBatch(db, batch({ records: [record(2)] }));
    expect(matching()).toBe(2);
  });
});

describe("search", () => {
  const hostile = [
    `say "hi" OR 1=1 --`,
    "100%_sure\\ly",
    "before\0after the NUL",
    "mixed \u{1f600}\u{1f680} emoji",
    "NEAR(a b) AND * ^ {col} : -x",
    "caf\u00e9 au lait",
    "\u202egnp.exe",
    "STRASSE \u0130stanbul \u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3",
    "lone \ud800 surrogate",
    "line\nbreak\ttab",
  ];
  const db = storeOf(hostile.map((detail, n) => record(n, { detail, path: null, title: "T" })));

  it.each(hostile.map((text, n) => [n, text] as const))(
    "finds hostile text %i by itself and by its parts",
    (n, text) => {
      expect(found(db, text)).toEqual([n]);
      const points = Array.from(text);
      for (let from = 0; from + 5 <= points.length; from++) {
        expect(found(db, points.slice(from, from + 5).join(""))).toContain(n);
      }
      for (const point of points) expect(found(db, point)).toContain(n);
    },
  );

  it.each([
    ["AFTER THE nul", [2]],
    ["cafe\u0301", [5]],
    ["\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c3", [7]],
    [`"`, [0]],
    ["%", [1]],
    ["_sure", [1]],
    [`""`, []],
    ["*", [4]],
    ["zz", []],
    ["nothing has this", []],
    ["'; DROP TABLE event; --", []],
  ])("takes %j literally, without regard to case", (text, ns) => {
    expect(found(db, text)).toEqual(ns);
  });

  it("takes the longest text there may be, and does not take trigrams in another order for it", () => {
    const long = range(0, 67)
      .map((i) => (i * 37 + 1000).toString(36))
      .join("")
      .slice(0, SEARCH_MAX);
    const one = storeOf([`<${long}>`, "abcab", "bcabc"].map((detail, n) => record(n, { detail, cdhash: null })));
    expect(found(one, long)).toEqual([0]);
    expect(found(one, "abcab")).toEqual([1]);
  });

  it("looks through every text of a record", () => {
    const one = storeOf([
      record(1, {
        path: "/ppp/path",
        actor: "/aaa/actor",
        signingId: "sss.signing",
        teamId: "TTTTEAM",
        title: "Uuu title",
      }),
      record(2, { path: null, actor: null, signingId: null, teamId: null, cdhash: null, title: "", detail: "" }),
    ]);
    for (const text of ["ppp/", "/aaa", "sss.", "tttteam", "uuu t", "invoice-1", "abab", "u"]) {
      expect(found(one, text)).toEqual([1]);
    }
  });
});

describe("at a hundred thousand rows", () => {
  it("pages and searches from the newest to the oldest", { timeout: 120_000 }, () => {
    const { db } = memoryStore();
    for (const start of range(0, 100)) {
      const records = range(start * 1000, start * 1000 + 1000).map((n) =>
        record(n, { detail: n % 4 === 0 ? `unique-${n}-end` : "the same", raw: "{}" }),
      );
      commitBatch(db, batch({ records }));
    }
    const newest = timelinePage(db, { filter: NO_FILTER, before: null, limit: 200 }, 1);
    expect([newest.rows[0]?.id.n, newest.total, newest.matching]).toEqual([99_999, 100_000, 100_000]);
    const oldest = timelinePage(
      db,
      { filter: NO_FILTER, before: { time: START + 5_000_000, rowId: 6 }, limit: 200 },
      1,
    );
    expect(oldest.rows.map((row) => row.id.n)).toEqual([4, 3, 2, 1, 0]);
    expect(found(db, "unique-4-")).toEqual([4]);
    expect(found(db, "UNIQUE-50000-END")).toEqual([50_000]);
    const common = timelinePage(db, { filter: { ...NO_FILTER, text: "unique-" }, before: null, limit: 200 }, 1);
    expect(common.rows.map((row) => row.id.n)).toEqual(range(0, 200).map((i) => 99_996 - 4 * i));
    expect(common.matching).toBeNull();
    // Nothing has this, and it is too short for the index: the walk gives up in pieces and still gets to the end.
    expect(found(db, "zq")).toEqual([]);
  });
});
