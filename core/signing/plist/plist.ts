import { isAscii } from "node:buffer";
import { MAX_READ } from "../byte-source.ts";
import type { PlistOptions } from "./limits.ts";
import { plistFault } from "./problems.ts";
import { BINARY_MAGIC, readBinaryPlist } from "./read-binary.ts";
import { readXmlPlist } from "./read-xml.ts";
import type { PlistValue } from "./value.ts";

export type { OnDuplicate, PlistOptions } from "./limits.ts";
export {
  asArray,
  asBoolean,
  asBytes,
  asDate,
  asDict,
  asNumber,
  asText,
  PlistDate,
  type PlistDict,
  type PlistValue,
} from "./value.ts";

const LONGEST_DECLARATION = 512;
/** A byte order mark is three characters when it is read as Latin-1. */
const DECLARATION =
  /^(?:\xef\xbb\xbf)?\s{0,64}<\?xml\s[^>]{0,200}?\bencoding\s{0,8}=\s{0,8}["']([A-Za-z0-9._-]{1,40})["']/;
/** Encodings in which bytes below 0x80 mean the same as in UTF-8: with only such bytes it does not matter which it is. */
const LIKE_ASCII = /^(?:us-ascii|ascii|iso-8859-1|iso-8859-15|latin1|windows-1252|macintosh|x-mac-roman)$/i;
const UTF8 = /^utf-?8$/i;
const OLD_STYLE = /^[\s]{0,64}(?:[{("]|\/\/|\/\*)/;

/**
 * A property list in XML or in binary form (bplist00), whole. Strict where programs differ: a list that could be read in two ways is refused.
 * @throws Malformed, and nothing else, whatever the bytes are
 */
export function parsePlist(bytes: Buffer, options: PlistOptions = {}): PlistValue {
  if (bytes.length === 0) throw plistFault("plist-empty");
  if (bytes.length > MAX_READ) throw plistFault("plist-too-large");
  if (bytes.subarray(0, BINARY_MAGIC.length).equals(BINARY_MAGIC)) return readBinaryPlist(bytes, options);
  const text = decode(bytes);
  if (/^\s{0,1024}</.test(text)) {
    const whole = withoutFinalNuls(text);
    // Some of Apple's readers stop at the first NUL, others do not.
    if (whole.includes("\0")) throw plistFault("plist-syntax");
    return readXmlPlist(whole, options);
  }
  throw plistFault(OLD_STYLE.test(text) ? "plist-old-style" : "plist-not-a-plist");
}

function decode(bytes: Buffer): string {
  if (isUtf16(bytes)) throw plistFault("plist-encoding");
  const ascii = isAscii(bytes);
  const declared = DECLARATION.exec(bytes.toString("latin1", 0, LONGEST_DECLARATION))?.[1];
  const supported = declared === undefined || UTF8.test(declared) || (ascii && LIKE_ASCII.test(declared));
  if (!supported) throw plistFault("plist-encoding");
  const text = ascii ? bytes.toString("latin1") : decodeUtf8(bytes);
  return text;
}

/** Left there by some tools, and the end for every reader. */
function withoutFinalNuls(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 0) end -= 1;
  return text.slice(0, end);
}

/** By its byte order mark, or by a first character that takes two bytes. */
function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  const mark = (first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe);
  return mark || (bytes.length > 1 && (first === 0) !== (second === 0));
}

/** Without a byte order mark. */
function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw plistFault("plist-not-utf8");
  }
}
