import { describe, expect, it } from "vitest";
import type { Severity } from "#contract/severity.ts";
import { groupMarks, percentOf, ticks, timeAt } from "./geometry.ts";

const mark = (findingId: number, at: number, severity: Severity = "low") => ({
  findingId,
  at,
  severity,
  title: `Finding ${findingId}`,
});
const utc = (text: string) => Date.parse(text) * 1000;

describe("percentOf and timeAt", () => {
  it("keep inside, and are each other's way back", () => {
    expect([percentOf(-5, 0, 200), percentOf(50, 0, 200), percentOf(900, 0, 200)]).toEqual([0, 25, 100]);
    expect([timeAt(-1, 100, 300), timeAt(0.25, 100, 300), timeAt(2, 100, 300)]).toEqual([100, 150, 300]);
    expect(percentOf(5, 5, 5)).toBe(0);
  });
});

describe("groupMarks", () => {
  it("joins neighbours under the worst of them and loses none", () => {
    const groups = groupMarks([mark(1, 0), mark(2, 5, "critical"), mark(3, 9), mark(4, 60)], 0, 100, 10);
    expect(groups.map(({ worst, marks }) => [worst.findingId, marks.length])).toEqual([
      [2, 3],
      [4, 1],
    ]);
  });
});

describe("ticks", () => {
  it("are round times, few enough to read", () => {
    const found = ticks(utc("2026-11-21T14:03:20Z"), utc("2026-11-21T15:02:00Z"), 6, 0);
    expect(found.map((time) => new Date(time / 1000).toISOString().slice(11, 19))).toEqual([
      "14:10:00",
      "14:20:00",
      "14:30:00",
      "14:40:00",
      "14:50:00",
      "15:00:00",
    ]);
  });

  it("are midnights of the user's zone over days", () => {
    const found = ticks(utc("2026-11-18T00:00:00Z"), utc("2026-11-22T00:00:00Z"), 6, 60);
    expect(new Date((found[0] ?? 0) / 1000).toISOString()).toBe("2026-11-18T23:00:00.000Z");
    expect(found).toHaveLength(4);
  });

  it("stay few over years", () => {
    expect(ticks(0, utc("2030-01-01T00:00:00Z"), 6, 0).length).toBeLessThanOrEqual(7);
  });
});
