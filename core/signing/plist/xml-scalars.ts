import { exactInteger } from "./limits.ts";
import { plistFault } from "./problems.ts";
import { PlistDate } from "./value.ts";

const LONGEST_REFERENCE = 12;
const LONGEST_NUMBER = 400;
const NAMED = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);
const NUMERIC = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/;
const SPACE = /[ \t\r\n]+/g;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const INTEGER = /^([+-]?)(0[xX][0-9A-Fa-f]{1,32}|[0-9]{1,64})$/;
const REAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?$/;
const DATE =
  /^-?[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)Z$/;
/** CoreFoundation's names for what has no digits. */
const NOT_DIGITS = new Map([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["+inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
  ["infinity", Number.POSITIVE_INFINITY],
  ["+infinity", Number.POSITIVE_INFINITY],
  ["-infinity", Number.NEGATIVE_INFINITY],
]);

/** Text with the five named and the numeric character references replaced: the only ones there are without a document type. */
export function withoutReferences(text: string): string {
  let at = text.indexOf("&");
  if (at < 0) return text;
  let plain = "";
  let done = 0;
  while (at >= 0) {
    const reference = text.slice(at + 1, at + 1 + LONGEST_REFERENCE);
    const end = reference.indexOf(";");
    if (end < 0) throw plistFault("plist-entity");
    plain += text.slice(done, at) + referencedCharacter(reference.slice(0, end));
    done = at + 1 + end + 1;
    at = text.indexOf("&", done);
  }
  return plain + text.slice(done);
}

function referencedCharacter(reference: string): string {
  const named = NAMED.get(reference);
  if (named !== undefined) return named;
  const [matched, hex, decimal] = NUMERIC.exec(reference) ?? [];
  if (matched === undefined) throw plistFault("plist-entity");
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code === 0 || code > 0x10ffff || surrogate) throw plistFault("plist-entity");
  return String.fromCodePoint(code);
}

export function dataOf(text: string): Buffer {
  const packed = text.replace(SPACE, "");
  if (packed.length % 4 !== 0 || !BASE64.test(packed)) throw plistFault("plist-value");
  return Buffer.from(packed, "base64");
}

export function integerOf(text: string): number | bigint {
  const [matched, sign, digits = ""] = INTEGER.exec(shortText(text)) ?? [];
  if (matched === undefined) throw plistFault("plist-value");
  const magnitude = BigInt(digits);
  return exactInteger(sign === "-" ? -magnitude : magnitude);
}

export function realOf(text: string): number {
  const digits = shortText(text);
  const special = NOT_DIGITS.get(digits.toLowerCase());
  if (special !== undefined) return special;
  if (!REAL.test(digits)) throw plistFault("plist-value");
  return Number(digits);
}

export function dateOf(text: string): PlistDate {
  const iso = shortText(text);
  if (!DATE.test(iso)) throw plistFault("plist-value");
  return new PlistDate(iso);
}

function shortText(text: string): string {
  if (text.length > LONGEST_NUMBER) throw plistFault("plist-value");
  return text.replace(SPACE, " ").trim();
}
