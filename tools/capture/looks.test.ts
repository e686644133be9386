import { describe, expect, it } from "vitest";
import { InspectionSummary } from "#contract/inspection-summary.ts";
import { readCodesignText } from "#core/parse/codesign-text.ts";
import { adHoc, developerId, linkerSigned, unsigned } from "./code.ts";
import { codesign, inspectionOf } from "./looks.ts";

const TEAM = "7QXW3N5R2K";
const app = developerId("/Applications/Tidepool.app/Contents/MacOS/Tidepool", "com.tidepool.desktop", TEAM);

describe("looks at files, for captures", () => {
  it.each([
    [app, "developer-id"],
    [adHoc("/tmp/a", "a"), "ad-hoc"],
    [unsigned("/tmp/b"), "unsigned"],
  ] as const)("an inspection of %# is one that the reader takes", (code, name) => {
    const summary = inspectionOf(code, { class: name });
    expect(InspectionSummary.parse(summary)).toEqual(summary);
    expect(summary.slices[0]?.cdhashes).toHaveLength(name === "unsigned" ? 0 : 1);
  });

  it("codesign's output is read back as what was meant", () => {
    const read = (output: ReturnType<typeof codesign.valid>, path = app.path) => readCodesignText(output, path);
    expect(read(codesign.valid(app))?.verdict).toBe("valid");
    expect(read(codesign.refused(app, "code object is not signed at all"))?.verdict).toBe("unsigned");
    const authorities = ["Developer ID Application: Invented Software (7QXW3N5R2K)", "Apple Root CA"];
    expect(read(codesign.display(app, authorities, true))).toMatchObject({
      cdhash: app.cdhash.toLowerCase(),
      teamId: TEAM,
      authorities,
      ticketStapled: true,
      adHoc: false,
    });
    const built = linkerSigned("/tmp/c");
    expect(read(codesign.display(built), "/tmp/c")).toMatchObject({ adHoc: true, linkerSigned: true, teamId: "" });
  });
});
