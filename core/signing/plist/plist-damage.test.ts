import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { attempt } from "../problem.ts";
import { asciiObject, binaryPlist, bytesOf } from "./binary-plist.fixture.ts";
import { asArray, asBoolean, asBytes, asDate, asDict, asNumber, asText, parsePlist, PlistDate } from "./plist.ts";

const XML = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>files</key><dict><key>Resources/é &amp; Co.icns</key><data>AAECAwQ=</data></dict>
<key>rules</key><dict><key>^Resources/</key><true/><key>^x</key><dict><key>weight</key><real>1000</real><key>n</key><integer>0x10</integer></dict>
<key>d</key><date>2026-11-21T10:00:00Z</date><key>l</key><array><string><![CDATA[a]]></string><false/></array></dict></dict></plist>`);

const BINARY = binaryPlist([
  bytesOf(0xd3, 1, 2, 3, 4, 5, 6),
  asciiObject("files"),
  asciiObject("n"),
  asciiObject("when"),
  bytesOf(0xa3, 7, 8, 9),
  bytesOf(0x13, 0, 0, 0, 0, 0, 0, 0, 7),
  bytesOf(0x33, 0x41, 0xc0, 0, 0, 0, 0, 0, 0),
  bytesOf(0x62, 0x6f, 0x22, 0, 0x61),
  bytesOf(0x4f, 0x10, 3, 1, 2, 3),
  bytesOf(0x23, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0),
]);

describe.each([
  ["XML", XML],
  ["binary", BINARY],
])("a damaged %s property list", (_form, whole) => {
  it("reads undamaged", () => {
    expect(asDict(parsePlist(whole))?.size).toBeGreaterThan(1);
  });

  it("is read or refused, and nothing else, wherever bits flip", () => {
    const random = seededRandom(20_261_121);
    let refused = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(whole);
      const flips = 1 + Math.floor(random() * 4);
      for (let flip = 0; flip < flips; flip += 1) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
      if ("problem" in attempt(() => parsePlist(bytes))) refused += 1;
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it("is refused wherever it is cut off", () => {
    for (let length = 0; length < whole.length; length += 1)
      expect(attempt(() => parsePlist(whole.subarray(0, length)))).toHaveProperty("problem");
  });
});

describe("accessors", () => {
  it("give a value only of the kind that is asked for", () => {
    const all = [
      "a",
      1,
      true,
      Buffer.from("b"),
      new PlistDate("2026-11-21T10:00:00Z"),
      [],
      new Map(),
      2n ** 60n,
      undefined,
    ];
    const kept = (read: (value: never) => unknown): number[] =>
      all.flatMap((value, index) => (read(value as never) === null ? [] : [index]));
    expect([asText, asNumber, asBoolean, asBytes, asDate, asArray, asDict].map(kept)).toEqual([
      [0],
      [1],
      [2],
      [3],
      [4],
      [5],
      [6],
    ]);
  });
});
