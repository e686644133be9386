import {
  children,
  type DerElement,
  expectUniversal,
  isContext,
  isUniversal,
  readOnlyDer,
  sequence,
  TAG,
} from "../der/reader.ts";
import { boolean } from "../der/values.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";
import { malformedBlob } from "./problems.ts";

/** The number that both the outer element ([APPLICATION 16]) and dictionaries ([CONTEXT 16]) have. */
const DICTIONARY_TAG = 16;
const APPLICATION_CLASS = 1;
const VERSION = 1;
const MAX_DEPTH = 32;
const MAX_VALUES = 20_000;

interface Budget {
  left: number;
}

/**
 * Entitlements in DER: [APPLICATION 16] { INTEGER 1, [16] { SEQUENCE { key, value }, … } }, as recorded from deno's
 * signature (2026). Older writers had only a SET of the same pairs: Security der_plist, UNVERIFIED.
 * @throws Malformed
 */
export function parseDerEntitlements(der: Buffer): PlistDict {
  const budget = { left: MAX_VALUES };
  const root = readOnlyDer(der);
  if (isUniversal(root, TAG.set)) return readPairs(root, 0, budget);
  if (root.tagClass !== APPLICATION_CLASS || root.tag !== DICTIONARY_TAG)
    throw malformedBlob("entitlements-der-malformed");
  const [version, dictionary, ...more] = children(root);
  const { content } = expectUniversal(version, TAG.integer);
  if (content.length !== 1 || content[0] !== VERSION || more.length > 0)
    throw malformedBlob("entitlements-der-malformed");
  if (!isContext(dictionary, DICTIONARY_TAG)) throw malformedBlob("entitlements-der-malformed");
  return readPairs(dictionary, 0, budget);
}

function readPairs(element: DerElement, depth: number, budget: Budget): PlistDict {
  const pairs = new Map<string, PlistValue>();
  for (const pair of children(element)) {
    const [key, value, ...more] = sequence(pair);
    const name = utf8(expectUniversal(key, TAG.utf8String));
    if (value === undefined || more.length > 0 || pairs.has(name)) throw malformedBlob("entitlements-der-malformed");
    pairs.set(name, readValue(value, depth + 1, budget));
  }
  return pairs;
}

function readValue(element: DerElement, depth: number, budget: Budget): PlistValue {
  budget.left -= 1;
  if (depth > MAX_DEPTH || budget.left < 0) throw malformedBlob("entitlements-der-malformed");
  if (isContext(element, DICTIONARY_TAG) || isUniversal(element, TAG.set)) return readPairs(element, depth, budget);
  if (element.tagClass !== 0) throw malformedBlob("entitlements-der-malformed");
  switch (element.tag) {
    case TAG.boolean:
      return boolean(element);
    case TAG.integer:
      return integer(element.content);
    case TAG.utf8String:
      return utf8(element);
    case TAG.octetString:
      return element.content;
    case TAG.sequence:
      return children(element).map((child) => readValue(child, depth + 1, budget));
    default:
      throw malformedBlob("entitlements-der-malformed");
  }
}

function utf8(element: DerElement): string {
  if (element.constructed) throw malformedBlob("entitlements-der-malformed");
  return element.content.toString("utf8");
}

const LONGEST_INTEGER = 9;

function integer(content: Buffer): number | bigint {
  if (content.length === 0 || content.length > LONGEST_INTEGER) throw malformedBlob("entitlements-der-malformed");
  const value = BigInt.asIntN(content.length * 8, BigInt(`0x${content.toString("hex")}`));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
