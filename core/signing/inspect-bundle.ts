import type { BundleInspection, Inspection, Problem } from "#contract/inspection.ts";
import { satisfiesRequirementText } from "./blob/requirement.ts";
import { boundFilesOf, detachedPartsIn } from "./bound-files.ts";
import type { BundleLayout } from "./bundle/bundle-layout.ts";
import { checkResources, type NestedFacts, type ResourceResult } from "./bundle/check-resources.ts";
import { resolveBundle } from "./bundle/resolve-bundle.ts";
import { LEFT_OUT } from "./check-log.ts";
import { worstClass } from "./class-order.ts";
import { FileSource } from "./file-source.ts";
import { inspectDetached, unsignedFile } from "./inspect-detached.ts";
import { inspectMachO } from "./inspect-mach-o.ts";
import { inspectScript } from "./inspect-script.ts";
import type { BoundFiles, SliceResult } from "./inspect-slice.ts";
import { type Inspected, type Inspecting, result } from "./inspection-result.ts";
import { INSPECTION_NOTES, INSPECTION_PROBLEMS } from "./problems.ts";
import { STANDING } from "#contract/trust-words.ts";
import { recogniseFile } from "./recognise.ts";

/** Inspects code inside a bundle; handed in, because what is nested may be a bundle again. */
export type InspectInside = (path: string, inspecting: Inspecting) => Inspected;

/** The verdict on a bundle: its main executable's signature, its files, and the code inside. Null when it is no bundle. */
export function inspectBundle(path: string, inspecting: Inspecting, inspectInside: InspectInside): Inspected | null {
  const layout = resolveBundle(path);
  if (layout === null) return null;
  const bound = boundFilesOf(layout, inspecting.files);
  const main = inspectMain(path, layout, bound, inspecting);
  const resources = compareResources(layout, bound, main, inspecting, inspectInside);
  return join(main, layout, resources, inspecting);
}

function inspectMain(path: string, layout: BundleLayout, bound: BoundFiles, inspecting: Inspecting): Inspected {
  const file = layout.executable ?? layout.signedFile;
  if (file === null) {
    return result(path, "bundle", inspecting, [], {
      class: "unsigned",
      problems: [problem("main-executable-missing")],
    });
  }
  const source = new FileSource(file.absolute);
  try {
    inspecting.files.push(source.identity);
    const inspected = inspectMainFile(path, layout, source, bound, inspecting);
    source.assertUnchanged();
    return inspected;
  } finally {
    source.close();
  }
}

function inspectMainFile(
  path: string,
  layout: BundleLayout,
  source: FileSource,
  bound: BoundFiles,
  inspecting: Inspecting,
): Inspected {
  if (layout.executable === null) {
    const parts =
      layout.detachedSignature === null ? null : detachedPartsIn(layout.detachedSignature, inspecting.files);
    const slice = (parts && inspectDetached(source, parts, bound, inspecting)) ?? unsignedFile(source);
    return result(path, "bundle", inspecting, [slice], {});
  }
  const kind = source.size === 0 ? "not-code" : recogniseFile(source, layout.executable.absolute);
  if (kind === "mach-o") return inspectMachO(path, source, bound, inspecting);
  if (kind === "script") return inspectScript(layout.executable.absolute, source, inspecting);
  return result(path, "bundle", inspecting, [unsignedFile(source)], {
    problems: [problem("main-executable-not-code")],
  });
}

