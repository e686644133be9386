import { closeSync } from "node:fs";
import { fill, openPlain } from "./path-inside.ts";

/** mach-o/loader.h and mach-o/fat.h, in both byte orders. */
const MACHO_MAGICS: ReadonlySet<number> = new Set([
  0xfeedface, 0xcefaedfe, 0xfeedfacf, 0xcffaedfe, 0xbebafeca, 0xcafebabf, 0xbfbafeca,
]);
/** Shared with Java class files, whose next word is a version of 45 or more. */
const FAT_MAGIC = 0xcafebabe;
const MOST_ARCHITECTURES = 20;

/** Whether a file begins as Mach-O code does; null when it cannot be read. */
export function looksLikeMachO(path: string): boolean | null {
  const open = openPlain(path);
  if (open === null) return null;
  const head = Buffer.alloc(8);
  try {
    const filled = fill(open.fd, head);
    if (filled === null) return null;
    if (filled < head.length) return false;
  } finally {
    closeSync(open.fd);
  }
  const magic = head.readUInt32BE(0);
  return MACHO_MAGICS.has(magic) || (magic === FAT_MAGIC && head.readUInt32BE(4) <= MOST_ARCHITECTURES);
}
