import { describe, expect, it } from "vitest";
import type { Severity } from "#contract/severity.ts";
import { HOUR, type Micros } from "#core/base/clock.ts";
import { parseTime } from "#core/base/time.ts";
import type { FindingRecord } from "./finding-input.ts";
import { DigestBook } from "./notices-digest.ts";
import type { DigestFamily } from "./notices-family.ts";

const EVENING: Micros = parseTime("2026-11-21T22:30:00Z") ?? 0;

function add(book: DigestBook, name: string, severity: Severity, time = EVENING, family: DigestFamily = "developer") {
  const finding = { key: name, severity, title: `Title of ${name}` } as FindingRecord;
  return book.add(finding, () => family, time);
}

describe("DigestBook", () => {
  it("counts up one line a day, and says the same thing once", () => {
    const book = new DigestBook([]);
    expect(add(book, "a", "info")).toMatchObject({
      key: "2026-11-21",
      day: "2026-11-21",
      title: "Developer activity: 1 finding, nothing to do",
      body: "Title of a",
      count: 1,
    });
    expect(add(book, "a", "info", EVENING + 1)).toBeNull();
    expect(add(book, "b", "medium")).toMatchObject({
      title: "Developer activity: 2 findings, no hurry",
      body: "Title of b; Title of a",
      severity: "medium",
    });
    expect(add(book, "c", "low", EVENING, "protection")).toMatchObject({
      key: "2026-11-21",
      title: "Developer activity (2), Protection settings (1): 3 findings, no hurry",
      count: 3,
    });
  });

  it("a finding that became worse is counted once, under the heading it had", () => {
    const book = new DigestBook([]);
    add(book, "a", "info");
    expect(add(book, "a", "medium", EVENING, "other")).toMatchObject({
      title: "Developer activity: 1 finding, no hurry",
      count: 1,
      severity: "medium",
      findings: ["a"],
    });
  });

  it("begins anew at midnight UTC, with what still goes on", () => {
    const book = new DigestBook([]);
    add(book, "a", "info");
    expect(add(book, "a", "info", EVENING + 2 * HOUR)).toMatchObject({ day: "2026-11-22", count: 1 });
    expect(book.lines("2026-11-21", "2026-11-22").map(({ day }) => day)).toEqual(["2026-11-22", "2026-11-21"]);
    expect(book.lines("2026-11-22", "2026-11-22")).toHaveLength(1);
  });

  it("lists few titles and a bounded number of keys", () => {
    const book = new DigestBook([]);
    for (let n = 0; n < 200; n += 1) add(book, `f${n}`, "low");
    const [line] = book.lines("2026-11-21", "2026-11-21");
    expect(line).toMatchObject({ count: 200 });
    expect(line?.findings).toHaveLength(50);
    expect(line?.body).toBe("Title of f199; Title of f198; Title of f197; Title of f196; and 196 more");
  });

  it("gives up what was told in a notification after all", () => {
    const book = new DigestBook([]);
    add(book, "a", "low");
    add(book, "b", "low");
    expect(book.remove("a", EVENING)).toMatchObject({ count: 1, findings: ["b"], body: "Title of b" });
    expect(book.remove("a", EVENING)).toBeNull();
    expect(book.remove("b", EVENING)).toMatchObject({ count: 0, findings: [] });
    expect(book.lines("2026-11-21", "2026-11-21")).toEqual([]);
  });

  it("keeps a bounded number of lines, whatever days the records claim", () => {
    const book = new DigestBook([]);
    for (let n = 0; n < 1000; n += 1) add(book, `f${n}`, "low", EVENING + n * 24 * HOUR);
    expect(book.lines("0000-01-01", "9999-12-31").length).toBeLessThanOrEqual(128);
  });
});
