import { beforeEach, describe, expect, it } from "vitest";
import type { JournalQuery } from "#contract/posture.ts";
import { DAY } from "#core/base/clock.ts";
import type { JournalRecord } from "#core/base/journal-record.ts";
import { formatTime } from "#core/base/time.ts";
import { commitBatch } from "./commit.ts";
import type { WriteDb } from "./handle.ts";
import { journalHead, journalPage, verifyJournal } from "./journal.ts";
import { prune } from "./retention.ts";
import { batch, memoryStore, range, record, START } from "./test-support.ts";

let db: WriteDb;
beforeEach(() => {
  db = memoryStore().db;
});

function line(n: number, changes: Partial<JournalRecord> = {}): JournalRecord {
  return {
    at: START + n,
    kind: "change",
    about: n % 2 === 0 ? "sip" : "gatekeeper",
    before: "on",
    after: "off",
    words: `Line ${n}.`,
    evidence: "System Integrity Protection status: disabled.",
    bootUuid: "A",
    ...changes,
  };
}

const page = (query: Partial<JournalQuery> = {}) =>
  journalPage(db, { about: null, before: null, limit: 200, ...query });
const write = (from: number, to: number) =>
  commitBatch(db, batch({ records: [record(from)], journal: range(from, to).map((n) => line(n)) }));

describe("the posture journal", () => {
  it("is empty at first", () => {
    expect(journalHead(db)).toBeNull();
    expect(verifyJournal(db)).toBe("intact");
    expect(page()).toEqual({
      entries: [],
      next: null,
      chain: { entries: 0, head: null, state: "unchecked", anchor: "none" },
    });
  });

  it("gives its lines newest first, page by page, and by what they are about", () => {
    write(1, 8);
    write(8, 11);
    const first = page({ limit: 4 });
    expect(first.entries.map(({ seq }) => seq)).toEqual([10, 9, 8, 7]);
    expect(first.entries[0]).toMatchObject({
      at: formatTime(START + 10),
      kind: "change",
      about: "sip",
      words: "Line 10.",
    });
    expect(first.next).toBe(7);
    expect(page({ limit: 4, before: 3 })).toMatchObject({ entries: [{ seq: 2 }, { seq: 1 }], next: null });
    expect(page({ about: "gatekeeper" }).entries.map(({ seq }) => seq)).toEqual([9, 7, 5, 3, 1]);
    expect(page({ about: "gatekeeper", limit: 5 }).next).toBeNull();
    expect(journalPage(db, { about: null, before: null, limit: 1 }, "intact").chain).toEqual({
      entries: 10,
      head: first.entries[0]?.hash,
      state: "intact",
      anchor: "none",
    });
    expect(journalHead(db)).toEqual({ seq: 10, hash: first.entries[0]?.hash });
  });

  it("gives the same lines the same hashes, whatever the batches", () => {
    write(1, 11);
    const other = memoryStore().db;
    for (const n of range(1, 11)) commitBatch(other, batch({ records: [record(n)], journal: [line(n)] }));
    expect(journalHead(other)).toEqual(journalHead(db));
    expect(journalHead(db)?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("a batch whose records are known adds nothing", () => {
    write(1, 4);
    const head = journalHead(db);
    commitBatch(db, batch({ records: [record(1)], journal: range(1, 4).map((n) => line(n)) }));
    expect(journalHead(db)).toEqual(head);
  });

  it("a batch that fails leaves no line behind", () => {
    write(1, 4);
    const head = journalHead(db);
    db.sqlite.exec("CREATE TEMP TRIGGER refuses BEFORE INSERT ON main.state BEGIN SELECT RAISE(ABORT, 'no'); END");
    const state = [{ room: "posture", change: { key: "posture", value: "1" } }];
    expect(() => commitBatch(db, batch({ records: [record(9)], journal: [line(9)], state }))).toThrow(/no/);
    db.sqlite.exec("DROP TRIGGER refuses");
    expect(journalHead(db)).toEqual(head);
    write(9, 10);
    expect(verifyJournal(db)).toBe("intact");
  });

  it("takes hostile text as it can be kept, and still follows it", () => {
    const words = "\ud800 \u0000 \u202e \u{1f600} \"'\\ ; DROP TABLE posture_journal";
    commitBatch(
      db,
      batch({
        records: [record(1)],
        journal: [line(1, { words, evidence: words, about: words, bootUuid: "\udfff", at: Number.NaN }), line(2)],
      }),
    );
    expect(verifyJournal(db)).toBe("intact");
    expect(page().chain.state).toBe("unchecked");
    expect(page().entries[1]?.words).toContain("\u{1f600}");
  });

  it("cannot be changed or shortened by a slip of ours", () => {
    write(1, 4);
    for (const sql of ["DELETE FROM posture_journal", "UPDATE posture_journal SET words = 'x'"]) {
      expect(() => db.sqlite.exec(sql)).toThrow(/append-only/);
    }
  });

  it("outlives the events it came from", () => {
    write(1, 4);
    while (prune(db, START + 400 * DAY).more) continue;
    expect(page().entries).toHaveLength(3);
    expect(verifyJournal(db)).toBe("intact");
  });

  it.each<[string, string, string[]]>([
    ["words", "UPDATE posture_journal SET words = 'nothing happened' WHERE seq = 4", ["all", "its page"]],
    ["a time", "UPDATE posture_journal SET at = at + 1 WHERE seq = 4", ["all", "its page"]],
    ["about nothing", "UPDATE posture_journal SET about = NULL WHERE seq = 4", ["all", "its page"]],
    ["a line taken out", "DELETE FROM posture_journal WHERE seq = 4", ["all", "the page after"]],
    ["the first line taken out", "DELETE FROM posture_journal WHERE seq = 1", ["all"]],
    [
      "a line put in",
      "INSERT INTO posture_journal SELECT 99, at, kind, about, before, after, words, evidence, boot_uuid, hash FROM posture_journal WHERE seq = 4",
      ["all"],
    ],
    [
      "a hash",
      "UPDATE posture_journal SET hash = printf('%064d', 0) WHERE seq = 4",
      ["all", "its page", "the page after"],
    ],
  ])("is found out: %s", (_what, sql, where) => {
    write(1, 11);
    db.sqlite.exec("DROP TRIGGER posture_journal_keeps; DROP TRIGGER posture_journal_stays");
    db.sqlite.exec(sql);
    expect(verifyJournal(db)).toBe("broken");
    const itself = page({ before: 5, limit: 1 }).chain.state;
    const after = page({ before: 6, limit: 1 }).chain.state;
    expect(itself).toBe(where.includes("its page") ? "broken" : "unchecked");
    expect(after).toBe(where.includes("the page after") ? "broken" : "unchecked");
  });

  it("of a very long one only the newest part is checked, and that is said", () => {
    write(1, 21);
    expect(verifyJournal(db, 20)).toBe("intact");
    expect(verifyJournal(db, 5)).toBe("unchecked");
    db.sqlite.exec("DROP TRIGGER posture_journal_stays");
    db.sqlite.exec("UPDATE posture_journal SET words = 'x' WHERE seq = 18");
    expect(verifyJournal(db, 5)).toBe("broken");
    expect(verifyJournal(db, 2)).toBe("unchecked");
  });
});
