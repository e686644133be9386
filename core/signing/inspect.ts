import type { Inspection, InspectionDepth, Problem } from "#contract/inspection.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { boundFilesOf } from "./bound-files.ts";
import { enclosingBundleOf } from "./bundle/enclosing-bundle.ts";
import { BufferSource } from "./byte-source.ts";
import { CheckLog, LEFT_OUT } from "./check-log.ts";
import { FileSource, statPath } from "./file-source.ts";
import { inspectBundle } from "./inspect-bundle.ts";
import { inspectMachO } from "./inspect-mach-o.ts";
import { inspectScript } from "./inspect-script.ts";
import {
  beginInspecting,
  type Inspected,
  type Inspecting,
  type InspectOptions,
  NOTHING_BOUND,
  result,
} from "./inspection-result.ts";
import { Cancelled, ReadFault } from "./problem.ts";
import { INSPECTION_NOTES, INSPECTION_PROBLEMS } from "./problems.ts";
import { recogniseFile } from "./recognise.ts";

/**
 * Inspects a file or bundle. Content never makes it throw, and an I/O error is an answer too: kind `unreadable`, class
 * `unknown`, with the reason.
 * @throws Cancelled when its control says so
 */
export function inspectFile(path: string, options: InspectOptions): Inspection {
  return inspectPath(path, options).inspection;
}

/** As `inspectFile`, with what a cache needs. */
export function inspectPath(path: string, options: InspectOptions): Inspected {
  return inspectSafely(path, beginInspecting(options));
}

/** Mach-O code at hand, without a path; other content is `not-code`. */
export function inspectBytes(bytes: Buffer, options: InspectOptions): Inspection {
  return inspectMachO("", new BufferSource(bytes), NOTHING_BOUND, beginInspecting(options)).inspection;
}

function inspectSafely(path: string, inspecting: Inspecting): Inspected {
  try {
    return inspectAny(path, inspecting);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    if (error instanceof ReadFault) return unreadable(path, inspecting.depth, { id: error.id, message: error.message });
    // A fault of ours must not pass for a verdict, nor take the rest of a tree with it.
    const reason = error instanceof Error ? ` (${error.message.slice(0, 120)})` : "";
    const message = `${INSPECTION_PROBLEMS["inspection-failed"]}${reason}`;
    return unreadable(path, inspecting.depth, { id: "inspection-failed", message });
  }
}

/** Code inside a bundle has checks of its own: what is left out there is told by the outer one's `nested-code`. */
function inspectInside(path: string, inspecting: Inspecting): Inspected {
  return inspectSafely(path, { ...inspecting, log: new CheckLog() });
}

function inspectAny(path: string, inspecting: Inspecting): Inspected {
  if (statPath(path).isDirectory()) {
    const bundle = inspectBundle(path, inspecting, inspectInside);
    return bundle ?? result(path, "not-code", inspecting, [], { notes: [noteOf("folder-not-a-bundle")] });
  }
  const source = new FileSource(path);
  try {
    inspecting.files.push(source.identity);
    const inspected = inspectSource(path, source, inspecting);
    source.assertUnchanged();
    return inspected;
  } finally {
    source.close();
  }
}

function inspectSource(path: string, source: FileSource, inspecting: Inspecting): Inspected {
  const kind = source.size === 0 ? "not-code" : recogniseFile(source, path);
  // What a seal names as code may be any file: then its signature is where a script's is.
  if (kind === "not-code" && inspecting.nesting > 0) return inspectScript(path, source, inspecting);
  if (source.size === 0) return result(path, "not-code", inspecting, [], { notes: [noteOf("empty-file")] });
  switch (kind) {
    case "mach-o": {
      const bundle = enclosingBundleOf(path);
      if (bundle === null) return inspectMachO(path, source, NOTHING_BOUND, inspecting);
      inspecting.log.skipped("resources", LEFT_OUT.mainExecutable);
      return withoutSeal(inspectMachO(path, source, boundFilesOf(bundle, inspecting.files), inspecting));
    }
    case "script":
      return inspectScript(path, source, inspecting);
    case "installer-package":
      return notYet(path, kind, inspecting, "installer-package-not-inspected");
    case "disk-image":
      return notYet(path, kind, inspecting, "disk-image-not-inspected");
    case "not-code":
      return result(path, kind, inspecting, [], {});
    default:
      return assertNever(kind, "a file of an unknown kind");
  }
}

/** Says so when a main executable was signed without its bundle: that may be someone else's. */
function withoutSeal(main: Inspected): Inspected {
  const signed = main.slices.some(({ inspection }) => inspection.cdhash !== null);
  if (!signed || main.slices.every(({ sealsResources }) => sealsResources)) return main;
  const { verdict } = main.inspection;
  const notes = [...verdict.notes, noteOf("files-not-sealed")];
  return { ...main, inspection: { ...main.inspection, verdict: { ...verdict, notes } } };
}

function notYet(
  path: string,
  kind: "installer-package" | "disk-image",
  inspecting: Inspecting,
  id: keyof typeof INSPECTION_NOTES,
): Inspected {
  inspecting.log.skipped("container", INSPECTION_NOTES[id]);
  return result(path, kind, inspecting, [], { class: "unknown", notes: [noteOf(id)] });
}

function unreadable(path: string, depth: InspectionDepth, problem: Problem): Inspected {
  const inspection: Inspection = {
    path,
    kind: "unreadable",
    depth,
    verdict: { class: "unknown", problems: [problem], notes: [] },
    notarized: "not-checked",
    slices: [],
    bundle: null,
    checked: [],
    notChecked: [{ check: "container", why: problem.message }],
  };
  return { inspection, slices: [], files: [], complete: false };
}

function noteOf(id: keyof typeof INSPECTION_NOTES): Problem {
  return { id, message: INSPECTION_NOTES[id] };
}
