/** Constructed: assembles binary property lists object by object, also ones that no writer would make. */
export function binaryPlist(
  objects: readonly Buffer[],
  change: { top?: number; refSize?: number; table?: Buffer } = {},
): Buffer {
  const head = Buffer.from("bplist00", "latin1");
  const offsets: number[] = [];
  let end = head.length;
  for (const object of objects) {
    offsets.push(end);
    end += object.length;
  }
  const table = change.table ?? Buffer.concat(offsets.map((offset) => word(offset)));
  const trailer = Buffer.alloc(32);
  trailer.writeUInt8(4, 6);
  trailer.writeUInt8(change.refSize ?? 1, 7);
  trailer.writeBigUInt64BE(BigInt(table.length / 4), 8);
  trailer.writeBigUInt64BE(BigInt(change.top ?? 0), 16);
  trailer.writeBigUInt64BE(BigInt(end), 24);
  return Buffer.concat([head, ...objects, table, trailer]);
}

/** A 32-bit word, as this fixture's offset tables have them. */
export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export const bytesOf = (...values: number[]): Buffer => Buffer.from(values);
export const asciiObject = (text: string): Buffer =>
  Buffer.concat([bytesOf(0x50 + text.length), Buffer.from(text, "latin1")]);
