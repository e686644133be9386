import type { Entitlement, Problem } from "#contract/inspection.ts";
import type { CodeSignature } from "../code-signature.ts";
import { parsePlist } from "../plist/plist.ts";
import { asDict, type PlistDict, type PlistValue } from "../plist/value.ts";
import { attempt, Malformed } from "../problem.ts";
import { contentOf, SLOT } from "./blob-format.ts";
import { parseDerEntitlements } from "./der-entitlements.ts";
import { weakenedBy } from "./entitlement-weight.ts";
import { BLOB_NOTES, BLOB_PROBLEMS, blobNote, malformedBlob } from "./problems.ts";
import { isBound } from "./special-slots.ts";
import { valueKey, valueText } from "./value-text.ts";

/** Real ones are a few kilobytes. */
const MAX_SIZE = 1024 * 1024;
const MAX_ENTRIES = 500;
const MAX_TEXT = 200;
const BINARY_PLIST = "bplist";

/**
 * What the code asks to be allowed, sorted by key, from both forms in which a signature may state it. Where the forms
 * differ, DER's value is shown: macOS 12 and later go by it, earlier ones by the XML (UNVERIFIED which exactly).
 * A form that the signature carries but does not cover counts for nothing; `checkSpecialSlots` says so.
 */
export function readEntitlements(signature: CodeSignature): {
  entries: Entitlement[];
  problems: Problem[];
  notes: Problem[];
} {
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  const read = (blob: Buffer | null, slot: number, parse: (content: Buffer) => PlistDict): PlistDict | null => {
    if (blob === null || !isBound(signature, slot)) return null;
    const result = attempt(() => parse(withinSize(contentOf(blob))));
    if ("value" in result) return result.value;
    problems.push(result.problem);
    return null;
  };
  const xml = read(signature.entitlements, SLOT.entitlements, parseXmlEntitlements);
  const der = read(signature.derEntitlements, SLOT.derEntitlements, parseDer);
  if (xml !== null && der !== null && valueKey(xml) !== valueKey(der))
    notes.push(blobNote("entitlements-xml-der-differ"));

  const all = [...new Map([...(xml ?? []), ...(der ?? [])])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const cut = all.length - MAX_ENTRIES;
  if (cut > 0) notes.push({ id: "entitlements-cut", message: BLOB_NOTES["entitlements-cut"](cut) });
  return { entries: weightiestFirst(all).slice(0, MAX_ENTRIES).toSorted(byKey), problems, notes };
}

/** The entitlements as values, for requirements that ask for them; null when they cannot be read. */
export function entitlementValues(signature: CodeSignature): PlistDict | null {
  const { entitlements } = signature;
  if (entitlements === null || !isBound(signature, SLOT.entitlements)) return new Map();
  const read = attempt(() => parseXmlEntitlements(withinSize(contentOf(entitlements))));
  return "value" in read ? read.value : null;
}

function withinSize(content: Buffer): Buffer {
  if (content.length > MAX_SIZE) throw malformedBlob("entitlements-malformed");
  return content;
}

function parseXmlEntitlements(content: Buffer): PlistDict {
  // The kernel reads XML only; in a binary list, values may hold one another so often that showing them takes forever.
  if (content.toString("latin1", 0, BINARY_PLIST.length) === BINARY_PLIST)
    throw malformedBlob("entitlements-malformed");
  const dict = asDict(asOwn("entitlements-malformed", () => parsePlist(content)));
  if (dict === null) throw malformedBlob("entitlements-malformed");
  return dict;
}

function parseDer(content: Buffer): PlistDict {
  return asOwn("entitlements-der-malformed", () => parseDerEntitlements(content));
}

/** A fault of the form, told as a fault of the entitlements. */
function asOwn<T>(id: "entitlements-malformed" | "entitlements-der-malformed", parse: () => T): T {
  const read = attempt(parse);
  if ("value" in read) return read.value;
  const { message } = read.problem;
  const own = BLOB_PROBLEMS[id];
  throw new Malformed(id, message === own ? own : `${own} ${message}`);
}

/** Those that weaken a protection must not be pushed out by a thousand that do nothing. */
function weightiestFirst(all: readonly (readonly [string, PlistValue])[]): Entitlement[] {
  const entries = all.map(
    ([key, value]): Entitlement => ({
      key: key.length > MAX_TEXT ? `${key.slice(0, MAX_TEXT)}…`.toWellFormed() : key,
      value: valueText(value, MAX_TEXT),
      weakens: value === false ? null : weakenedBy(key),
    }),
  );
  return [...entries.filter(({ weakens }) => weakens !== null), ...entries.filter(({ weakens }) => weakens === null)];
}

function byKey(a: Entitlement, b: Entitlement): number {
  return a.key < b.key ? -1 : 1;
}
