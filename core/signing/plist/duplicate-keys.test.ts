import { describe, expect, it } from "vitest";
import { asciiObject, binaryPlist } from "./binary-plist.fixture.ts";
import { parsePlist, type PlistValue } from "./plist.ts";

describe("a key that stands twice", () => {
  const XML = Buffer.from("<plist><dict><key>a</key><true/><key>a</key><false/></dict></plist>");
  const BINARY = binaryPlist([Buffer.from("d201010203", "hex"), asciiObject("a"), Buffer.of(9), Buffer.of(8)]);

  it.each([
    ["XML", XML],
    ["binary", BINARY],
  ])("is refused, or told to whoever asks (%s)", (_form, bytes) => {
    expect(() => parsePlist(bytes)).toThrow("A key stands twice");
    const told: [string, PlistValue, PlistValue][] = [];
    const onDuplicate = (key: string, first: PlistValue, second: PlistValue) => void told.push([key, first, second]);
    expect(parsePlist(bytes, { onDuplicate })).toEqual(new Map([["a", false]]));
    expect(told).toEqual([["a", true, false]]);
  });
});
