import { isAscii } from "node:buffer";
import { Budget, checkKey, exactInteger, type PlistOptions } from "./limits.ts";
import { plistFault } from "./problems.ts";
import { PlistDate, type PlistValue } from "./value.ts";

/** CFBinaryPList.c: "bplist" and the version, then objects, then the table of their offsets, then the trailer. */
export const BINARY_MAGIC = Buffer.from("bplist00", "latin1");
const TRAILER = 32;
/** Seconds from 1970 to 2001, where CFAbsoluteTime begins. */
const APPLE_EPOCH = 978_307_200;
const COUNT_FOLLOWS = 0xf;

/** @throws Malformed */
export function readBinaryPlist(bytes: Buffer, options: PlistOptions): PlistValue {
  return new BinaryReader(bytes, options).top();
}

interface Sized {
  /** Of the content, bytes. */
  start: number;
  count: number;
}

class BinaryReader {
  readonly #bytes: Buffer;
  readonly #budget: Budget;
  /** Texts, numbers and data by offset: written once and meant many times. */
  readonly #scalars = new Map<number, PlistValue>();
  /** Offsets of the containers that are being read: one of them again is a cycle. */
  readonly #open = new Set<number>();
  readonly #offsetSize: number;
  readonly #referenceSize: number;
  readonly #objects: number;
  readonly #top: number;
  readonly #table: number;
  /** Bytes of scalars read so far: more than there are means that objects overlap, and that reading them all could take forever. */
  #decoded = 0;

  constructor(bytes: Buffer, options: PlistOptions) {
    this.#budget = new Budget(options);
    if (bytes.length < BINARY_MAGIC.length + 1 + TRAILER) throw plistFault("plist-truncated");
    const trailer = bytes.length - TRAILER;
    this.#bytes = bytes;
    this.#offsetSize = bytes.readUInt8(trailer + 6);
    this.#referenceSize = bytes.readUInt8(trailer + 7);
    this.#objects = this.#word(trailer + 8, 8);
    this.#top = this.#word(trailer + 16, 8);
    this.#table = this.#word(trailer + 24, 8);
    const sizes = isIntegerSize(this.#offsetSize) && isIntegerSize(this.#referenceSize);
    const filled = this.#table + this.#objects * this.#offsetSize === trailer;
    const inside = this.#table > BINARY_MAGIC.length && this.#top < this.#objects;
    if (!sizes || !filled || !inside) throw plistFault("plist-binary-layout");
  }

  top(): PlistValue {
    return this.#object(this.#top);
  }

  #object(index: number): PlistValue {
    this.#budget.node();
    const offset = this.#offsetOf(index);
    const known = this.#scalars.get(offset);
    if (known !== undefined) return known;
    const marker = this.#bytes.readUInt8(offset);
    const kind = marker >> 4;
    if (kind === 0xa || kind === 0xd) return this.#container(offset, kind === 0xd);
    const scalar = this.#scalar(offset, kind, marker & 0xf);
    this.#scalars.set(offset, scalar);
    return scalar;
  }

  #container(offset: number, keyed: boolean): PlistValue {
    if (this.#open.has(offset)) throw plistFault("plist-binary-cycle");
    this.#open.add(offset);
    this.#budget.enter();
    const { start, count } = this.#sized(offset);
    this.#within(start, count * this.#referenceSize * (keyed ? 2 : 1));
    const value = keyed ? this.#dict(start, count) : this.#array(start, count);
    this.#budget.leave();
    this.#open.delete(offset);
    return value;
  }

  #array(start: number, count: number): readonly PlistValue[] {
    const array: PlistValue[] = [];
    for (let item = 0; item < count; item += 1) array.push(this.#object(this.#reference(start, item)));
    return array;
  }

