import type { Micros } from "#core/base/clock.ts";

/** Writes DER, and BER where a test wants it. Tag bytes are the whole identifier octet (X.690 8.1.2). */
export function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOctets(content.length), content]);
}

/** The same with BER's indefinite length: only for constructed elements. */
export function indefinite(tag: number, ...parts: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.from([0, 0])]);
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Buffer.from([0x80 | octets.length, ...octets]);
}

export function sequence(...parts: Buffer[]): Buffer {
  return element(0x30, ...parts);
}

/** In the order given. */
export function set(...parts: Buffer[]): Buffer {
  return element(0x31, ...parts);
}

/** Constructed, `[number]`. */
export function context(number: number, ...parts: Buffer[]): Buffer {
  return element(0xa0 | number, ...parts);
}

export function integer(value: number | bigint | Buffer): Buffer {
  if (Buffer.isBuffer(value))
    return element(2, (value[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value);
  const hex = value.toString(16);
  return integer(Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex"));
}

export function octets(bytes: Buffer): Buffer {
  return element(4, bytes);
}

export function bits(bytes: Buffer): Buffer {
  return element(3, Buffer.from([0]), bytes);
}

export function boolean(value: boolean): Buffer {
  return element(1, Buffer.from([value ? 0xff : 0]));
}

export const NULL = Buffer.from([5, 0]);

export function utf8(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(6, ...[40 * first + second, ...rest].map(base128));
}

function base128(value: number): Buffer {
  const groups = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) groups.unshift(0x80 | (rest % 128));
  return Buffer.from(groups);
}

/** UTCTime, for years up to 2049. */
export function utcTime(at: Micros): Buffer {
  return element(0x17, Buffer.from(`${digits(at).slice(2)}Z`));
}

export function generalizedTime(at: Micros): Buffer {
  return element(0x18, Buffer.from(`${digits(at)}Z`));
}

/** yyyymmddhhmmss */
function digits(at: Micros): string {
  return new Date(at / 1000).toISOString().slice(0, 19).replaceAll(/[-:T]/g, "");
}

/** A well-formed element taken apart; `children` only for constructed ones. */
export interface Tree {
  tag: number;
  content: Buffer;
  children: Tree[];
}

/** Reads well-formed BER with one-byte tags: for taking real signatures apart in tests, not for hostile bytes. */
export function readTree(bytes: Buffer): Tree {
  return readElement(bytes, 0).tree;
}

function readElement(bytes: Buffer, start: number): { tree: Tree; end: number } {
  const tag = bytes.readUInt8(start);
  const first = bytes.readUInt8(start + 1);
  const lengthBytes = first > 0x80 ? first & 0x7f : 0;
  const length = lengthBytes > 0 ? bytes.readUIntBE(start + 2, lengthBytes) : first;
  const body = start + 2 + lengthBytes;
  if (first === 0x80) {
    const { children, end } = readChildren(bytes, body, bytes.length);
    return { tree: { tag, content: bytes.subarray(body, end), children }, end: end + 2 };
  }
  const children = tag & 0x20 ? readChildren(bytes, body, body + length).children : [];
  return { tree: { tag, content: bytes.subarray(body, body + length), children }, end: body + length };
}

/** Up to `end`, or to an end-of-contents marker. */
function readChildren(bytes: Buffer, start: number, end: number): { children: Tree[]; end: number } {
  const children: Tree[] = [];
  let at = start;
  while (at < end && bytes.readUInt16BE(at) !== 0) {
    const child = readElement(bytes, at);
    children.push(child.tree);
    at = child.end;
  }
  return { children, end: at };
}

/** Definite lengths throughout. */
export function writeTree(tree: Tree): Buffer {
  return tree.tag & 0x20 ? element(tree.tag, ...tree.children.map(writeTree)) : element(tree.tag, tree.content);
}
