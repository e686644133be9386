import { describe, expect, it } from "vitest";
import { withAssessmentRead } from "./assessment-plist.ts";

/** Constructed, in the form of a property list. */
function printed(verdict: string, authority = ""): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>assessment:authority</key><dict>${authority}</dict>
<key>assessment:verdict</key><${verdict}/></dict></plist>
`;
}
const frame = (out: unknown, verdict: boolean | null = null) => ({
  t: "file",
  path: "/Applications/Viewer.app",
  assessment: { verdict, source: null, out, exit: 0 },
});
const SOURCE = "<key>assessment:authority:source</key><string>Notarized Developer ID</string>";

describe("an assessment's property list", () => {
  it("names the verdict and the source", () => {
    expect(withAssessmentRead(frame(printed("true", SOURCE)))).toMatchObject({
      path: "/Applications/Viewer.app",
      assessment: { verdict: true, source: "Notarized Developer ID", exit: 0 },
    });
    expect(withAssessmentRead(frame(printed("false"), true))).toMatchObject({
      assessment: { verdict: false, source: null },
    });
  });

  it.each([
    ["nothing", ""],
    ["words", "/Applications/Viewer.app: accepted"],
    ["a bomb", "<plist>".repeat(9000)],
    ["a number", 7],
  ])("that is %s says nothing", (_, out) => {
    const as = frame(out);
    expect(withAssessmentRead(as)).toBe(as);
  });

  it("is not missed where there is none", () => {
    for (const assessment of [null, undefined, "x", []]) {
      const as = { t: "file", assessment };
      expect(withAssessmentRead(as)).toBe(as);
    }
  });
});