  #dict(start: number, count: number): ReadonlyMap<string, PlistValue> {
    const dict = new Map<string, PlistValue>();
    for (let item = 0; item < count; item += 1) {
      const key = this.#object(this.#reference(start, item));
      if (typeof key !== "string") throw plistFault("plist-key");
      this.#budget.addEntry(dict, checkKey(key), this.#object(this.#reference(start, count + item)));
    }
    return dict;
  }

  #scalar(offset: number, kind: number, low: number): PlistValue {
    switch (kind) {
      case 0x0:
        if (low !== 8 && low !== 9) throw plistFault("plist-binary-object");
        return low === 9;
      case 0x1:
        return exactInteger(this.#integer(offset + 1, low));
      case 0x2:
        return this.#real(offset + 1, low);
      case 0x3:
        if (low !== 3) throw plistFault("plist-binary-object");
        return dateAt(this.#content(offset + 1, 8).readDoubleBE());
      case 0x4:
        return this.#sizedContent(offset, 1);
      case 0x5:
        return asciiText(this.#sizedContent(offset, 1));
      case 0x6:
        return utf16Text(this.#sizedContent(offset, 2));
      default:
        throw plistFault("plist-binary-object");
    }
  }

  /** Whole numbers of up to four bytes are unsigned, longer ones signed (CFBinaryPList.c). */
  #integer(start: number, power: number): bigint {
    if (power > 4) throw plistFault("plist-binary-object");
    const content = this.#content(start, 2 ** power);
    if (power <= 2) return BigInt(content.readUIntBE(0, content.length));
    if (power === 3) return content.readBigInt64BE();
    return (content.readBigInt64BE() << 64n) | content.readBigUInt64BE(8);
  }

  #real(start: number, power: number): number {
    if (power === 2) return this.#content(start, 4).readFloatBE();
    if (power === 3) return this.#content(start, 8).readDoubleBE();
    throw plistFault("plist-binary-object");
  }

  #sizedContent(offset: number, unit: number): Buffer {
    const { start, count } = this.#sized(offset);
    return this.#content(start, count * unit);
  }

  /** The count is in the marker, or in a whole number after it. */
  #sized(offset: number): Sized {
    const low = this.#bytes.readUInt8(offset) & 0xf;
    if (low !== COUNT_FOLLOWS) return { start: offset + 1, count: low };
    this.#within(offset + 1, 1);
    const marker = this.#bytes.readUInt8(offset + 1);
    const power = marker & 0xf;
    if (marker >> 4 !== 1 || power > 3) throw plistFault("plist-binary-object");
    const size = 2 ** power;
    this.#within(offset + 2, size);
    return { start: offset + 2 + size, count: this.#word(offset + 2, size) };
  }

  #content(start: number, length: number): Buffer {
    this.#within(start, length);
    this.#decoded += length;
    if (this.#decoded > this.#bytes.length) throw plistFault("plist-binary-overlap");
    return this.#bytes.subarray(start, start + length);
  }

  #reference(start: number, item: number): number {
    return this.#word(start + item * this.#referenceSize, this.#referenceSize);
  }

  #offsetOf(index: number): number {
    if (index >= this.#objects) throw plistFault("plist-binary-layout");
    const offset = this.#word(this.#table + index * this.#offsetSize, this.#offsetSize);
    if (offset < BINARY_MAGIC.length || offset >= this.#table) throw plistFault("plist-binary-layout");
    return offset;
  }

  /** Objects lie before the table. */
  #within(start: number, length: number): void {
    if (start + length > this.#table) throw plistFault("plist-truncated");
  }

  #word(start: number, size: number): number {
    if (size <= 6) return this.#bytes.readUIntBE(start, size);
    return this.#bytes.readUIntBE(start, size - 6) * 2 ** 48 + this.#bytes.readUIntBE(start + size - 6, 6);
  }
}

function isIntegerSize(size: number): boolean {
  return size >= 1 && size <= 8;
}

function dateAt(seconds: number): PlistDate {
  const date = new Date(Math.round((seconds + APPLE_EPOCH) * 1000));
  if (Number.isNaN(date.getTime())) throw plistFault("plist-value");
  return new PlistDate(date.toISOString().replace(".000Z", "Z"));
}

function asciiText(content: Buffer): string {
  const text = content.toString("latin1");
  if (!isAscii(content)) throw plistFault("plist-text");
  return text;
}

function utf16Text(content: Buffer): string {
  const text = Buffer.from(content).swap16().toString("utf16le");
  if (!text.isWellFormed()) throw plistFault("plist-text");
  return text;
}
