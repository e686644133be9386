import type { ByteSource } from "./byte-source.ts";
import { fatHeaderKind, readFatHeader } from "./macho/fat-header.ts";
import { machHeaderKind } from "./macho/read-slice.ts";

export type FileKind = "mach-o" | "script" | "installer-package" | "disk-image" | "not-code";

/** `xar!`, which flat installer packages are. */
const XAR_MAGIC = 0x78617221;
/** Of UDIF disk images: a trailer of this size that begins with its magic. */
const UDIF_TRAILER = { size: 512, magic: "koly" };
/** Encrypted disk images: version 2 says so at the start, version 1 at the end. */
const ENCRYPTED_HEAD = "encrcdsa";
const ENCRYPTED_TAIL = "cdsaencr";
/** Raw images have only what a disk itself begins with: partition maps, HFS+ and APFS, at their offsets. */
const DISK_BEGINNINGS: readonly (readonly [offset: number, magic: string])[] = [
  [0, "ER"],
  [512, "EFI PART"],
  [1024, "H+"],
  [1024, "HX"],
  [32, "NXSB"],
];
const HEAD = 1032;
const MAGIC = 8;

/**
 * What a file is, by a few of its bytes; nothing is said about whether it is whole. The name decides only about raw disk images.
 * @throws ReadFault when the file can no longer be read
 */
export function recogniseFile(source: ByteSource, name: string): FileKind {
  const head = source.read(0, Math.min(HEAD, source.size));
  if (isMachO(source, head)) return "mach-o";
  if (head.subarray(0, 2).toString("latin1") === "#!") return "script";
  if (head.length >= 4 && head.readUInt32BE(0) === XAR_MAGIC) return "installer-package";
  return isDiskImage(source, head, name) ? "disk-image" : "not-code";
}

/** Java class files share the magic of universal files: the same look at the table as the reader takes tells them apart. */
function isMachO(source: ByteSource, head: Buffer): boolean {
  const magic = head.subarray(0, MAGIC);
  if (machHeaderKind(magic) !== null) return true;
  const kind = fatHeaderKind(magic);
  return kind !== null && readFatHeader(source, kind) !== null;
}

function isDiskImage(source: ByteSource, head: Buffer, name: string): boolean {
  if (hasAt(head, 0, ENCRYPTED_HEAD)) return true;
  const tail = source.read(
    source.size - Math.min(UDIF_TRAILER.size, source.size),
    Math.min(UDIF_TRAILER.size, source.size),
  );
  if (tail.length === UDIF_TRAILER.size && hasAt(tail, 0, UDIF_TRAILER.magic)) return true;
  if (!name.toLowerCase().endsWith(".dmg")) return false;
  if (hasAt(tail, tail.length - ENCRYPTED_TAIL.length, ENCRYPTED_TAIL)) return true;
  return DISK_BEGINNINGS.some(([offset, magic]) => hasAt(head, offset, magic));
}

function hasAt(bytes: Buffer, offset: number, magic: string): boolean {
  return offset >= 0 && bytes.toString("latin1", offset, offset + magic.length) === magic;
}
