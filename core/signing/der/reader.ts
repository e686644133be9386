import { Malformed } from "../problem.ts";
import { DER_PROBLEMS } from "./problems.ts";

/** ITU-T X.690 section 8.1.2.2: universal, application, context-specific, private. */
export type TagClass = 0 | 1 | 2 | 3;

/** One ASN.1 element as a view into the bytes it was read from. */
export interface DerElement {
  tagClass: TagClass;
  constructed: boolean;
  tag: number;
  /** The whole element: header, content and, where it has one, the end-of-contents mark. */
  bytes: Buffer;
  /** Without header and end-of-contents mark. */
  content: Buffer;
}

export const TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  enumerated: 10,
  utf8String: 12,
  sequence: 16,
  set: 17,
  utcTime: 23,
  generalizedTime: 24,
} as const;

/** Deeper than anything in a CMS signature (about 12), far below what the call stack holds. */
const MAX_DEPTH = 40;
/** Of one element's children, and of the elements gone through to find the end of one of indefinite length. */
const MAX_ELEMENTS = 20_000;
/** Tags and lengths of more bytes belong to nothing that fits in memory. */
const MAX_LENGTH_BYTES = 4;
const MAX_TAG_BYTES = 3;

export function malformed(id: keyof typeof DER_PROBLEMS): Malformed {
  return new Malformed(id, DER_PROBLEMS[id]);
}

interface Header {
  tagClass: TagClass;
  constructed: boolean;
  tag: number;
  /** Where the content begins. */
  start: number;
  /** Null: indefinite. */
  length: number | null;
}

/** Elements that may still be gone through. */
interface Budget {
  left: number;
}

/**
 * The first element of `bytes`; what follows it is not looked at (`bytes.length` of the element says where it begins).
 * BER is read, not only DER: Apple's CMS signatures have indefinite lengths.
 * @throws Malformed
 */
export function readDer(bytes: Buffer): DerElement {
  return readAt(bytes, 0, 0, { left: MAX_ELEMENTS });
}

/** As `readDer`, for bytes that must hold one element and nothing more. @throws Malformed */
export function readOnlyDer(bytes: Buffer): DerElement {
  const element = readDer(bytes);
  if (element.bytes.length !== bytes.length) throw malformed("asn1-bad-length");
  return element;
}

/** The elements that a constructed one is made of. @throws Malformed */
export function children(element: DerElement): DerElement[] {
  if (!element.constructed) throw malformed("asn1-unexpected");
  const { content } = element;
  const found: DerElement[] = [];
  const budget: Budget = { left: MAX_ELEMENTS };
  for (let at = 0; at < content.length; ) {
    const child = readAt(content, at, 1, budget);
    if (isEndMark(child)) throw malformed("asn1-bad-tag");
    found.push(child);
    at += child.bytes.length;
  }
  return found;
}

// Narrowed to more than DerElement, so that an element of another tag is not taken for none.
export function isUniversal(element: DerElement | undefined, tag: number): element is DerElement & { tagClass: 0 } {
  return element !== undefined && element.tagClass === 0 && element.tag === tag;
}

export function isContext(element: DerElement | undefined, tag: number): element is DerElement & { tagClass: 2 } {
  return element !== undefined && element.tagClass === 2 && element.tag === tag;
}

/** The children of what must be a SEQUENCE. @throws Malformed */
export function sequence(element: DerElement | undefined): DerElement[] {
  return children(expectUniversal(element, TAG.sequence));
}

/** The children of what must be a SET, in the order in which they stand. @throws Malformed */
export function setOf(element: DerElement | undefined): DerElement[] {
  return children(expectUniversal(element, TAG.set));
}

/** @throws Malformed when there is none, or it is of another kind */
export function expectUniversal(element: DerElement | undefined, tag: number): DerElement {
  if (!isUniversal(element, tag)) throw malformed("asn1-unexpected");
  return element;
}

/** The bytes of an OCTET STRING; the parts of a constructed one are joined. @throws Malformed */
export function octets(element: DerElement | undefined): Buffer {
  const string = expectUniversal(element, TAG.octetString);
  return joinOctets(string);
}

/** As `octets`, for a string whose own tag was replaced by an implicit one. @throws Malformed */
export function joinOctets(element: DerElement): Buffer {
  if (!element.constructed) return element.content;
  const parts: Buffer[] = [];
  collectOctets(element, parts, 0);
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

function collectOctets(element: DerElement, parts: Buffer[], depth: number): void {
  if (depth > MAX_DEPTH) throw malformed("asn1-too-deep");
  for (const child of children(element)) {
    const part = expectUniversal(child, TAG.octetString);
    if (part.constructed) collectOctets(part, parts, depth + 1);
    else parts.push(part.content);
    if (parts.length > MAX_ELEMENTS) throw malformed("asn1-too-many");
  }
}

function readAt(bytes: Buffer, offset: number, depth: number, budget: Budget): DerElement {
  if (depth > MAX_DEPTH) throw malformed("asn1-too-deep");
  budget.left -= 1;
  if (budget.left < 0) throw malformed("asn1-too-many");
  const { tagClass, constructed, tag, start, length } = readHeader(bytes, offset);
  const contentEnd = length === null ? endOfContents(bytes, start, depth, budget) : start + length;
  const end = length === null ? contentEnd + 2 : contentEnd;
  if (end > bytes.length) throw malformed("asn1-truncated");
  return {
    tagClass,
    constructed,
    tag,
    bytes: bytes.subarray(offset, end),
    content: bytes.subarray(start, contentEnd),
  };
}

/** Where the mark stands that ends an element of indefinite length. */
function endOfContents(bytes: Buffer, start: number, depth: number, budget: Budget): number {
  for (let at = start; ; ) {
    const element = readAt(bytes, at, depth + 1, budget);
    if (isEndMark(element)) {
      if (element.bytes.length !== 2) throw malformed("asn1-bad-length");
      return at;
    }
    at += element.bytes.length;
  }
}

function isEndMark(element: DerElement): boolean {
  return element.tagClass === 0 && element.tag === 0;
}

function readHeader(bytes: Buffer, offset: number): Header {
  const first = byteAt(bytes, offset);
  const tagClass = (first >> 6) as TagClass;
  const constructed = (first & 0x20) !== 0;
  let at = offset + 1;
  let tag = first & 0x1f;
  if (tag === 0x1f) {
    tag = 0;
    for (let count = 1; ; count += 1) {
      const next = byteAt(bytes, at);
      at += 1;
      if (count > MAX_TAG_BYTES || (count === 1 && next === 0x80)) throw malformed("asn1-bad-tag");
      tag = tag * 128 + (next & 0x7f);
      if ((next & 0x80) === 0) break;
    }
  }
  const lead = byteAt(bytes, at);
  at += 1;
  if (lead < 0x80) return { tagClass, constructed, tag, start: at, length: lead };
  if (lead === 0x80) {
    if (!constructed) throw malformed("asn1-bad-length");
    return { tagClass, constructed, tag, start: at, length: null };
  }
  const count = lead & 0x7f;
  if (count > MAX_LENGTH_BYTES) throw malformed("asn1-bad-length");
  let length = 0;
  for (let index = 0; index < count; index += 1) length = length * 256 + byteAt(bytes, at + index);
  return { tagClass, constructed, tag, start: at + count, length };
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw malformed("asn1-truncated");
  return byte;
}
