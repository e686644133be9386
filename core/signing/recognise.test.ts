import { describe, expect, it } from "vitest";
import { BufferSource, type ByteSource } from "./byte-source.ts";
import { recogniseFile } from "./recognise.ts";

/** Constructed. */
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const at = (offset: number, magic: string, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.write(magic, offset, "latin1");
  return bytes;
};
/** A universal header with 50 architectures, of which the last is real. */
const crowded = (): Buffer => {
  const bytes = Buffer.alloc(8 + 50 * 20 + 64);
  hex("cafebabe 00000032").copy(bytes);
  bytes.writeUInt32BE(1008, 8 + 49 * 20 + 8);
  hex("cffaedfe").copy(bytes, 1008);
  return bytes;
};
const fat = Buffer.concat([hex("cafebabe 00000001 0100000c 00000000 00000020 00000040 00000005"), Buffer.alloc(100)]);

describe("recogniseFile", () => {
  it.each([
    ["64-bit little-endian", hex("cffaedfe 0c000001"), "mach-o"],
    ["32-bit little-endian", hex("cefaedfe 07000000"), "mach-o"],
    ["32-bit big-endian", hex("feedface 00000012"), "mach-o"],
    ["64-bit big-endian", hex("feedfacf 01000012"), "mach-o"],
    ["universal", fat, "mach-o"],
    ["universal with very many architectures", crowded(), "mach-o"],
    [
      "a Java class file",
      Buffer.concat([hex("cafebabe 00000034 001d 0a00 0600 0f09 0010 0011"), Buffer.alloc(500)]),
      "not-code",
    ],
    ["a script", Buffer.from("#!/bin/sh\necho\n"), "script"],
    ["a script without an interpreter, which /bin/sh then runs", Buffer.from("#!\necho\n"), "script"],
    ["only the two characters", Buffer.from("#!"), "script"],
    ["a script after a byte order mark", Buffer.from("\ufeff#!/bin/sh\n"), "not-code"],
    ["a script after a newline", Buffer.from("\n#!/bin/sh\n"), "not-code"],
    ["a flat package", Buffer.from("xar!\0\x1c\0\x01"), "installer-package"],
    ["a UDIF image", at(2048 - 512, "koly", 2048), "disk-image"],
    ["an encrypted image", at(0, "encrcdsa", 4096), "disk-image"],
    ["the trailer's magic elsewhere", at(100, "koly", 2048), "not-code"],
    ["ELF", hex("7f454c46 02010100"), "not-code"],
    ["text", Buffer.from("Hello"), "not-code"],
    ["nothing", Buffer.alloc(0), "not-code"],
    ["one byte", Buffer.from("#"), "not-code"],
    ["half a magic", hex("cffa"), "not-code"],
  ])("takes %s", (_what, bytes, kind) => {
    expect(recogniseFile(new BufferSource(bytes), "/tmp/something")).toBe(kind);
  });

  it.each([
    ["a partition map", at(512, "EFI PART", 4096)],
    ["an Apple partition map", at(0, "ER", 4096)],
    ["HFS+", at(1024, "H+", 4096)],
    ["APFS", at(32, "NXSB", 4096)],
    ["old encryption", at(4096 - 8, "cdsaencr", 4096)],
  ])("takes %s for a disk image only when its name says so", (_what, bytes) => {
    expect(recogniseFile(new BufferSource(bytes), "Invoice Viewer.DMG")).toBe("disk-image");
    expect(recogniseFile(new BufferSource(bytes), "notes.bin")).toBe("not-code");
  });

  it("does not take a name's word for anything", () => {
    for (const name of ["a.dmg", "a.pkg", "a.app", "a.sh"])
      expect(recogniseFile(new BufferSource(Buffer.from("Hello")), name)).toBe("not-code");
  });

  it("takes code for code whatever follows it", () => {
    const script = at(2048 - 512, "koly", 2048);
    script.write("#!/bin/sh\n");
    expect(recogniseFile(new BufferSource(script), "a.dmg")).toBe("script");
  });

  it("reads a few bytes of a large file", () => {
    let read = 0;
    const source: ByteSource = {
      size: 5e9,
      read: (_offset, length) => {
        read += length;
        return Buffer.alloc(length);
      },
      readInto: () => {},
    };
    expect(recogniseFile(source, "big.bin")).toBe("not-code");
    expect(read).toBeLessThan(4096);
  });
});
