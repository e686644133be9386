import type { Micros } from "#core/base/clock.ts";
import { type DerElement, expectUniversal, isUniversal, malformed, TAG } from "./reader.ts";

/** Longer texts in names are cut: they are shown, and compared with what is never that long. */
const MAX_TEXT = 512;
const MAX_OID_BYTES = 64;
const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9}))?Z$/;

/** Dotted decimal, e.g. `1.2.840.113635.100.6.1.13`. @throws Malformed */
export function oid(element: DerElement | undefined): string {
  return oidText(expectUniversal(element, TAG.oid).content);
}

const oidTexts = new Map<string, string>();
const MAX_OID_TEXTS = 1024;

/** As `oid`, of the content alone: for an OID whose own tag was replaced. @throws Malformed */
export function oidText(content: Buffer): string {
  if (content.length > MAX_OID_BYTES) throw malformed("asn1-bad-value");
  const key = content.toString("latin1");
  const known = oidTexts.get(key);
  if (known !== undefined) return known;
  const text = decodeOid(content);
  if (oidTexts.size >= MAX_OID_TEXTS) oidTexts.clear();
  oidTexts.set(key, text);
  return text;
}

function decodeOid(content: Buffer): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  let begun = false;
  for (const byte of content) {
    // A leading zero digit would give one OID two spellings.
    if (!begun && byte === 0x80) throw malformed("asn1-bad-value");
    arc = arc * 128n + BigInt(byte & 0x7f);
    begun = (byte & 0x80) !== 0;
    if (begun) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first, ...rest] = arcs;
  if (begun || first === undefined) throw malformed("asn1-bad-value");
  const top = first < 80n ? first / 40n : 2n;
  return [top, first - top * 40n, ...rest].join(".");
}

/** Lower-case hex of an INTEGER's bytes without sign padding, as serial numbers are written. @throws Malformed */
export function integerHex(element: DerElement | undefined): string {
  const { content } = expectUniversal(element, TAG.integer);
  if (content.length === 0) throw malformed("asn1-bad-value");
  let start = 0;
  while (start < content.length - 1 && content[start] === 0) start += 1;
  return content.toString("hex", start);
}

/** An INTEGER that is not negative and small enough to count with. @throws Malformed */
export function smallInteger(element: DerElement | undefined): number {
  const { content } = expectUniversal(element, TAG.integer);
  const [first] = content;
  if (first === undefined || first >= 0x80 || content.length > 6) throw malformed("asn1-bad-value");
  return content.readUIntBE(0, content.length);
}

/** @throws Malformed */
export function boolean(element: DerElement | undefined): boolean {
  const { content } = expectUniversal(element, TAG.boolean);
  if (content.length !== 1) throw malformed("asn1-bad-value");
  return content[0] !== 0;
}

/** The bytes of a BIT STRING that is a whole number of bytes, or with `bits` any. @throws Malformed */
export function bitString(element: DerElement | undefined, which: "whole-bytes" | "bits" = "whole-bytes"): Buffer {
  const string = expectUniversal(element, TAG.bitString);
  const [unused] = string.content;
  const tooMany = unused === undefined || unused > 7 || (unused > 0 && string.content.length === 1);
  if (string.constructed || tooMany || (which === "whole-bytes" && unused !== 0)) throw malformed("asn1-bad-value");
  return string.content.subarray(1);
}

/** UTCTime or GeneralizedTime in UTC with seconds, as RFC 5280 section 4.1.2.5 and RFC 3161 ask for. @throws Malformed */
export function time(element: DerElement | undefined): Micros {
  if (isUniversal(element, TAG.utcTime)) {
    const [, year = "", ...rest] = UTC_TIME.exec(element.content.toString("latin1")) ?? [];
    return toMicros(`${Number(year) < 50 ? "20" : "19"}${year}`, rest, "");
  }
  if (isUniversal(element, TAG.generalizedTime)) {
    const [, year = "", ...rest] = GENERALIZED_TIME.exec(element.content.toString("latin1")) ?? [];
    return toMicros(year, rest.slice(0, 5), rest[5] ?? "");
  }
  throw malformed("asn1-unexpected");
}

function toMicros(
  year: string,
  [month = "", day = "", hour = "", minute = "", second = ""]: string[],
  fraction: string,
) {
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const millis = Date.parse(text);
  // Date.parse takes 30 February for 2 March, and hour 24: what it made of the text must read the same.
  if (Number.isNaN(millis) || new Date(millis).toISOString() !== text) throw malformed("asn1-bad-value");
  return millis * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

const LATIN_TAGS: ReadonlySet<number> = new Set([18, 19, 20, 22, 26, 27]);
const BMP_STRING = 30;
const UNIVERSAL_STRING = 28;

/** The text of any of ASN.1's character strings, cut at a length no real name has; null for other kinds. */
export function text(element: DerElement | undefined): string | null {
  if (element === undefined || element.tagClass !== 0 || element.constructed) return null;
  const { content, tag } = element;
  if (tag === TAG.utf8String) return cut(content.subarray(0, MAX_TEXT * 4 + 4).toString("utf8"));
  if (LATIN_TAGS.has(tag)) return cut(content.toString("latin1", 0, MAX_TEXT + 1));
  if (tag === BMP_STRING) return cut(wideText(content.subarray(0, MAX_TEXT * 2 + 2), 2));
  if (tag === UNIVERSAL_STRING) return cut(wideText(content.subarray(0, MAX_TEXT * 4 + 4), 4));
  return null;
}

function wideText(content: Buffer, width: 2 | 4): string {
  let text = "";
  for (let at = 0; at + width <= content.length; at += width) {
    const point = content.readUIntBE(at, width);
    text += point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
  }
  return text.toWellFormed();
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…`.toWellFormed() : text;
}
