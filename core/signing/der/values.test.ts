import { describe, expect, it } from "vitest";
import { formatTime } from "#core/base/time.ts";
import { attempt } from "../problem.ts";
import { bits, element, int, objectId, octet, utf8, yes } from "./der-writer.fixture.ts";
import { readDer } from "./reader.ts";
import { bitString, boolean, integerHex, oid, smallInteger, text, time } from "./values.ts";

const hex = (digits: string): Buffer => Buffer.from(digits, "hex");
const isRefused = (read: () => unknown): boolean => "problem" in attempt(read);

describe("oid", () => {
  it.each(["1.2.840.113635.100.6.1.13", "2.5.4.3", "0.9.2342.19200300.100.1.1", "2.999.1", "1.3.6.1.4.1.4294967296"])(
    "reads %s",
    (dotted) => {
      expect(oid(readDer(objectId(dotted)))).toBe(dotted);
    },
  );

  it("reads arcs that are larger than any number", () => {
    expect(oid(readDer(element(6, hex("6982 8484 8484 8484 8484 8404".replaceAll(" ", "")))))).toMatch(
      /^2\.25\.\d{21,}$/,
    );
  });

  it.each(["", "80", "2a80", "2a8001", "2a".padEnd(132, "0a")])("refuses the content %s", (content) => {
    expect(isRefused(() => oid(readDer(element(6, hex(content)))))).toBe(true);
  });

  it("refuses another kind", () => {
    expect(isRefused(() => oid(readDer(int(1))))).toBe(true);
    expect(isRefused(() => oid(undefined))).toBe(true);
  });
});

describe("numbers", () => {
  it("writes integers without sign padding", () => {
    expect(integerHex(readDer(element(2, hex("00f1a0"))))).toBe("f1a0");
    expect(integerHex(readDer(element(2, hex("00"))))).toBe("00");
    expect(isRefused(() => integerHex(readDer(element(2))))).toBe(true);
  });

  it("reads small ones exactly and refuses the others", () => {
    expect(smallInteger(readDer(int(70_000)))).toBe(70_000);
    expect(isRefused(() => smallInteger(readDer(element(2, hex("ff")))))).toBe(true);
    expect(isRefused(() => smallInteger(readDer(element(2, hex("01000000000000")))))).toBe(true);
  });

  it("reads booleans and bit strings", () => {
    expect(boolean(readDer(yes()))).toBe(true);
    expect(boolean(readDer(element(1, hex("00"))))).toBe(false);
    expect(isRefused(() => boolean(readDer(element(1))))).toBe(true);
    expect(bitString(readDer(bits(hex("0102"))))).toEqual(hex("0102"));
    expect(bitString(readDer(bits(hex("80"), 7)), "bits")).toEqual(hex("80"));
    expect(isRefused(() => bitString(readDer(bits(hex("80"), 7))))).toBe(true);
    expect(isRefused(() => bitString(readDer(bits(hex("80"), 8)), "bits"))).toBe(true);
    expect(isRefused(() => bitString(readDer(element(3))))).toBe(true);
  });
});

describe("time", () => {
  const of = (tag: number, digits: string): string => formatTime(time(readDer(element(tag, Buffer.from(digits)))));

  it.each([
    [0x17, "260401120000Z", "2026-04-01T12:00:00.000000Z"],
    [0x17, "490101000000Z", "2049-01-01T00:00:00.000000Z"],
    [0x17, "500101000000Z", "1950-01-01T00:00:00.000000Z"],
    [0x18, "20260229000000Z".replace("0229", "0228"), "2026-02-28T00:00:00.000000Z"],
    [0x18, "20240601120000.25Z", "2024-06-01T12:00:00.250000Z"],
    [0x18, "99991231235959Z", "9999-12-31T23:59:59.000000Z"],
  ])("reads %s %s", (tag, digits, expected) => {
    expect(of(tag, digits)).toBe(expected);
  });

  it.each([
    [0x17, "2604011200Z"],
    [0x17, "260401120000+0200"],
    [0x17, "260230000000Z"],
    [0x17, "260401240000Z"],
    [0x17, "260401120060Z"],
    [0x17, "26040112000xZ"],
    [0x18, "260401120000Z"],
    [0x18, "20260401120000"],
    [0x18, "20261301120000Z"],
    [0x18, "20260401120000.Z"],
    [0x18, "20260401120000.1234567890Z"],
    [0x04, "20260401120000Z"],
  ])("refuses %s %s", (tag, digits) => {
    expect(isRefused(() => of(tag, digits))).toBe(true);
  });
});

describe("text", () => {
  it("reads ASN.1's character strings", () => {
    expect(text(readDer(utf8("Zoë & Söhne")))).toBe("Zoë & Söhne");
    expect(text(readDer(element(0x13, Buffer.from("Apple Inc."))))).toBe("Apple Inc.");
    expect(text(readDer(element(0x14, Buffer.from("caf\xe9", "latin1"))))).toBe("café");
    expect(text(readDer(element(0x1e, hex("00410042"))))).toBe("AB");
    expect(text(readDer(element(0x1c, hex("0001f600"))))).toBe("😀");
    expect(text(readDer(octet(Buffer.from("x"))))).toBeNull();
    expect(text(undefined)).toBeNull();
  });

  it("makes something of hostile ones: half characters, code points that do not exist, no end", () => {
    expect(text(readDer(element(0x1e, hex("d800"))))).toBe("\ufffd");
    expect(text(readDer(element(0x1c, hex("ffffffff"))))).toBe("\ufffd");
    expect(text(readDer(element(0x0c, hex("ff"))))).toBe("\ufffd");
    expect(text(readDer(utf8("a".repeat(100_000))))).toHaveLength(513);
  });
});
