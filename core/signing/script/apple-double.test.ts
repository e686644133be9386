import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { attempt } from "../problem.ts";
import { appleDoubleName, isAppleDouble, readAppleDouble } from "./apple-double.ts";

/** Constructed after xnu's layout: two entries (Finder info with the attributes, an empty resource fork). */
function appleDouble(attributes: readonly [name: string, value: Buffer][]): Buffer {
  const entries = attributes.map(([name]) => {
    const nameBytes = Buffer.from(`${name}\0`);
    const entry = Buffer.alloc(Math.ceil((11 + nameBytes.length) / 4) * 4);
    entry.writeUInt8(nameBytes.length, 10);
    nameBytes.copy(entry, 11);
    return entry;
  });
  const dataStart = 120 + entries.reduce((sum, { length }) => sum + length, 0);
  let offset = dataStart;
  for (const [index, [, value]] of attributes.entries()) {
    entries[index]?.writeUInt32BE(offset, 0);
    entries[index]?.writeUInt32BE(value.length, 4);
    offset += value.length;
  }
  const head = Buffer.alloc(120);
  head.writeUInt32BE(0x00051607, 0);
  head.writeUInt32BE(0x00020000, 4);
  head.write("Mac OS X        ", 8);
  head.writeUInt16BE(2, 24);
  const list = [9, 50, offset - 50, 2, offset, 0];
  for (const [index, value] of list.entries()) head.writeUInt32BE(value, 26 + index * 4);
  head.write("ATTR", 84);
  head.writeUInt32BE(offset, 92);
  head.writeUInt32BE(dataStart, 96);
  head.writeUInt32BE(offset - dataStart, 100);
  head.writeUInt16BE(attributes.length, 118);
  return Buffer.concat([head, ...entries, ...attributes.map(([, value]) => value)]);
}

const ATTRIBUTES: [string, Buffer][] = [
  ["com.apple.quarantine", Buffer.from("0081;00000000;Safari;")],
  ["com.apple.cs.CodeDirectory", Buffer.alloc(300, 7)],
  ["com.example.empty", Buffer.alloc(0)],
];
const whole = appleDouble(ATTRIBUTES);
const changed = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(whole);
  change(bytes);
  return bytes;
};

describe("readAppleDouble", () => {
  it("gives every extended attribute", () => {
    expect([...readAppleDouble(whole)]).toEqual(ATTRIBUTES);
    expect(isAppleDouble(whole)).toBe(true);
    expect(appleDoubleName("install.sh")).toBe("._install.sh");
  });

  it.each([
    ["only Finder info", changed((bytes) => bytes.writeUInt32BE(32, 26 + 8))],
    ["something else after the Finder info", changed((bytes) => bytes.write("XXXX", 84))],
    ["only a resource fork", changed((bytes) => bytes.writeUInt32BE(3, 26))],
    ["no entries", changed((bytes) => bytes.writeUInt16BE(0, 24))],
    ["no attributes", appleDouble([])],
  ])("finds none with %s", (_what, bytes) => {
    expect(readAppleDouble(bytes).size).toBe(0);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["another file", Buffer.from("#!/bin/sh\necho something that is long enough\n")],
    ["AppleSingle", changed((bytes) => bytes.writeUInt32BE(0x00051600, 0))],
    ["another version", changed((bytes) => bytes.writeUInt32BE(0x00030000, 4))],
    ["too many entries", changed((bytes) => bytes.writeUInt16BE(16, 24))],
    ["Finder info past the end", changed((bytes) => bytes.writeUInt32BE(0xffff_ff00, 30))],
    ["an entry longer than the file", changed((bytes) => bytes.writeUInt32BE(0xffff_ffff, 34))],
    ["too many attributes", changed((bytes) => bytes.writeUInt16BE(257, 118))],
    ["one attribute too many", changed((bytes) => bytes.writeUInt16BE(4, 118))],
    ["contents past the end", changed((bytes) => bytes.writeUInt32BE(0x7fff_ffff, 124))],
    ["a name without end", changed((bytes) => bytes.writeUInt8(20, 130))],
    ["an empty name", changed((bytes) => bytes.writeUInt8(0, 130))],
    ["a NUL inside a name", changed((bytes) => bytes.writeUInt8(0, 133))],
    ["a name twice", appleDouble([ATTRIBUTES[0] ?? ["a", whole], ATTRIBUTES[0] ?? ["a", whole]])],
    ["a very long name", appleDouble([["n".repeat(200), Buffer.alloc(1)]])],
  ])("refuses %s", (_what, bytes) => {
    expect(attempt(() => readAppleDouble(bytes))).toMatchObject({ problem: { id: "apple-double-malformed" } });
  });

  it("reads or refuses, and nothing else, whatever the bytes", () => {
    const random = seededRandom(9);
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(whole);
      for (let flip = 0; flip < 3; flip += 1) {
        const at = Math.floor(random() * 240);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
      attempt(() => readAppleDouble(bytes.subarray(0, Math.floor(random() * 2 * bytes.length))));
    }
    expect(readAppleDouble(whole).size).toBe(3);
  });
});
