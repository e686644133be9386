import { scriptFault } from "./problems.ts";

/** xnu bsd/vfs/vfs_xattr.c: the layout and its limits. All numbers are big-endian. */
const MAGIC = 0x00051607;
const VERSION = 0x00020000;
const ENTRIES_AT = 26;
const ENTRY_SIZE = 12;
const MAX_ENTRIES = 15;
const FINDER_INFO = 9;
const FINDER_INFO_SIZE = 32;
/** Two bytes after the Finder info, so that the header is aligned. */
const PADDING = 2;
const ATTR_MAGIC = 0x41545452;
const ATTR_HEADER_SIZE = 36;
const MAX_ATTRIBUTES = 256;
/** Header and names lie within it; contents may lie beyond. */
const MAX_HEADER = 65_536;
/** Offset, length, flags and the name's length. */
const ATTR_FIXED = 11;
const ALIGNMENT = 4;
const MAX_NAME = 128;

/** The name of the file that holds another's extended attributes where the disk has none. */
export function appleDoubleName(name: string): string {
  return `._${name}`;
}

/** Whether a file's first bytes are an AppleDouble header's. */
export function isAppleDouble(bytes: Buffer): boolean {
  return bytes.length >= ENTRIES_AT && bytes.readUInt32BE(0) === MAGIC;
}

/**
 * The extended attributes in an AppleDouble file, as views into it by name. Empty when it has none (only a resource fork).
 * @throws Malformed
 */
export function readAppleDouble(bytes: Buffer): ReadonlyMap<string, Buffer> {
  if (!isAppleDouble(bytes) || bytes.readUInt32BE(4) !== VERSION) throw scriptFault("apple-double-malformed");
  const header = attributeHeader(bytes);
  return header === null ? new Map<string, Buffer>() : readAttributes(bytes, header);
}

/** Where the extended attributes' own header begins; null without one. */
function attributeHeader(bytes: Buffer): number | null {
  const count = bytes.readUInt16BE(ENTRIES_AT - 2);
  if (count > MAX_ENTRIES) throw scriptFault("apple-double-malformed");
  checkInside(bytes, ENTRIES_AT, count * ENTRY_SIZE);
  for (let index = 0; index < count; index += 1) {
    const entry = ENTRIES_AT + index * ENTRY_SIZE;
    if (bytes.readUInt32BE(entry) !== FINDER_INFO) continue;
    const offset = bytes.readUInt32BE(entry + 4);
    const length = bytes.readUInt32BE(entry + 8);
    checkInside(bytes, offset, length);
    const header = offset + FINDER_INFO_SIZE + PADDING;
    const fits = length >= FINDER_INFO_SIZE + PADDING + ATTR_HEADER_SIZE && header + ATTR_HEADER_SIZE <= MAX_HEADER;
    return fits && bytes.readUInt32BE(header) === ATTR_MAGIC ? header : null;
  }
  return null;
}

function readAttributes(bytes: Buffer, header: number): ReadonlyMap<string, Buffer> {
  const count = bytes.readUInt16BE(header + ATTR_HEADER_SIZE - 2);
  if (count > MAX_ATTRIBUTES) throw scriptFault("apple-double-malformed");
  const attributes = new Map<string, Buffer>();
  let at = header + ATTR_HEADER_SIZE;
  for (let index = 0; index < count; index += 1) {
    checkInside(bytes, at, ATTR_FIXED);
    const nameLength = bytes.readUInt8(at + ATTR_FIXED - 1);
    const end = at + ATTR_FIXED + nameLength;
    if (nameLength < 2 || nameLength > MAX_NAME || end > MAX_HEADER) throw scriptFault("apple-double-malformed");
    checkInside(bytes, at + ATTR_FIXED, nameLength);
    const name = attributeName(bytes.subarray(at + ATTR_FIXED, end));
    const offset = bytes.readUInt32BE(at);
    const length = bytes.readUInt32BE(at + 4);
    checkInside(bytes, offset, length);
    if (attributes.has(name)) throw scriptFault("apple-double-malformed");
    attributes.set(name, bytes.subarray(offset, offset + length));
    at = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
  }
  return attributes;
}

/** With the NUL that it must end in, and none before. */
function attributeName(bytes: Buffer): string {
  if (bytes.indexOf(0) !== bytes.length - 1) throw scriptFault("apple-double-malformed");
  return bytes.toString("utf8", 0, bytes.length - 1);
}

function checkInside(bytes: Buffer, offset: number, length: number): void {
  if (offset + length > bytes.length) throw scriptFault("apple-double-malformed");
}