/** Null when there was nothing to compare with, or it was not asked for. */
function compareResources(
  layout: BundleLayout,
  bound: BoundFiles,
  main: Inspected,
  inspecting: Inspecting,
  inspectInside: InspectInside,
): ResourceResult | null {
  const { log, depth, control, nesting, outerRoots } = inspecting;
  if (depth === "header") {
    log.skipped("resources", LEFT_OUT.resources);
    log.skipped("nested-code", LEFT_OUT.resources);
    return null;
  }
  // An unsigned bundle has nothing that its files could be compared with.
  if (main.slices.every(({ inspection }) => inspection.class === "unsigned")) return null;
  const deep = depth === "deep";
  if (!deep) log.skipped("nested-code", LEFT_OUT.nested);
  const inspectNested = (path: string): NestedFacts => {
    const inside = inspectInside(path, {
      ...inspecting,
      depth: deep ? "deep" : "header",
      files: [],
      nesting: nesting + 1,
      outerRoots: [...outerRoots, layout.contentsDir],
    });
    const { verdict } = inside.inspection;
    return {
      class: verdict.class,
      cdhashes: inside.slices.flatMap(({ cdhashes }) => cdhashes),
      designated: inside.slices.flatMap(({ designated }) => designated ?? []),
      satisfies: (requirement) => satisfiedByAll(inside.slices, requirement),
      problems: verdict.problems,
    };
  };
  const sealed = main.slices.every(({ sealsResources }) => sealsResources);
  const seal = sealed ? bound.codeResources : null;
  const compared = checkResources(layout, seal, { control, inspectNested, nesting, outerRoots });
  if (!sealed) {
    log.skipped("resources", INSPECTION_NOTES["files-not-sealed"]);
    const signed = main.slices.some(({ inspection }) => inspection.cms !== "absent");
    if (signed) compared.problems.push(problem("resources-not-sealed"));
    else compared.notes.push({ id: "files-not-sealed", message: INSPECTION_NOTES["files-not-sealed"] });
  } else if (compared.status === "not-checked")
    log.skipped("resources", compared.notes[0]?.message ?? LEFT_OUT.resources);
  else if (compared.status !== "absent") log.done("resources");
  if (deep) {
    const missed =
      compared.notes.some(({ id }) => id === "nested-not-checked") ||
      compared.nested.some(({ sealed }) => sealed === "not-checked");
    if (compared.status === "absent") log.skipped("nested-code", "The bundle has no list of the code inside it.");
    else if (missed) log.skipped("nested-code", "Some of the code inside could not be inspected.");
    else log.done("nested-code");
  }
  return compared;
}

function satisfiedByAll(slices: readonly SliceResult[], requirement: string): boolean {
  return (
    slices.length > 0 &&
    slices.every(({ facts }) => facts !== null && satisfiesRequirementText(requirement, facts) === true)
  );
}

function join(main: Inspected, layout: BundleLayout, compared: ResourceResult | null, { log }: Inspecting): Inspected {
  const { inspection } = main;
  const problems = [...layout.problems, ...(compared?.problems ?? [])];
  const notes = [...layout.notes, ...(compared?.notes ?? [])];
  const mainClass = inspection.verdict.class;
  const weaker = (compared?.nested ?? []).some(
    (nested) => STANDING[mainClass] === "trusted" && STANDING[nested.class] === "not-trusted",
  );
  if (weaker) notes.push({ id: "nested-less-trusted", message: INSPECTION_NOTES["nested-less-trusted"] });
  const refused = problems.length > 0 && mainClass !== "unknown";
  const trust = refused ? (worstClass([mainClass, "invalid"]) ?? "invalid") : mainClass;
  const bundle: BundleInspection = {
    kind: layout.kind,
    identifier: layout.identifier,
    executable: layout.executable?.relative ?? null,
    version: layout.version,
    rulesVersion: compared?.rulesVersion ?? null,
    resources: compared?.status ?? (layout.codeResources === null ? "absent" : "not-checked"),
    counts: compared?.counts ?? { sealed: 0, altered: 0, missing: 0, added: 0, nested: 0 },
    nested: compared?.nested ?? [],
    problems,
    notes,
  };
  const joined: Inspection = {
    ...inspection,
    kind: "bundle",
    verdict: {
      class: trust,
      problems: [...inspection.verdict.problems, ...problems],
      notes: [...inspection.verdict.notes, ...notes],
    },
    bundle,
    checked: log.checked,
    notChecked: log.notChecked,
  };
  return { ...main, inspection: joined, complete: main.complete && compared === null };
}

function problem(id: keyof typeof INSPECTION_PROBLEMS): Problem {
  return { id, message: INSPECTION_PROBLEMS[id] };
}
