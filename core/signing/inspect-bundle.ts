import type { BundleInspection, Inspection, Problem } from "#contract/inspection.ts";
import type { TrustClass } from "#contract/trust.ts";
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
import type { BoundFiles } from "./inspect-slice.ts";
import { type Inspected, type Inspecting, notarizedUnless, result } from "./inspection-result.ts";
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
  const { executable, detachedSignature } = layout;
  const kind = executable === null || source.size === 0 ? "not-code" : recogniseFile(source, executable.absolute);
  if (kind === "mach-o") return inspectMachO(path, source, bound, inspecting);
  const parts = detachedSignature === null ? null : detachedPartsIn(detachedSignature, inspecting.files);
  const detached = parts && inspectDetached(source, parts, bound, inspecting);
  if (executable === null || detached !== null)
    return result(path, "bundle", inspecting, [detached ?? unsignedFile(source)], {});
  if (kind === "script") return inspectScript(executable.absolute, source, inspecting, bound);
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
  if (depth === "header" || main.inspection.verdict.class === "unknown") {
    const why = depth === "header" ? LEFT_OUT.resources : LEFT_OUT.resourcesOfUnknown;
    log.skipped("resources", why);
    log.skipped("nested-code", why);
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
    return nestedFacts(inside);
  };
  const seal = sealsFiles(main) ? bound.codeResources : null;
  const compared = checkResources(layout, seal, { control, inspectNested, nesting, outerRoots });
  if (!sealsFiles(main)) log.skipped("resources", INSPECTION_NOTES["files-not-sealed"]);
  else if (compared.status === "not-checked")
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

function nestedFacts({ inspection, slices }: Inspected): NestedFacts {
  const { verdict } = inspection;
  return {
    class: verdict.class,
    slices: slices.map(({ cdhashes, designated, facts }) => ({
      cdhashes,
      designated,
      satisfies: (requirement) => facts !== null && satisfiesRequirementText(requirement, facts),
    })),
    problems: verdict.problems,
  };
}

/** Whether every architecture's signature covers the list of the bundle's files. */
function sealsFiles({ slices }: Inspected): boolean {
  return slices.every(({ sealsResources }) => sealsResources);
}

/** A signer who signs a bundle always signs the list of its files: Security, SecStaticCode::validateResources. */
function unsealed(main: Inspected): { problems: Problem[]; notes: Problem[] } {
  const signed = main.slices.filter(({ inspection }) => inspection.cdhash !== null);
  if (signed.length === 0 || sealsFiles(main)) return { problems: [], notes: [] };
  return signed.some(({ inspection }) => inspection.cms !== "absent")
    ? { problems: [problem("resources-not-sealed")], notes: [] }
    : { problems: [], notes: [note("files-not-sealed")] };
}

/**
 * The class of the whole: no better than the files and the code inside allow. Where some of them could not be looked
 * at, it is at best unknown: whatever is there would otherwise be trusted for being hard to read.
 */
function classOfBundle(main: TrustClass, problems: readonly Problem[], compared: ResourceResult | null): TrustClass {
  const found: TrustClass[] = [main];
  if (problems.length > 0 && main !== "unknown") found.push("invalid");
  if (compared?.status === "not-checked") found.push("unknown");
  return worstClass(found) ?? main;
}

function join(main: Inspected, layout: BundleLayout, compared: ResourceResult | null, { log }: Inspecting): Inspected {
  const { inspection } = main;
  const seal = unsealed(main);
  const problems = [...layout.problems, ...seal.problems, ...(compared?.problems ?? [])];
  const notes = [...layout.notes, ...seal.notes, ...(compared?.notes ?? [])];
  const mainClass = inspection.verdict.class;
  const weaker = (compared?.nested ?? []).some(
    (nested) => STANDING[mainClass] === "trusted" && STANDING[nested.class] === "not-trusted",
  );
  if (weaker) notes.push(note("nested-less-trusted"));
  const trust = classOfBundle(mainClass, problems, compared);
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
    notarized: notarizedUnless(trust, inspection.notarized),
    bundle,
    checked: log.checked,
    notChecked: log.notChecked,
  };
  return { ...main, inspection: joined, complete: main.complete && compared === null };
}

function problem(id: keyof typeof INSPECTION_PROBLEMS): Problem {
  return { id, message: INSPECTION_PROBLEMS[id] };
}

function note(id: keyof typeof INSPECTION_NOTES): Problem {
  return { id, message: INSPECTION_NOTES[id] };
}
