import { closeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAppleDouble } from "../script/apple-double.ts";
import { fill, lookAt, openPlain } from "./path-inside.ts";

/** mach-o/loader.h and mach-o/fat.h, in both byte orders. */
const MACHO_MAGICS: ReadonlySet<number> = new Set([
  0xfeedface, 0xcefaedfe, 0xfeedfacf, 0xcffaedfe, 0xbebafeca, 0xcafebabf, 0xbfbafeca,
]);
/** Shared with Java class files, whose next word is a version of 45 or more. */
const FAT_MAGIC = 0xcafebabe;
const MOST_ARCHITECTURES = 20;

/** Whether a file begins as Mach-O code does; null when it cannot be read. */
export function looksLikeMachO(path: string): boolean | null {
  const head = headOf(path, 8);
  if (head === null) return null;
  if (head.length < 8) return false;
  const magic = head.readUInt32BE(0);
  return MACHO_MAGICS.has(magic) || (magic === FAT_MAGIC && head.readUInt32BE(4) <= MOST_ARCHITECTURES);
}

/** Whether a file names an interpreter to run it. */
export function isScript(path: string): boolean {
  return headOf(path, 2)?.toString("latin1") === "#!";
}

/** Whether it holds the attributes of the file beside it, as foreign disks keep them: `._x` beside `x`. */
export function isAppleDoubleBeside(path: string): boolean {
  const name = basename(path);
  if (!name.startsWith("._") || typeof lookAt(join(dirname(path), name.slice(2))) === "string") return false;
  const head = headOf(path, APPLE_DOUBLE_HEAD);
  return head !== null && isAppleDouble(head);
}

/** Enough for its magic and version. */
const APPLE_DOUBLE_HEAD = 32;

/** The first bytes of a plain file, fewer when it is shorter; null when it cannot be read. */
function headOf(path: string, length: number): Buffer | null {
  const open = openPlain(path);
  if (open === null) return null;
  const head = Buffer.alloc(length);
  try {
    const filled = fill(open.fd, head);
    return filled === null ? null : head.subarray(0, filled);
  } finally {
    closeSync(open.fd);
  }
}
