import { describe, expect, it } from "vitest";
import type { Process } from "#contract/process.ts";
import type { Severity } from "#contract/severity.ts";
import { appleTool, enricher, exec, FLAGS, invoiceViewer, posture, process } from "#core/enrich/events.fixture.ts";
import type { FindingRecord } from "./finding-input.ts";
import { familyOf } from "./notices-family.ts";

function record(path: string | null, behaviours: string[], severity: Severity = "low"): FindingRecord {
  return {
    key: "k",
    rule: "r",
    behaviours,
    analytics: [],
    techniques: [],
    severity,
    title: "t",
    clauses: [],
    subject: { path, cdhash: null, teamId: null, signingId: null },
    firstSeen: "2026-11-21T10:00:00.000000Z",
    lastSeen: "2026-11-21T10:00:00.000000Z",
    count: 1,
    evidence: [],
    state: "open",
  };
}

function enriched(program: Process, actor?: Process) {
  return enricher().enrich(exec(program, ["x"], actor === undefined ? {} : { actor }), posture());
}

const at = (path: string, codesigningFlags: number = FLAGS.adHoc) => invoiceViewer({ path, codesigningFlags });

describe("the heading of a digest line", () => {
  it.each([
    ["/opt/homebrew/Cellar/tidewatch/2.4.1/bin/tidewatch", "developer"],
    ["/Users/ana/Library/Developer/Xcode/DerivedData/Notes-x/Build/Notes.app/Contents/MacOS/Notes", "developer"],
    ["/Users/ana/kelp/node_modules/@esbuild/darwin-arm64/bin/esbuild", "developer"],
    ["/private/var/folders/q1/x/T/go-build2871930466/b001/exe/buoy", "developer"],
    ["/Users/ana/.cargo/bin/tide", "developer"],
    ["/usr/local/bin/node", "developer"],
    ["/System/Library/CoreServices/Installer.app/Contents/MacOS/Installer", "updates"],
    ["/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer", "other"],
    ["/Applications/Cellar Door.app/Contents/MacOS/Cellar Door", "other"],
  ])("%s: %s", (path, family) => {
    expect(familyOf(record(path, ["G17"]), enriched(at(path)), false)).toBe(family);
  });

  it("what a package manager's tool did to an app is developer activity", () => {
    const brew = process({ path: "/opt/homebrew/bin/brew", isPlatformBinary: false });
    const finding = record("/Applications/Lantern.app", ["G1"]);
    expect(familyOf(finding, enriched(appleTool("xattr", "com.apple.xattr"), brew), false)).toBe("developer");
  });

  it("a local build is, wherever it lies", () => {
    const path = "/Users/ana/tides/a.out";
    expect(familyOf(record(path, ["G17"]), enriched(at(path, FLAGS.linkerSigned)), false)).toBe("developer");
  });

  it.each([["S1"], ["G8"], ["G10"], ["G24"]])("%s is about protection settings", (behaviour) => {
    expect(familyOf(record(null, [behaviour]), enriched(process()), false)).toBe("protection");
  });

  it("a question about a setting is developer activity when brew asks; a change never is", () => {
    const brew = process({ path: "/opt/homebrew/bin/brew", isPlatformBinary: false });
    const asked = enriched(appleTool("csrutil", "com.apple.csrutil"), brew);
    expect(familyOf(record("/usr/bin/csrutil", ["S2"], "info"), asked, false)).toBe("developer");
    expect(familyOf(record("/usr/bin/csrutil", ["S1"], "medium"), asked, false)).toBe("protection");
  });

  it("Apple's own code after an update is an update; without a record the path alone decides", () => {
    expect(familyOf(record("/usr/libexec/tided", ["G16"]), null, true)).toBe("updates");
    expect(familyOf(record("/opt/homebrew/bin/x", ["G16"]), null, false)).toBe("developer");
    expect(familyOf(record(null, ["G16"]), null, false)).toBe("other");
  });
});
