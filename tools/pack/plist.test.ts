import { describe, expect, it } from "vitest";
import { type Plist, readPlist, writePlist } from "./plist.ts";

describe("property lists", () => {
  it.each<[string, Plist]>([
    ["a dictionary", { LSUIElement: true, Off: false, Name: "Sealbar", Build: 7 }],
    ["nesting", { Types: [{ Ext: ["jsonl"], Empty: [], None: {} }, "x"], After: "" }],
    ["markup in text", { "A & <B>": '&lt; is not < and "quotes" stay' }],
  ])("come back as they were written: %s", (_what, value) => {
    expect(readPlist(writePlist(value))).toEqual(value);
  });

  it("are read with line breaks, indentation and empty elements", () => {
    const xml =
      '<?xml version="1.0"?>\n<plist version="1.0">\n <dict>\n <key>A</key>\n <string/>\n <key>B</key>\n <true/>\n </dict>\n</plist>';
    expect(readPlist(xml)).toEqual({ A: "", B: true });
  });

  it.each([
    "<plist><dict><key>A</key>",
    "<plist><data>AA==</data></plist>",
    "<plist><dict><string>x</string></dict></plist>",
  ])("are refused rather than read wrongly: %s", (xml) => {
    expect(() => readPlist(xml)).toThrow(/too early|not known|is expected/);
  });
});
