import { describe, expect, it } from "vitest";
import type { Finding } from "#contract/finding.ts";
import type { TimelineRow } from "#contract/timeline.ts";
import { findingBlock, isTold, rowLine } from "./row-line.ts";
import { middleCut, type Terminal, wrap } from "./terminal.ts";

const plain: Terminal = { columns: 100, write: () => undefined, style: (_style, text) => text };

const row: TimelineRow = {
  rowId: 1,
  id: { session: "s", src: "es", n: 1 },
  at: "2026-11-18T08:06:41.000000Z",
  origin: "es",
  kind: "exec",
  title: "Ran Invoice Viewer",
  detail: "/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer",
  path: null,
  trust: "ad-hoc",
  severity: "high",
};

describe("middleCut", () => {
  it.each([
    ["short", 10, "short"],
    ["/Applications/Lantern.app/Contents/MacOS/Lantern", 20, "/Applic…acOS/Lantern"],
    ["abcdefghij", 4, "abcd"],
  ])("%s in %d", (text, width, expected) => {
    expect(middleCut(text, width)).toBe(expected);
    expect(middleCut(text, width).length).toBeLessThanOrEqual(width);
  });

  it("never cuts a character in two", () => {
    expect(middleCut("🦦".repeat(30), 11)).toBe(`${"🦦".repeat(4)}…${"🦦".repeat(6)}`);
  });
});

describe("wrap", () => {
  it("breaks at spaces, and cuts a word that is longer than the line", () => {
    expect(wrap("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrap(`see ${"x".repeat(20)} end`, 8)).toEqual(["see", "xxxxxxxx", "xxxxxxxx", "xxxx end"]);
  });
});

describe("rowLine", () => {
  it("is one line that fits, with the time, a shape for the severity and the seal in a word", () => {
    const line = rowLine(row, plain);
    expect(line).toMatch(/^08:06:41 ● ad-hoc {8}Ran Invoice Viewer +\/Users.*Invoice Viewer$/);
    expect(line.length).toBeLessThanOrEqual(plain.columns);
  });

  it("makes what would move the cursor or turn the line around visible", () => {
    const line = rowLine({ ...row, title: "Ran \u001b[2Jevil\u202egpj.exe", detail: "a\nb" }, plain);
    expect(line).toContain("Ran ‹U+001B›[2Jevil‹U+202E›gpj.exe");
    expect(line).toContain("a‹U+000A›b");
  });

  it("tells a quiet kind only when it belongs to a finding", () => {
    expect(isTold({ ...row, kind: "fork", severity: null })).toBe(false);
    expect(isTold({ ...row, kind: "fork", severity: "low" })).toBe(true);
  });
});

describe("findingBlock", () => {
  it("has the severity in a word, how often, and every sentence", () => {
    const finding = {
      severity: "high",
      title: "Ran after \u0007 its mark was removed",
      behaviours: ["G1"],
      analytics: ["AN0644"],
      count: 3,
      clauses: [
        { kind: "verdict", text: "It ran.", evidence: [0] },
        { kind: "next", text: "Quit it.", evidence: [] },
      ],
    } as unknown as Finding;
    expect(findingBlock(finding, plain)).toEqual([
      "┃ ● high: Ran after ‹U+0007› its mark was removed G1 AN0644, 3 times",
      "┃   It ran.",
      "┃   Quit it.",
    ]);
  });
});
