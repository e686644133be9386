import { describe, expect, it } from "vitest";
import { BufferSource } from "../byte-source.ts";
import type { Slice } from "../slice.ts";
import { ARM64, type Command, headerWith, image, segment, signatureCommand, words, X86_64 } from "./macho.fixture.ts";
import { readContainer } from "./read-container.ts";

function only(bytes: Buffer): Slice {
  const container = readContainer(new BufferSource(bytes));
  if (container.kind !== "mach-o") throw new Error("not a Mach-O file");
  expect(container).toMatchObject({ fat: false, problems: [], notes: [] });
  expect(container.slices).toHaveLength(1);
  return container.slices[0] as Slice;
}

function ids(list: readonly { id: string }[]): string[] {
  return list.map(({ id }) => id);
}

/** The last command of a signed image is LC_CODE_SIGNATURE. */
function signatureCommandAt(bytes: Buffer): number {
  return 32 + bytes.readUInt32LE(20) - 16;
}

describe("a thin file", () => {
  const cases = [
    ["arm64", ARM64, 0, true, false],
    ["arm64e", ARM64, 0x80000002, true, false],
    ["arm64_32", 0x0200000c, 1, false, false],
    ["armv7", 12, 9, false, false],
    ["armv7k", 12, 12, false, false],
    ["x86_64", X86_64, 0x80000003, true, false],
    ["x86_64h", X86_64, 8, true, false],
    ["i386", 7, 3, false, false],
    ["ppc", 18, 0, false, true],
    ["ppc7400", 18, 10, false, true],
    ["ppc64", 0x01000012, 0, true, true],
    ["cpu 0x1000063", 0x01000063, 0, true, true],
    ["cpu 0x100000c subtype 0x7", ARM64, 7, true, false],
  ] as const;
  it.each(cases)("of %s is read in its width and byte order", (arch, cpuType, cpuSubtype, wide, bigEndian) => {
    const slice = only(image({ cpuType, cpuSubtype, wide, bigEndian }));
    expect(slice).toMatchObject({ arch, cpuType, cpuSubtype, is64: wide, bigEndian, fileType: 2, offset: 0 });
    expect(slice).toMatchObject({
      signature: { offset: 12320, size: 64 },
      textSegment: { offset: 0, size: 12288 },
      embeddedInfoPlist: null,
      problems: [],
      notes: [],
    });
  });

  it("without LC_CODE_SIGNATURE is unsigned and nothing else", () => {
    expect(only(image({ signature: null }))).toMatchObject({ signature: null, problems: [], notes: [] });
  });

  it("gives the property list built into it", () => {
    const infoPlist = Buffer.from("<plist><dict/></plist>");
    for (const wide of [true, false]) {
      const cpuType = wide ? ARM64 : 12;
      expect(only(image({ infoPlist, wide, cpuType })).embeddedInfoPlist).toEqual(infoPlist);
    }
  });

  it("in the other byte order of its processor is read and noted", () => {
    const slice = only(image({ bigEndian: true }));
    expect(ids(slice.notes)).toEqual(["foreign-byte-order"]);
    expect(slice.problems).toEqual([]);
  });

  it("with data after it is wrong when signed, and only noted when not", () => {
    const junk = Buffer.from("payload");
    expect(ids(only(Buffer.concat([image(), junk])).problems)).toEqual(["image-end-mismatch"]);
    const unsigned = only(Buffer.concat([image({ signature: null }), junk]));
    expect([unsigned.problems, ids(unsigned.notes)]).toEqual([[], ["image-end-mismatch"]]);
  });

  it.each([4, 8, 27, 31])("of only %i bytes is not lost", (length) => {
    expect(ids(only(image().subarray(0, length)).problems)).toEqual(["header-truncated"]);
  });

  it("cut short is invalid and still shows what is left of its signature", () => {
    const slice = only(image().subarray(0, -10));
    expect(ids(slice.problems)).toContain("segment-outside-slice");
    expect(ids(slice.problems)).toContain("signature-outside-slice");
    expect(slice.signature).toEqual({ offset: 12320, size: 54 });
  });

  it("cut short is invalid also without a signature", () => {
    expect(ids(only(image({ signature: null }).subarray(0, -1)).problems)).toEqual(["segment-outside-slice"]);
  });
});

