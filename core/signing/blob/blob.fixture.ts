import type { CodeSignature, HashKind } from "../code-signature.ts";
import type { Slice } from "../slice.ts";
import { MAGIC, SLOT } from "./blob-format.ts";
import { HASH_KINDS, hashSizeOf, slotHashOf } from "./hash-kinds.ts";
import { readSignature } from "./read-signature.ts";

/** Constructed: signatures for tests, written from the layout in xnu osfmk/kern/cs_blobs.h. */

export function blob(magic: number, content: Buffer | string = ""): Buffer {
  const bytes = Buffer.concat([word(magic), word(0), Buffer.from(content)]);
  bytes.writeUInt32BE(bytes.length, 4);
  return bytes;
}

export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** A SuperBlob (or a requirement set) of these parts, in this order. */
export function superBlob(
  parts: readonly (readonly [slot: number, part: Buffer])[],
  magic: number = MAGIC.embeddedSignature,
) {
  let offset = 12 + parts.length * 8;
  const index: Buffer[] = [];
  for (const [slot, part] of parts) {
    index.push(word(slot), word(offset));
    offset += part.length;
  }
  return blob(magic, Buffer.concat([word(parts.length), ...index, ...parts.map(([, part]) => part)]));
}

export interface DirectoryRecipe {
  version?: number;
  flags?: number;
  hash?: HashKind;
  identifier?: string;
  team?: string | null;
  platform?: number;
  pageShift?: number;
  /** Bytes of the code; its content is this many zeros. */
  codeLimit?: number;
  /** What each special slot covers. */
  specials?: ReadonlyMap<number, Buffer>;
  /** Special slots, at least. */
  specialCount?: number;
}

const HEADER_SIZE = 108;

/** A CodeDirectory as codesign would write it, with the largest header. */
export function codeDirectory(recipe: DirectoryRecipe = {}): Buffer {
  const {
    version = 0x20400,
    flags = 0x2,
    hash = "sha256",
    identifier = "com.example.invoice-viewer",
    team = null,
  } = recipe;
  const {
    platform = 0,
    pageShift = 12,
    codeLimit = 10_000,
    specials = new Map<number, Buffer>(),
    specialCount = 0,
  } = recipe;
  const size = hashSizeOf(hash);
  const pageSize = pageShift === 0 ? codeLimit : 2 ** pageShift;
  const pages = codeLimit === 0 ? 0 : Math.ceil(codeLimit / pageSize);
  const count = Math.max(specialCount, ...specials.keys(), 0);
  const names = Buffer.from(`${identifier}\0${team === null ? "" : `${team}\0`}`);
  const hashes = [];
  for (let slot = count; slot > 0; slot -= 1) {
    const content = specials.get(slot);
    hashes.push(content === undefined ? Buffer.alloc(size) : slotHashOf(hash, content));
  }
  for (let page = 0; page < pages; page += 1)
    hashes.push(slotHashOf(hash, Buffer.alloc(Math.min(pageSize, codeLimit - page * pageSize))));

  const header = Buffer.alloc(HEADER_SIZE);
  header.writeUInt32BE(MAGIC.codeDirectory, 0);
  header.writeUInt32BE(version, 8);
  header.writeUInt32BE(flags, 12);
  header.writeUInt32BE(HEADER_SIZE + names.length + count * size, 16);
  header.writeUInt32BE(HEADER_SIZE, 20);
  header.writeUInt32BE(count, 24);
  header.writeUInt32BE(pages, 28);
  header.writeUInt32BE(codeLimit, 32);
  header.writeUInt8(size, 36);
  header.writeUInt8(HASH_KINDS.get(hash)?.type ?? 0, 37);
  header.writeUInt8(platform, 38);
  header.writeUInt8(pageShift, 39);
  if (team !== null) header.writeUInt32BE(HEADER_SIZE + identifier.length + 1, 48);
  const bytes = Buffer.concat([header, names, ...hashes]);
  bytes.writeUInt32BE(bytes.length, 4);
  return bytes;
}

/** A copy with a big-endian number written into it. */
export function patched(bytes: Buffer, offset: number, value: number, size: 1 | 4 = 4): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUIntBE(value, offset, size);
  return copy;
}

export const SLICE: Slice = {
  arch: "arm64",
  cpuType: 0x100000c,
  cpuSubtype: 0,
  offset: 0,
  size: 20_000,
  is64: true,
  bigEndian: false,
  fileType: 2,
  signature: { offset: 10_000, size: 10_000 },
  embeddedInfoPlist: null,
  textSegment: { offset: 0, size: 8192 },
  problems: [],
  notes: [],
};

/** The signature that codesign makes ad hoc: one CodeDirectory, empty requirements, an empty CMS wrapper. */
export function adhocParts(directory: Buffer = codeDirectory()): [number, Buffer][] {
  return [
    [SLOT.codeDirectory, directory],
    [SLOT.requirements, superBlob([], MAGIC.requirements)],
    [SLOT.cms, blob(MAGIC.blobWrapper)],
  ];
}

/** A signature of one CodeDirectory that covers these whole blobs. */
export function signatureOf(blobs: ReadonlyMap<number, Buffer>, recipe: DirectoryRecipe = {}): CodeSignature {
  const directory = codeDirectory({ ...recipe, specials: new Map([...blobs, ...(recipe.specials ?? [])]) });
  return readSignature(superBlob([[SLOT.codeDirectory, directory], ...blobs]), SLICE);
}
