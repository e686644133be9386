import type { Micros } from "#core/base/clock.ts";

/** A small DER writer for tests. Every function gives whole elements; nothing checks what it is given. */
export function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.of(tag), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const digits = Buffer.alloc(4);
  digits.writeUInt32BE(length);
  const used = digits.subarray(digits.findIndex((digit) => digit !== 0));
  return Buffer.concat([Buffer.of(0x80 | used.length), used]);
}

/** The same content with an indefinite length and an end-of-contents mark, as Apple's CMS signatures have it. */
export function indefinite(tag: number, ...content: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(tag, 0x80), ...content, Buffer.of(0, 0)]);
}

export const seq = (...parts: readonly Buffer[]): Buffer => element(0x30, ...parts);
export const set = (...parts: readonly Buffer[]): Buffer => element(0x31, ...parts);
export const explicit = (tag: number, ...parts: readonly Buffer[]): Buffer => element(0xa0 | tag, ...parts);
export const octet = (bytes: Buffer): Buffer => element(0x04, bytes);
export const bits = (bytes: Buffer, unused = 0): Buffer => element(0x03, Buffer.of(unused), bytes);
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text));
export const nothing = (): Buffer => element(0x05);
export const yes = (): Buffer => element(0x01, Buffer.of(0xff));
export const int = (value: number): Buffer =>
  integer(Buffer.of((value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff));

/** Of a number that is not negative, by its bytes. */
export function integer(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const digits = bytes.subarray(start);
  return element(0x02, (digits[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.alloc(0), digits);
}

export function objectId(dotted: string): Buffer {
  const [top = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(0x06, ...[top * 40 + second, ...rest].map(arcBytes));
}

function arcBytes(arc: number): Buffer {
  const digits = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) | 0x80);
  return Buffer.from(digits);
}

/** UTCTime up to 2049, GeneralizedTime after it. */
export function timeElement(at: Micros): Buffer {
  const digits = new Date(at / 1000).toISOString().replaceAll(/[-T:]|\.\d+/g, "");
  return digits < "2050" ? element(0x17, Buffer.from(digits.slice(2))) : generalizedTime(at);
}

export function generalizedTime(at: Micros): Buffer {
  return element(0x18, Buffer.from(new Date(at / 1000).toISOString().replaceAll(/[-T:]|\.\d+/g, "")));
}