describe("load commands that lie", () => {
  const cases: [string, string[], (bytes: Buffer) => void][] = [
    ["sizeofcmds past the file", ["commands-outside-slice"], (b) => b.writeUInt32LE(0xffffff00, 20)],
    ["ncmds huge", ["commands-miscounted"], (b) => b.writeUInt32LE(0xffffffff, 16)],
    ["ncmds too small", ["commands-miscounted"], (b) => b.writeUInt32LE(1, 16)],
    ["cmdsize 0", ["command-bad-size"], (b) => b.writeUInt32LE(0, 36)],
    ["cmdsize not a multiple of 4", ["command-bad-size"], (b) => b.writeUInt32LE(74, 36)],
    ["cmdsize past sizeofcmds", ["command-bad-size"], (b) => b.writeUInt32LE(0x7ffffff8, 36)],
    ["a segment command too short for its sections", ["segment-bad"], (b) => b.writeUInt32LE(1000, 32 + 64)],
    ["a segment past the file", ["segment-outside-slice"], (b) => b.writeUInt32LE(0x7fffffff, 32 + 48)],
    ["a segment whose end overflows", ["segment-outside-slice"], (b) => b.fill(0xff, 32 + 48, 32 + 56)],
    ["a narrow segment in a wide image", ["segment-bad"], (b) => b.writeUInt32LE(1, 32)],
    ["a width that is not its processor's", ["header-width-mismatch"], (b) => b.writeUInt32LE(12, 4)],
    ["two segments that map the header", ["header-mapped-twice"], (b) => b.writeUInt32LE(0, 104 + 40)],
    [
      "a signature past the end",
      ["signature-outside-slice", "signature-outside-linkedit"],
      (b) => b.writeUInt32LE(0x7fffff00, signatureCommandAt(b) + 8),
    ],
    [
      "a signature whose end overflows",
      ["signature-outside-slice", "signature-outside-linkedit"],
      (b) => b.writeUInt32LE(0xffffffff, signatureCommandAt(b) + 12),
    ],
    [
      "a signature of no length",
      ["signature-empty", "signature-not-last"],
      (b) => b.writeUInt32LE(0, signatureCommandAt(b) + 12),
    ],
    ["a signature that is not last", ["signature-not-last"], (b) => b.writeUInt32LE(32, signatureCommandAt(b) + 12)],
    [
      "a signature before __LINKEDIT",
      ["signature-outside-linkedit"],
      (b) => b.writeUInt32LE(8192, signatureCommandAt(b) + 8),
    ],
    [
      "a signature over the header",
      ["signature-overlaps-header", "signature-outside-linkedit"],
      (b) => b.writeUInt32LE(0, signatureCommandAt(b) + 8),
    ],
    ["no __LINKEDIT", ["no-linkedit"], (b) => b.write("__OTHER\0\0\0", 104 + 8, "latin1")],
  ];
  it.each(cases)("%s", (_, expected, change) => {
    const bytes = image();
    change(bytes);
    expect(ids(only(bytes).problems)).toEqual(expect.arrayContaining(expected));
  });

  it("two LC_CODE_SIGNATURE", () => {
    const slice = only(image({ extraCommands: [signatureCommand(false, 12320, 64)] }));
    expect(ids(slice.problems)).toEqual(["second-signature-command"]);
  });

  it("LC_CODE_SIGNATURE of another size", () => {
    const odd: Command = { cmd: 0x1d, body: words(false, 12320, 64, 0, 0) };
    expect(ids(only(image({ signature: null, extraCommands: [odd] })).problems)).toContain(
      "signature-command-bad-size",
    );
    const short: Command = { cmd: 0x1d, body: words(false, 12320) };
    expect(only(image({ signature: null, extraCommands: [short] })).signature).toBeNull();
  });

  it("two __LINKEDIT", () => {
    const extra = segment(true, false, "__LINKEDIT", { offset: 12288, size: 96 });
    expect(ids(only(image({ extraCommands: [extra] })).problems)).toEqual(["second-linkedit"]);
  });

  it("a built-in property list past the end, or too large to be one", () => {
    const text = (offset: number, size: number): Command =>
      segment(true, false, "__TEXT", { offset: 4096, size: 4096, section: { name: "__info_plist", offset, size } });
    expect(ids(only(image({ extraCommands: [text(1, 2 ** 40)] })).problems)).toEqual(["info-plist-outside-slice"]);
    const large = image({ codeSize: 2 ** 21, extraCommands: [text(4096, 2 ** 20 + 1)] });
    expect(ids(only(large).problems)).toEqual(["embedded-info-plist-too-large"]);
    expect(only(large).embeddedInfoPlist).toBeNull();
  });

  it("a property list in a debug companion is not looked for", () => {
    const text = segment(true, false, "__TEXT", {
      offset: 0,
      size: 0,
      section: { name: "__info_plist", offset: 4096, size: 99999 },
    });
    const commands = [text, segment(true, false, "__LINKEDIT", { offset: 4096, size: 16 })];
    expect(only(Buffer.concat([headerWith({ fileType: 10, commands }), Buffer.alloc(8192)]))).toMatchObject({
      fileType: 10,
      embeddedInfoPlist: null,
      problems: [],
    });
  });
});
