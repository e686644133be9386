import { describe, expect, it } from "vitest";
import { attempt } from "../problem.ts";
import { DETACHED_FILES, readDetachedFiles, readDetachedSignature } from "./detached-signature.ts";

/** Constructed: a CodeDirectory of the oldest version, with one hash over everything, as scripts have it. */
function codeDirectory(hashType: 1 | 2, identifier = "com.example.invoice-check"): Buffer {
  const hashSize = hashType === 1 ? 20 : 32;
  const name = Buffer.from(`${identifier}\0`);
  const header = Buffer.alloc(44);
  const words = [0xfade0c02, 44 + name.length + hashSize, 0x20001, 2, 44 + name.length, 44, 0, 1, 1234];
  for (const [index, word] of words.entries()) header.writeUInt32BE(word, index * 4);
  header.writeUInt8(hashSize, 36);
  header.writeUInt8(hashType, 37);
  return Buffer.concat([header, name, Buffer.alloc(hashSize, 0xab)]);
}

function blob(magic: number, content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(magic, 0);
  header.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([header, content]);
}

const REQUIREMENTS = blob(0xfade0c01, Buffer.alloc(4));
const CMS = Buffer.from("3080", "hex");
const FILES = new Map<string, Buffer>([
  ["CodeDirectory", codeDirectory(1)],
  ["CodeRequirements", REQUIREMENTS],
  ["CodeRequirements-1", codeDirectory(2)],
  ["CodeSignature", CMS],
  ["CodeResources", Buffer.from("<plist/>")],
]);
const asAttributes = (files: ReadonlyMap<string, Buffer>): Map<string, Buffer> =>
  new Map([...files].map(([name, value]) => [`com.apple.cs.${name}`, value]));
const without = (...names: string[]): Map<string, Buffer> =>
  new Map([...FILES].filter(([name]) => !names.includes(name)));

describe("a detached signature", () => {
  it.each([
    ["extended attributes", readDetachedSignature(asAttributes(FILES))],
    ["files", readDetachedFiles(FILES)],
  ])("is put together from %s", (_where, signature) => {
    expect(signature?.directories.map(({ slot, hash }) => [slot, hash])).toEqual([
      [0, "sha1"],
      [0x1000, "sha256"],
    ]);
    expect(signature?.best.identifier).toBe("com.example.invoice-check");
    expect(signature?.best.pageSize).toBeNull();
    expect(signature?.requirements).toEqual(REQUIREMENTS);
    expect(signature?.cms).toEqual(CMS);
    expect(signature?.problems).toEqual([]);
    expect(signature?.otherSlots.size).toBe(0);
  });

  it("takes the entitlements and the DER entitlements", () => {
    const xml = blob(0xfade7171, Buffer.from("<plist/>"));
    const der = blob(0xfade7172, Buffer.from("7000", "hex"));
    const signature = readDetachedFiles(new Map([...FILES, ["CodeEntitlements", xml], ["CodeEntitlementDER", der]]));
    expect([signature?.entitlements, signature?.derEntitlements]).toEqual([xml, der]);
  });

  it("takes the CMS raw, wrapped, empty and absent", () => {
    const cmsOf = (value: Buffer): Buffer | null | undefined =>
      readDetachedFiles(new Map([...without("CodeSignature"), ["CodeSignature", value]]))?.cms;
    expect(cmsOf(blob(0xfade0b01, CMS))).toEqual(CMS);
    expect(cmsOf(blob(0xfade0b01, Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
    expect(cmsOf(Buffer.alloc(0))).toBeNull();
    expect(readDetachedFiles(without("CodeSignature"))?.cms).toBeNull();
  });

  it("is none where nothing is a part of one", () => {
    expect(readDetachedSignature(new Map([["com.apple.quarantine", Buffer.from("0081")]]))).toBeNull();
    expect(readDetachedSignature(FILES)).toBeNull();
    expect(readDetachedSignature(asAttributes(new Map([["CodeDirectory", Buffer.alloc(0)]])))).toBeNull();
    expect(readDetachedFiles(new Map([["CodeResources", Buffer.from("<plist/>")]]))).toBeNull();
    expect(DETACHED_FILES).not.toContain("CodeResources");
  });

  it.each([
    ["only the CMS", new Map([["CodeSignature", CMS]]), "detached-incomplete"],
    ["only requirements", new Map([["CodeRequirements", REQUIREMENTS]]), "detached-incomplete"],
    ["only the alternate CodeDirectory", without("CodeDirectory"), "detached-incomplete"],
    [
      "garbage for a CodeDirectory",
      new Map([["CodeDirectory", Buffer.alloc(100, "garbage ")]]),
      "codedirectory-bad-magic",
    ],
    [
      "a part that is too large",
      new Map([...FILES, ["CodeRequirements", Buffer.alloc(17 * 1024 * 1024)]]),
      "detached-too-large",
    ],
  ])("with %s is refused", (_what, files, id) => {
    expect(attempt(() => readDetachedFiles(files))).toMatchObject({ problem: { id } });
  });

  it("says so when its CodeDirectories contradict each other", () => {
    const files = new Map([...FILES, ["CodeRequirements-1", codeDirectory(2, "com.example.other")]]);
    expect(readDetachedFiles(files)?.problems.map(({ id }) => id)).toEqual(["codedirectories-disagree"]);
  });
});
