import type { InspectedKind, Inspection, InspectionDepth, Problem, SliceInspection } from "#contract/inspection.ts";
import type { Notarized, TrustClass } from "#contract/trust.ts";
import type { Micros } from "#core/base/clock.ts";
import { CheckLog } from "./check-log.ts";
import { worstClass } from "./class-order.ts";
import { type Control, NO_CONTROL } from "./control.ts";
import type { FileIdentity } from "./file-source.ts";
import type { BoundFiles, SliceResult } from "./inspect-slice.ts";

export interface InspectOptions {
  depth: InspectionDepth;
  /** Judges what has expired. */
  now: Micros;
  control?: Control;
  /** Extended attributes of a file, where someone can read them; null: cannot be read. Node itself has no such call. */
  attributes?: (path: string) => ReadonlyMap<string, Buffer> | null;
}

/** Everything an inspection goes by, handed from part to part. */
export interface Inspecting extends Required<InspectOptions> {
  log: CheckLog;
  /** Every file whose content the result stands on, except a bundle's resources. */
  files: FileIdentity[];
  /** How many bundles it is inside of. */
  nesting: number;
  /** The contents folders of those: links inside may lead there. */
  outerRoots: readonly string[];
}

/** A result, and what an outer seal or a cache needs of it. */
export interface Inspected {
  inspection: Inspection;
  slices: SliceResult[];
  files: FileIdentity[];
  /** Whether the result stands on `files` alone. */
  complete: boolean;
}

export const NOTHING_BOUND: BoundFiles = { infoPlist: null, codeResources: null, ticket: null };

export function beginInspecting(options: InspectOptions): Inspecting {
  return {
    attributes: () => null,
    control: NO_CONTROL,
    ...options,
    log: new CheckLog(),
    files: [],
    nesting: 0,
    outerRoots: [],
  };
}

interface Findings {
  /** Beside the slices' own classes; the worst counts. */
  class?: TrustClass;
  problems?: readonly Problem[];
  notes?: readonly Problem[];
}

/** Puts the parts together: the worst slice's class is the whole's. */
export function result(
  path: string,
  kind: InspectedKind,
  inspecting: Inspecting,
  slices: SliceResult[],
  found: Findings,
): Inspected {
  const { log, depth, files } = inspecting;
  const inspections = slices.map(({ inspection }) => inspection);
  const classes = inspections.map((slice) => slice.class);
  const trust = worstClass(found.class === undefined ? classes : [...classes, found.class]) ?? "not-code";
  const inspection: Inspection = {
    path,
    kind,
    depth,
    verdict: {
      class: trust,
      problems: [...(found.problems ?? []), ...told(inspections, "problems")],
      notes: [...(found.notes ?? []), ...told(inspections, "notes")],
    },
    notarized: notarizedUnless(trust, together(inspections.map(({ notarized }) => notarized))),
    slices: inspections,
    bundle: null,
    checked: log.checked,
    notChecked: log.notChecked,
  };
  return { inspection, slices, files, complete: true };
}

/** A thing said of every slice is said once; what is true of one names it. */
function told(slices: readonly SliceInspection[], key: "problems" | "notes"): Problem[] {
  const byText = new Map<string, { problem: Problem; archs: string[] }>();
  for (const slice of slices) {
    for (const problem of slice[key]) {
      const text = `${problem.id}\n${problem.message}`;
      const known = byText.get(text);
      if (known) known.archs.push(slice.arch);
      else byText.set(text, { problem, archs: [slice.arch] });
    }
  }
  return [...byText.values()].map(({ problem, archs }) =>
    archs.length === slices.length ? problem : { id: problem.id, message: `${archs.join(", ")}: ${problem.message}` },
  );
}

/** A ticket is Apple's word for code as it was: it says nothing for what is not that code any more, or may not be. */
export function notarizedUnless(trust: TrustClass, notarized: Notarized): Notarized {
  return notarized === "yes" && (trust === "invalid" || trust === "unknown") ? "not-checked" : notarized;
}

function together(answers: readonly Notarized[]): Notarized {
  const [first] = answers;
  if (first === undefined) return "not-checked";
  if (answers.every((answer) => answer === first)) return first;
  return answers.includes("no") ? "no" : "not-checked";
}
