import { describe, expect, it } from "vitest";
import { goBack, goForward, move, startOfHistory, visit } from "./navigation.ts";

const finding = { section: "findings", selection: { kind: "finding", id: 7 } } as const;

describe("history", () => {
  it("leads back to where one came from, selection included, and forward again", () => {
    const selected = move(startOfHistory, { kind: "event", rowId: 3 });
    const there = visit(selected, finding);
    const back = goBack(there);
    expect(back.here).toEqual({ section: "timeline", selection: { kind: "event", rowId: 3 } });
    expect(goForward(back).here).toEqual(finding);
  });

  it("does not fill up while the selection moves", () => {
    let history = startOfHistory;
    for (let rowId = 0; rowId < 50; rowId += 1) history = move(history, { kind: "event", rowId });
    expect(history.back).toEqual([]);
  });

  it("forgets what lay ahead once another way is taken, and ignores going where one is", () => {
    const back = goBack(visit(startOfHistory, finding));
    expect(visit(back, { section: "posture", selection: null }).forward).toEqual([]);
    expect(visit(startOfHistory, startOfHistory.here)).toBe(startOfHistory);
    expect(goBack(startOfHistory)).toBe(startOfHistory);
    expect(goForward(startOfHistory)).toBe(startOfHistory);
  });

  it("remembers a bounded number of places", () => {
    let history = startOfHistory;
    for (let id = 0; id < 500; id += 1)
      history = visit(history, { section: "findings", selection: { kind: "finding", id } });
    expect(history.back.length).toBe(100);
  });
});
