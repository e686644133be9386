import type { Inspection, Problem, SliceInspection } from "#contract/inspection.ts";
import { strictJson } from "./json-lines.ts";

const ids = (list: readonly Problem[]): string[] => [...new Set(list.map(({ id }) => id))];

function slice(of: SliceInspection): object {
  return { ...of, problems: ids(of.problems), notes: ids(of.notes) };
}

/** What `inspect --json` prints for a path: a stable shape for other tools. The sentences are under `messages`, by id. */
export function inspectionLine(inspection: Inspection): string {
  const { path, kind, depth, verdict, notarized, slices, bundle, checked, notChecked } = inspection;
  // What is wrong with a slice is told by the verdict, with the slice's name.
  const told = [...verdict.problems, ...verdict.notes, ...(bundle?.nested ?? []).flatMap(({ problems }) => problems)];
  return strictJson({
    path,
    kind,
    depth,
    verdict: { class: verdict.class, problems: ids(verdict.problems), notes: ids(verdict.notes) },
    notarized,
    slices: slices.map(slice),
    bundle:
      bundle === null
        ? null
        : {
            ...bundle,
            nested: bundle.nested.map((nested) => ({ ...nested, problems: ids(nested.problems) })),
            problems: ids(bundle.problems),
            notes: ids(bundle.notes),
          },
    checked,
    notChecked: notChecked.map(({ check }) => check),
    messages: [...new Map(told.map(({ id, message }) => [`${id}\n${message}`, { id, message }])).values()],
    whyNotChecked: Object.fromEntries(notChecked.map(({ check, why }) => [check, why])),
  });
}
