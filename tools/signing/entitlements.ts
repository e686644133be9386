import { blob, MAGIC } from "./blobs.ts";
import { boolean, element, integer, sequence, utf8 } from "./der.ts";
import { type PlistDict, type PlistValue, xmlPlist } from "./plist.ts";

export function xmlEntitlements(entitlements: PlistDict): Buffer {
  return blob(MAGIC.entitlements, xmlPlist(entitlements));
}

/** The DER form beside it (recorded: a real file's slot 7): `[APPLICATION 16] { version 1, [16] { SEQUENCE { key, value } … } }`, keys sorted. */
export function derEntitlements(entitlements: PlistDict): Buffer {
  return blob(MAGIC.derEntitlements, element(0x70, integer(1), derDict(entitlements)));
}

function derDict(dict: PlistDict): Buffer {
  const entries = Object.entries(dict).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return element(0xb0, ...entries.map(([key, value]) => sequence(utf8(key), derValue(value))));
}

function derValue(value: PlistValue): Buffer {
  if (typeof value === "boolean") return boolean(value);
  if (typeof value === "string") return utf8(value);
  if (typeof value === "number") return integer(value);
  if (Array.isArray(value)) return sequence(...value.map(derValue));
  if (Buffer.isBuffer(value)) throw new Error("no data in test entitlements");
  return derDict(value as PlistDict);
}
