import { z } from "zod";
import { InspectedKind, type Inspection, InspectionDepth, Problem } from "./inspection.ts";
import { Notarized, TrustClass } from "./trust.ts";

const MAX_TEXT = 512;
const MAX_SLICES = 32;
const MAX_HASHES = 4;
const MAX_PROBLEMS = 16;
const MAX_IDS = 64;

const text = z.string().max(MAX_TEXT);
const CDHASH = /^[0-9a-f]{40}$/;

export const SliceSummary = z.object({
  arch: text,
  class: TrustClass,
  notarized: Notarized,
  /** Of every CodeDirectory, the one macOS goes by first; lower-case, 40 hex digits. Empty: not signed. */
  cdhashes: z.array(z.string().regex(CDHASH)).max(MAX_HASHES),
  identifier: text.nullable(),
  teamId: text.nullable(),
});
export type SliceSummary = z.infer<typeof SliceSummary>;

/**
 * As much of an inspection as is kept with the events: what was found, and what was and was not checked.
 * Names of checks are open, so that a newer inspector's summary can be read.
 */
export const InspectionSummary = z.object({
  kind: InspectedKind,
  depth: InspectionDepth,
  /** Of the whole: the worst slice's, and for a bundle no better than what it seals. */
  class: TrustClass,
  notarized: Notarized,
  identifier: text.nullable(),
  teamId: text.nullable(),
  /** A bundle's main executable, relative to the bundle. */
  executable: z.string().max(4096).nullable(),
  slices: z.array(SliceSummary).max(MAX_SLICES),
  problems: z.array(Problem.extend({ id: text, message: text })).max(MAX_PROBLEMS),
  /** Ids. */
  notes: z.array(text).max(MAX_IDS),
  checked: z.array(text).max(MAX_IDS),
  notChecked: z.array(z.object({ check: text, why: text })).max(MAX_IDS),
});
export type InspectionSummary = z.infer<typeof InspectionSummary>;

/** The summary of an inspection; always readable by the schema. */
export function summarise(inspection: Inspection): InspectionSummary {
  const { verdict, bundle } = inspection;
  const first = inspection.slices[0];
  return {
    kind: inspection.kind,
    depth: inspection.depth,
    class: verdict.class,
    notarized: inspection.notarized,
    identifier: cut(first?.identifier ?? bundle?.identifier ?? null),
    teamId: cut(first?.teamId ?? null),
    executable: bundle === null || bundle.executable === null ? null : bundle.executable.slice(0, 4096),
    slices: inspection.slices.slice(0, MAX_SLICES).map((slice) => ({
      arch: slice.arch.slice(0, MAX_TEXT),
      class: slice.class,
      notarized: slice.notarized,
      cdhashes: hashesOf([slice.cdhash, slice.cdhashes.sha384, slice.cdhashes.sha256, slice.cdhashes.sha1]),
      identifier: cut(slice.identifier),
      teamId: cut(slice.teamId),
    })),
    problems: verdict.problems
      .slice(0, MAX_PROBLEMS)
      .map(({ id, message }) => ({ id: id.slice(0, MAX_TEXT), message: message.slice(0, MAX_TEXT) })),
    notes: verdict.notes.slice(0, MAX_IDS).map(({ id }) => id.slice(0, MAX_TEXT)),
    checked: inspection.checked.slice(0, MAX_IDS),
    notChecked: inspection.notChecked
      .slice(0, MAX_IDS)
      .map(({ check, why }) => ({ check, why: why.slice(0, MAX_TEXT) })),
  };
}

function cut(value: string | null): string | null {
  return value === null ? null : value.slice(0, MAX_TEXT);
}

function hashesOf(hashes: readonly (string | null)[]): string[] {
  return [...new Set(hashes.filter((hash): hash is string => hash !== null && CDHASH.test(hash)))];
}
