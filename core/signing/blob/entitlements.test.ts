import { describe, expect, it } from "vitest";
import { blob, codeDirectory, SLICE, signatureOf, superBlob } from "./blob.fixture.ts";
import { MAGIC, SLOT } from "./blob-format.ts";
import { entitlementValues, readEntitlements } from "./entitlements.ts";
import { readSignature } from "./read-signature.ts";

/** Constructed. Lengths below 65536. */
function tlv(tag: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  const length = bytes.length < 128 ? [bytes.length] : [0x82, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
}
const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text));
const yes = tlv(1, Buffer.from([0xff]));
const integer = (...bytes: readonly number[]): Buffer => tlv(2, Buffer.from(bytes));
const pair = (key: string, value: Buffer): Buffer => tlv(0x30, utf8(key), value);
const dictionary = (...pairs: readonly Buffer[]): Buffer => tlv(0xb0, ...pairs);
const derOf = (...pairs: readonly Buffer[]): Buffer => tlv(0x70, integer(1), dictionary(...pairs));
const xmlOf = (body: string): Buffer =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n<dict>${body}</dict>\n</plist>\n`);

function signature(xml: Buffer | null, der: Buffer | null = null) {
  const blobs = new Map<number, Buffer>();
  if (xml !== null) blobs.set(SLOT.entitlements, blob(MAGIC.entitlements, xml));
  if (der !== null) blobs.set(SLOT.derEntitlements, blob(MAGIC.derEntitlements, der));
  return signatureOf(blobs);
}
const read = (xml: Buffer | null, der: Buffer | null = null) => {
  const { entries, problems, notes } = readEntitlements(signature(xml, der));
  return {
    entries: entries.map(({ key, value }) => `${key}=${value}`),
    problems: problems.map(({ id }) => id),
    notes: notes.map(({ id }) => id),
  };
};

describe("readEntitlements", () => {
  const xml = xmlOf(
    "<key>b</key><true/><key>a</key><dict><key>y</key><integer>7</integer><key>x</key><array><string>s</string></array></dict>",
  );
  const inner = dictionary(pair("x", tlv(0x30, utf8("s"))), pair("y", integer(7)));
  it("reads both forms alike, sorted by key", () => {
    const entries = ['a={"x":["s"],"y":7}', "b=true"];
    expect(read(xml)).toEqual({ entries, problems: [], notes: [] });
    expect(read(null, derOf(pair("a", inner), pair("b", yes)))).toEqual({ entries, problems: [], notes: [] });
    expect(read(xml, derOf(pair("a", inner), pair("b", yes)))).toEqual({ entries, problems: [], notes: [] });
    expect(read(null)).toEqual({ entries: [], problems: [], notes: [] });
  });

  it.each([
    ["another value", derOf(pair("a", inner), pair("b", utf8("true")))],
    ["one less", derOf(pair("a", inner))],
    ["one more", derOf(pair("a", inner), pair("b", yes), pair("get-task-allow", yes))],
    ["another nested value", derOf(pair("a", dictionary(pair("x", tlv(0x30)), pair("y", integer(7)))), pair("b", yes))],
  ])("tells the forms apart: %s", (_case, der) => {
    expect(read(xml, der)).toMatchObject({ problems: [], notes: ["entitlements-xml-der-differ"] });
  });

  it("shows what either form claims", () => {
    const { entries } = readEntitlements(signature(xmlOf("<key>a</key><true/>"), derOf(pair("get-task-allow", yes))));
    expect(entries).toEqual([
      { key: "a", value: "true", weakens: null },
      {
        key: "get-task-allow",
        value: "true",
        weakens: "Other programs of the same user may attach to it and change it.",
      },
    ]);
  });

  it.each([
    ["com.apple.security.cs.disable-library-validation", "<true/>", true],
    ["com.apple.security.cs.disable-library-validation", "<false/>", false],
    ["com.apple.private.tcc.allow", "<array/>", true],
    ["com.apple.security.app-sandbox", "<true/>", false],
    ["toString", "<true/>", false],
  ])("%s of %s weakens: %s", (key, value, weakens) => {
    const [entry] = readEntitlements(signature(xmlOf(`<key>${key}</key>${value}`))).entries;
    expect(entry?.weakens !== null).toBe(weakens);
  });

  it("ignores a form that nothing covers", () => {
    const region = superBlob([
      [0, codeDirectory()],
      [SLOT.entitlements, blob(MAGIC.entitlements, xml)],
    ]);
    expect(readEntitlements(readSignature(region, SLICE))).toEqual({ entries: [], problems: [], notes: [] });
    expect(entitlementValues(readSignature(region, SLICE))).toEqual(new Map());
  });

  it.each([
    ["no list", Buffer.from("hello")],
    ["a list that ends", xml.subarray(0, -20)],
    ["something else than a dictionary", Buffer.from("<plist><array/></plist>")],
    ["a binary list", Buffer.from("bplist00")],
    ["larger than any", Buffer.alloc(1024 * 1024 + 1, 32)],
  ])("XML: %s", (_case, bytes) => {
    expect(read(bytes)).toEqual({ entries: [], problems: ["entitlements-malformed"], notes: [] });
    expect(entitlementValues(signature(bytes))).toBeNull();
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["another version", tlv(0x70, integer(2), dictionary())],
    ["no version", tlv(0x70, dictionary())],
    ["more after it", Buffer.concat([derOf(), derOf()])],
    ["a value missing", derOf(tlv(0x30, utf8("a")))],
    ["a key that is no text", derOf(tlv(0x30, yes, yes))],
    ["a key twice", derOf(pair("a", yes), pair("a", yes))],
    ["an unknown value", derOf(pair("a", tlv(9)))],
    ["too large a number", derOf(pair("a", integer(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)))],
    ["too deep", derOf(pair("a", nested(100)))],
    ["an end that is missing", derOf(pair("a", yes)).subarray(0, -1)],
  ])("DER: %s", (_case, bytes) => {
    expect(read(null, bytes)).toEqual({ entries: [], problems: ["entitlements-der-malformed"], notes: [] });
  });

  it("keeps what weighs when there are too many, and counts the rest", () => {
    const many = Array.from({ length: 600 }, (_, index) => `<key>a${index}</key><true/>`).join("");
    const { entries, notes } = readEntitlements(
      signature(xmlOf(`${many}<key>z</key><true/><key>get-task-allow</key><true/>`)),
    );
    expect(entries).toHaveLength(500);
    expect(entries.map(({ key }) => key)).toContain("get-task-allow");
    expect(notes).toEqual([{ id: "entitlements-cut", message: "It has 102 more entitlements than are shown." }]);
  });

  it("caps what it shows", () => {
    const { entries } = readEntitlements(
      signature(xmlOf(`<key>${"k".repeat(4000)}</key><string>${"v".repeat(4000)}</string>`)),
    );
    expect(entries[0]?.key.length).toBeLessThan(210);
    expect(entries[0]?.value.length).toBeLessThan(210);
  });
});

function nested(depth: number): Buffer {
  let value = tlv(0x30);
  for (let level = 0; level < depth; level += 1) value = tlv(0x30, value);
  return value;
}
