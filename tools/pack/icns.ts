/**
 * The entries of an icon file: OSType, and the pixels of the PNG it holds.
 * "ic11" to "ic14" are the same sizes again as retina versions of half as many points. Source: the OSTypes that
 * `iconutil` on a Mac writes for an .iconset.
 */
const ENTRIES: readonly (readonly [type: string, pixels: number])[] = [
  ["icp4", 16],
  ["icp5", 32],
  ["ic11", 32],
  ["ic12", 64],
  ["ic07", 128],
  ["ic13", 256],
  ["ic08", 256],
  ["ic14", 512],
  ["ic09", 512],
  ["ic10", 1024],
];

export const ICON_PIXELS = [...new Set(ENTRIES.map(([, pixels]) => pixels))];

const ENTRY_HEADER_BYTES = 8;

/**
 * Builds an .icns file: "icns", its length, then each entry's type, length and PNG, all big-endian.
 * @param pngOf the PNG of so many pixels
 */
export function buildIcns(pngOf: (pixels: number) => Buffer): Buffer {
  const entries = ENTRIES.map(([type, pixels]) => entry(type, pngOf(pixels)));
  return entry("icns", Buffer.concat(entries));
}

function entry(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(ENTRY_HEADER_BYTES);
  header.write(type, "latin1");
  header.writeUInt32BE(ENTRY_HEADER_BYTES + content.length, 4);
  return Buffer.concat([header, content]);
}
