import { describe, expect, it } from "vitest";
import { attempt } from "../problem.ts";
import { asciiObject, binaryPlist, bytesOf, word } from "./binary-plist.fixture.ts";
import { parsePlist, PlistDate, type PlistValue } from "./plist.ts";

function faultOf(bytes: Buffer): string {
  const read = attempt(() => parsePlist(bytes));
  return "problem" in read ? read.problem.id : "read";
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("binary property lists", () => {
  it.each<[string, Buffer, PlistValue]>([
    ["false", hex("08"), false],
    ["true", hex("09"), true],
    ["one byte, unsigned", hex("10 ff"), 255],
    ["four bytes, unsigned", hex("12 ffffffff"), 4294967295],
    ["eight bytes, signed", hex("13 ffffffffffffffff"), -1],
    ["eight bytes, not an exact number", hex("13 7fffffffffffffff"), 9223372036854775807n],
    ["sixteen bytes", hex("14 0000000000000000 ffffffffffffffff"), 18446744073709551615n],
    ["sixteen bytes, negative", hex("14 ffffffffffffffff ffffffffffffffff"), -1],
    ["a float", hex("22 3fc00000"), 1.5],
    ["a double", hex("23 3ff8000000000000"), 1.5],
    ["Apple's epoch", hex("33 0000000000000000"), new PlistDate("2001-01-01T00:00:00Z")],
    ["data", hex("43 000102"), bytesOf(0, 1, 2)],
    ["data with a long count", hex("4f 10 03 000102"), bytesOf(0, 1, 2)],
    ["ASCII", asciiObject("ana"), "ana"],
    ["UTF-16", hex("63 6f22 d83d de00"), "漢😀"],
    ["an empty array", hex("a0"), []],
    ["an empty dictionary", hex("d0"), new Map()],
  ])("%s", (_what, object, expected) => {
    expect(parsePlist(binaryPlist([object]))).toEqual(expected);
  });

  it("reads dictionaries, and values that are meant twice", () => {
    const list = binaryPlist([
      hex("d2 01 02 03 04"),
      asciiObject("a"),
      asciiObject("b"),
      hex("a2 04 04"),
      asciiObject("x"),
    ]);
    expect(parsePlist(list)).toEqual(
      new Map<string, PlistValue>([
        ["a", ["x", "x"]],
        ["b", "x"],
      ]),
    );
  });

  it.each([
    ["null", hex("00"), "plist-binary-object"],
    ["fill", hex("0f"), "plist-binary-object"],
    ["a keyed archive's reference", hex("80 01"), "plist-binary-object"],
    ["a set", hex("c0"), "plist-binary-object"],
    ["a date in the shape of a number", hex("32 00000000"), "plist-binary-object"],
    ["a 32-byte number", hex("15 00"), "plist-binary-object"],
    ["a date that is none", hex("33 7ff8000000000000"), "plist-value"],
    ["a number past 64 bits", hex("14 0000000000000001 0000000000000000"), "plist-value"],
    ["text past its object", hex("59 6161"), "plist-truncated"],
    ["data past the file", hex("4f 13 7fffffffffffffff"), "plist-truncated"],
    ["an array past the file", hex("af 12 7fffffff"), "plist-truncated"],
    ["a dictionary past the file", hex("df 13 00ffffffffffffff"), "plist-truncated"],
    ["a count of sixteen bytes", hex("4f 14 00000000000000000000000000000001"), "plist-binary-object"],
    ["a count that is no number", hex("4f 51 00"), "plist-binary-object"],
    ["high bytes in ASCII", hex("51 e9"), "plist-text"],
    ["half a character", hex("61 d83d"), "plist-text"],
    ["a reference past the table", hex("a1 09"), "plist-binary-layout"],
    ["an array that contains itself", hex("a1 00"), "plist-binary-cycle"],
    ["a dictionary that is its own key", hex("d1 00 00"), "plist-binary-cycle"],
  ])("refuses %s", (_what, object, id) => {
    expect(faultOf(binaryPlist([object]))).toBe(id);
  });

  it.each([
    ["a longer cycle", binaryPlist([hex("a1 01"), hex("a1 02"), hex("a1 00")]), "plist-binary-cycle"],
    ["a key that is a number", binaryPlist([hex("d1 01 01"), hex("10 01")]), "plist-key"],
    ["the same key twice", binaryPlist([hex("d2 01 01 01 01"), asciiObject("a")]), "plist-duplicate-key"],
    [
      "equal keys in two places",
      binaryPlist([hex("d2 01 02 01 01"), asciiObject("a"), hex("61 0061")]),
      "plist-duplicate-key",
    ],
    [
      "a very long key",
      binaryPlist([hex("d1 01 02"), Buffer.concat([hex("5f 12 000f4240"), Buffer.alloc(1_000_000, "k")]), hex("09")]),
      "plist-key",
    ],
    ["no such top object", binaryPlist([hex("09")], { top: 1 }), "plist-binary-layout"],
    ["references without a size", binaryPlist([hex("09")], { refSize: 0 }), "plist-binary-layout"],
    ["references of nine bytes", binaryPlist([hex("09")], { refSize: 9 }), "plist-binary-layout"],
    ["an object in the header", binaryPlist([hex("09")], { table: word(0) }), "plist-binary-layout"],
    ["an object in the table", binaryPlist([hex("09")], { table: word(9) }), "plist-binary-layout"],
    ["no objects", binaryPlist([hex("09")], { table: Buffer.alloc(0) }), "plist-binary-layout"],
    ["bytes after the table", Buffer.concat([binaryPlist([hex("09")]), Buffer.alloc(1)]), "plist-binary-layout"],
    ["only the magic", Buffer.from("bplist00"), "plist-truncated"],
    ["a version that is not known", Buffer.from(`bplist16${"\0".repeat(40)}`), "plist-not-a-plist"],
  ])("refuses %s", (_what, bytes, id) => {
    expect(faultOf(bytes)).toBe(id);
  });

  it("refuses lists that grow without end when they are followed", () => {
    const doubling = Array.from({ length: 60 }, (_, n) => bytesOf(0xa2, n + 1, n + 1));
    const start = performance.now();
    expect(faultOf(binaryPlist([...doubling, asciiObject("ha")]))).toBe("plist-too-many");
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it("refuses deep nesting", () => {
    const nested = Array.from({ length: 80 }, (_, n) => bytesOf(0xa1, n + 1));
    expect(faultOf(binaryPlist([...nested, asciiObject("x")]))).toBe("plist-too-deep");
  });

  it("refuses contents that overlap", () => {
    const overlapping = Array.from({ length: 4000 }, () => hex("4f 12 00003fff"));
    const top = hex("a4 01 02 03 04");
    const first = "bplist00".length + top.length;
    const table = [0, 1, 2, 3].map((n) => word(first + n * 6));
    const list = binaryPlist([top, ...overlapping], { table: Buffer.concat([word("bplist00".length), ...table]) });
    expect(faultOf(list)).toBe("plist-binary-overlap");
  });
});
