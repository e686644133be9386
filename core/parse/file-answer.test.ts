import { describe, expect, it } from "vitest";
import { FileFrame } from "#contract/frames.ts";
import type { InspectionSummary } from "#contract/inspection-summary.ts";
import { parseFileAnswer } from "./file-answer.ts";
import { gapCountsOf } from "./gap-counts.ts";

const HEADER = { id: { session: "s", src: "file", n: 1 }, time: 1_795_255_200_000_000, replayed: false };
const HASH = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
const INSPECTION: InspectionSummary = {
  kind: "mach-o",
  depth: "full",
  class: "developer-id",
  notarized: "yes",
  identifier: "com.tidepool.desktop",
  teamId: "7QXW3N5R2K",
  executable: null,
  slices: [
    {
      arch: "arm64",
      class: "developer-id",
      notarized: "yes",
      cdhashes: [HASH],
      identifier: "com.tidepool.desktop",
      teamId: "7QXW3N5R2K",
    },
  ],
  problems: [],
  notes: [],
  checked: ["container", "cms"],
  notChecked: [{ check: "revocation", why: "Only Apple's servers know." }],
};

function answer(parts: Record<string, unknown>) {
  return parseFileAnswer(
    HEADER,
    FileFrame.parse({ v: 1, t: "file", at: "2026-11-21T10:00:00Z", path: "/Users/ana/tool", cdhash: HASH, ...parts }),
  );
}

describe("an answer about a file", () => {
  it("carries the inspection and what codesign said", () => {
    const event = answer({
      inspection: INSPECTION,
      codesign: { exit: 0, out: "", err: "/Users/ana/tool: valid on disk\n", timedOut: false },
    });
    expect(event.inspection).toEqual(INSPECTION);
    expect(event.codesign?.verdict).toBe("valid");
    expect(event.unreadable).toEqual([]);
  });

  it("of an older helper has neither; null means the same", () => {
    for (const parts of [{}, { inspection: null, codesign: null }]) {
      expect(answer(parts)).toMatchObject({ inspection: null, codesign: null, unreadable: [] });
    }
  });

  it("what a newer inspector adds is read past, and its checks keep their names", () => {
    const newer = { ...INSPECTION, colour: "blue", checked: ["container", "quantum-seal"] };
    expect(answer({ inspection: newer }).inspection).toEqual({ ...INSPECTION, checked: ["container", "quantum-seal"] });
  });

  it.each<[string, unknown]>([
    ["a text", "developer-id"],
    ["an empty object", {}],
    ["a class that is not in the list", { ...INSPECTION, class: "excellent" }],
    ["a cdhash that is none", { ...INSPECTION, slices: [{ ...INSPECTION.slices[0], cdhashes: ["zz"] }] }],
    ["too many slices", { ...INSPECTION, slices: Array.from({ length: 4000 }, () => INSPECTION.slices[0]) }],
    ["a text without end", { ...INSPECTION, identifier: "x".repeat(1_000_000) }],
    ["a forged prototype", JSON.parse('{"__proto__":{"class":"platform"}}')],
  ])("%s for an inspection loses neither the frame nor its codesign, and is counted", (_what, inspection) => {
    const event = answer({ inspection, codesign: { exit: 1, err: "/Users/ana/tool: CSSMERR_TP_CERT_REVOKED" } });
    expect(event).toMatchObject({ inspection: null, cdhash: HASH, unreadable: ["inspection"] });
    expect(event.codesign?.verdict).toBe("revoked");
    expect(gapCountsOf(event)).toEqual({ source: "session", counts: { lost: 0, shed: 0, unreadable: 1, unknown: 0 } });
  });

  it.each<[unknown]>([["text"], [{ exit: "0" }], [{ err: 5 }], [[]]])(
    "%j for codesign's output is counted",
    (codesign) => {
      const event = answer({ inspection: INSPECTION, codesign });
      expect(event).toMatchObject({ inspection: INSPECTION, codesign: null, unreadable: ["codesign"] });
    },
  );
});
