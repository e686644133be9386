import type { FieldSource } from "#core/base/fields.ts";
import { textOf } from "./event-view.ts";

/** Rungs of a ladder, best first; a rung is the fields that together identify. */
export type IdentityLadder = readonly (readonly string[])[];

/**
 * What a record is about, when its rule names nothing else: the identity ladder of code, then what stands in its place
 * for unsigned code (for grouping only) and for records that are not about code.
 */
export const DEFAULT_IDENTITY: IdentityLadder = [
  ["CDHash"],
  ["SigningId", "TeamId"],
  ["TeamId"],
  ["CodeRoot"],
  ["TargetRoot"],
  ["TargetFilename"],
  ["Setting"],
  ["Image"],
];

/** Most groups one record may join: a list-valued field joins one for each value. */
export const MAX_GROUPS_PER_RECORD = 16;

/** Longest value kept as it is; macOS paths end at 1,024 bytes, command lines may have a megabyte. */
const MAX_VALUE_CHARS = 1_024;

export interface RecordGroups {
  fields: readonly string[];
  /** One array of values for each group. */
  values: string[][];
}

/** The groups on the first rung of which every field has a value; null when there is none: it cannot be grouped. */
export function groupsOf(fields: FieldSource, ladder: IdentityLadder): RecordGroups | null {
  for (const rung of ladder) {
    const values = groupValues(fields, rung);
    if (values.length > 0) return { fields: rung, values };
  }
  return null;
}

/**
 * The value lists of `names`: one for a record with plain values, more when a field is a list, none when a field is
 * missing or empty. No field at all is one group for everything.
 */
export function groupValues(fields: FieldSource, names: readonly string[]): string[][] {
  let rows: string[][] = [[]];
  for (const name of names) {
    const value = textOf(fields.get(name));
    if (value === null || value === "" || value.length === 0) return [];
    if (typeof value === "string") {
      const choice = bounded(value);
      for (const row of rows) row.push(choice);
      continue;
    }
    const choices = [...new Set(value)].filter((choice) => choice !== "").map(bounded);
    rows = rows.flatMap((row) => choices.map((choice) => [...row, choice])).slice(0, MAX_GROUPS_PER_RECORD);
  }
  return rows;
}

/** A long value's beginning and two sums over all of it, so that values with the same beginning stay apart. */
function bounded(value: string): string {
  if (value.length <= MAX_VALUE_CHARS) return value;
  let first = 0x811c9dc5;
  let second = 0x2545f491;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second + code, 0x9e3779b1) ^ (second >>> 15);
  }
  return `${value.slice(0, MAX_VALUE_CHARS)}…${value.length}.${first >>> 0}.${second >>> 0}`;
}
