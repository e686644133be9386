import { describe, expect, it } from "vitest";
import type { Inspection, SliceInspection } from "./inspection.ts";
import { InspectionSummary, summarise } from "./inspection-summary.ts";

const SHA256 = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
const SHA1 = "00112233445566778899aabbccddeeff00112233";

function slice(part: Partial<SliceInspection> = {}): SliceInspection {
  return {
    arch: "arm64",
    class: "developer-id",
    identifier: "com.tidepool.desktop",
    teamId: "7QXW3N5R2K",
    cdhash: SHA256,
    cdhashes: { sha1: SHA1, sha256: SHA256, sha384: null },
    flags: ["runtime"],
    hardenedRuntime: true,
    pageHashes: "ok",
    cms: "ok",
    notarized: "yes",
    timestamp: null,
    signingTime: null,
    leaf: null,
    authorities: [],
    entitlements: [],
    requirement: null,
    problems: [],
    notes: [],
    ...part,
  };
}

function inspection(part: Partial<Inspection> = {}): Inspection {
  return {
    path: "/Users/ana/tool",
    kind: "mach-o",
    depth: "full",
    verdict: { class: "developer-id", problems: [], notes: [{ id: "old-digest", message: "It is old." }] },
    notarized: "yes",
    slices: [slice()],
    bundle: null,
    checked: ["container", "cms"],
    notChecked: [{ check: "revocation", why: "Only Apple's servers know." }],
    ...part,
  };
}

describe("summarise", () => {
  it("keeps the verdict, every slice's hashes, and what was and was not checked", () => {
    const summary = summarise(inspection());
    expect(summary).toMatchObject({ class: "developer-id", depth: "full", notes: ["old-digest"], executable: null });
    expect(summary.slices[0]?.cdhashes).toEqual([SHA256, SHA1]);
    expect(summary.notChecked).toEqual([{ check: "revocation", why: "Only Apple's servers know." }]);
  });

  it("of a file without code has no slices", () => {
    const none = inspection({ kind: "not-code", slices: [], verdict: { class: "not-code", problems: [], notes: [] } });
    expect(summarise(none)).toMatchObject({ slices: [], identifier: null, teamId: null });
  });

  it("is always readable by its own schema, whatever the code claims", () => {
    const long = "x".repeat(100_000);
    const problem = { id: long, message: long };
    const hostile = inspection({
      slices: Array.from({ length: 500 }, () =>
        slice({ arch: long, identifier: long, teamId: long, cdhash: "not a hash" }),
      ),
      verdict: {
        class: "invalid",
        problems: Array.from({ length: 500 }, () => problem),
        notes: Array.from({ length: 500 }, () => problem),
      },
      notChecked: Array.from({ length: 500 }, () => ({ check: "revocation" as const, why: long })),
    });
    const summary = summarise(hostile);
    expect(InspectionSummary.parse(summary)).toEqual(summary);
    expect(JSON.stringify(summary).length).toBeLessThan(200_000);
  });
});
