import { Malformed } from "../problem.ts";

/** Why a property list cannot be used. Each makes the whole list unusable: nothing of it may be believed in part. */
export const PLIST_PROBLEMS = {
  "plist-empty": "The property list is empty.",
  "plist-too-large": "The property list is larger than any that is read.",
  "plist-encoding": "The property list is written in a text encoding that is not supported.",
  "plist-not-utf8": "The property list is not valid UTF-8 text.",
  "plist-old-style": "The property list has the old text form, which is not accepted where a signature depends on it.",
  "plist-not-a-plist": "It is not a property list.",
  "plist-syntax": "The property list is not well-formed.",
  "plist-doctype": "The property list brings its own document type definitions, which are not accepted.",
  "plist-entity": "The property list contains a character reference that stands for no character.",
  "plist-attribute": "An element of the property list has attributes, which programs read differently.",
  "plist-comment": "The property list contains a comment that programs read differently.",
  "plist-element": "The property list contains an element that it may not contain.",
  "plist-trailing-data": "Something follows the end of the property list.",
  "plist-value": "A number, a date or the data in the property list is not written correctly.",
  "plist-duplicate-key": "A key stands twice in the same dictionary of the property list.",
  "plist-key": "A key of the property list is missing, too long or not text.",
  "plist-too-deep": "The property list is nested too deeply.",
  "plist-too-many": "The property list has too many elements.",
  "plist-truncated": "The property list ends too early.",
  "plist-binary-layout": "The binary property list's table does not fit its contents.",
  "plist-binary-object": "The binary property list contains an object of a kind that does not belong there.",
  "plist-binary-cycle": "The binary property list contains itself.",
  "plist-binary-overlap": "Objects of the binary property list overlap.",
  "plist-text": "A text in the property list contains half a character.",
} as const;

export type PlistProblemId = keyof typeof PLIST_PROBLEMS;

export function plistFault(id: PlistProblemId): Malformed {
  return new Malformed(id, PLIST_PROBLEMS[id]);
}
