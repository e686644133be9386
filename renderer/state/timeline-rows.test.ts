import { describe, expect, it } from "vitest";
import { storyFindings } from "#renderer/bridge/sample/findings.ts";
import { ordinaryRows, storyRows } from "#renderer/bridge/sample/rows.ts";
import { cursorAfter, markEvidence, mergeRows, updateRows } from "./timeline-rows.ts";

const rows = ordinaryRows(5);

describe("rows", () => {
  it("merges in time order, each row once, the fresh one winning", () => {
    const [first] = rows;
    if (first === undefined) throw new Error("the sample has rows");
    const merged = mergeRows([{ ...first, severity: "high" }], [...rows].reverse());
    expect(merged.map((row) => row.rowId)).toEqual([5, 4, 3, 2, 1]);
    expect(merged.at(-1)?.severity).toBe("high");
  });

  it("orders equal times by row number", () => {
    const same = rows.map((row) => ({ ...row, at: "2026-11-21T10:00:00.000001Z" }));
    expect(mergeRows(same, []).map((row) => row.rowId)).toEqual([5, 4, 3, 2, 1]);
  });

  it("updates in place without moving anything", () => {
    const changed = updateRows(rows, [{ ...rows[2]!, title: "changed" }]);
    expect(changed.map((row) => row.rowId)).toEqual(rows.map((row) => row.rowId));
    expect(changed[2]?.title).toBe("changed");
  });

  it("marks evidence with the worst severity and never lowers one", () => {
    const plain = storyRows().map((row) => ({ ...row, severity: null }));
    const marked = markEvidence(plain, storyFindings(plain));
    const of = (title: string) => marked.find((row) => row.title === title)?.severity;
    expect(of("Ran Invoice Viewer")).toBe("high");
    expect(of("SIP is partly off")).toBe("critical");
    expect(of("Ran Safari")).toBeNull();
    const critical = plain.map((row) => ({ ...row, severity: "critical" as const }));
    expect(markEvidence(critical, storyFindings(critical))).toEqual(critical);
  });

  it.each([
    ["2026-11-21T10:00:00.123456Z", Date.UTC(2026, 10, 21, 10) * 1000 + 123_456],
    ["2026-11-21T10:00:00.999999Z", Date.UTC(2026, 10, 21, 10) * 1000 + 999_999],
    ["2026-11-21T10:00:00Z", Date.UTC(2026, 10, 21, 10) * 1000],
  ])("keeps the microseconds of %s in the keyset position", (at, time) => {
    expect(cursorAfter({ ...rows[0]!, at })).toEqual({ time, rowId: 1 });
  });
});
