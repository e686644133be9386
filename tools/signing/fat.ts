import { alignUp, u32be, u64be } from "./bytes.ts";
import { layoutOf, readWord } from "./mach-o.ts";

/** mach-o/fat.h. */
export const FAT_MAGIC = 0xcafebabe;
export const FAT_MAGIC_64 = 0xcafebabf;

export interface FatEntry {
  cpuType: number;
  cpuSubtype: number;
  offset: number;
  size: number;
  /** Exponent. */
  align: number;
}

/** A universal file of whole images, each at its architecture's usual alignment. */
export function fat(images: readonly Buffer[], { wide = false, swapped = false } = {}): Buffer {
  const align = 12;
  let at = 8 + images.length * (wide ? 32 : 20);
  const entries = images.map((image): FatEntry => {
    const { bigEndian } = layoutOf(image);
    const offset = alignUp(at, 2 ** align);
    at = offset + image.length;
    return {
      cpuType: readWord(image, 4, bigEndian),
      cpuSubtype: readWord(image, 8, bigEndian),
      offset,
      size: image.length,
      align,
    };
  });
  const file = Buffer.alloc(at);
  fatHeader(entries, { wide, swapped }).copy(file);
  for (const [i, entry] of entries.entries()) images[i]?.copy(file, entry.offset);
  return file;
}

/** `swapped`: little-endian, which no tool writes but the format allows. */
export function fatHeader(entries: readonly FatEntry[], { wide = false, swapped = false } = {}): Buffer {
  const header = Buffer.concat([
    u32be(wide ? FAT_MAGIC_64 : FAT_MAGIC, entries.length),
    ...entries.map(({ cpuType, cpuSubtype, offset, size, align }) =>
      wide
        ? Buffer.concat([
            u32be(cpuType, cpuSubtype),
            swapped ? swappedWide(offset, size) : wides(offset, size),
            u32be(align, 0),
          ])
        : u32be(cpuType, cpuSubtype, offset, size, align),
    ),
  ]);
  return swapped ? header.swap32() : header;
}

function wides(...values: number[]): Buffer {
  return Buffer.concat(values.map(u64be));
}

/** So that swapping every 32-bit word afterwards gives little-endian 64-bit values. */
function swappedWide(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => u32be(value, Math.floor(value / 2 ** 32))));
}

/** The entries of a big-endian 32-bit fat header. */
export function fatEntries(file: Buffer): FatEntry[] {
  return Array.from({ length: file.readUInt32BE(4) }, (_, i) => {
    const word = (k: number): number => file.readUInt32BE(8 + 20 * i + 4 * k);
    return { cpuType: word(0), cpuSubtype: word(1), offset: word(2), size: word(3), align: word(4) };
  });
}

/** A copy with other entries in its header. */
export function withFatEntries(file: Buffer, entries: readonly FatEntry[]): Buffer {
  const copy = Buffer.from(file);
  fatHeader(entries).copy(copy);
  return copy;
}
