import type { ByteSource } from "./byte-source.ts";
import { type BoundFiles, inspectSlice, type SliceContext, type SliceResult, unverifiable } from "./inspect-slice.ts";
import { type Inspected, type Inspecting, result } from "./inspection-result.ts";
import { INSPECTION_PROBLEMS } from "./problems.ts";
import { readContainer } from "./macho/read-container.ts";

/** Slices whose signatures are still read where there are more than any real file has, or they lie over each other. */
const MOST_READ = 20;
const REFUSED_AS_A_WHOLE: ReadonlySet<string> = new Set(["fat-overlapping-slices", "fat-too-many-architectures"]);

/** One Mach-O file with what its signature is bound to: every slice, whichever of them this Mac would run. */
export function inspectMachO(path: string, source: ByteSource, bound: BoundFiles, inspecting: Inspecting): Inspected {
  const container = readContainer(source);
  if (container.kind === "not-mach-o") return result(path, "not-code", inspecting, [], {});
  inspecting.log.done("container");
  // Slices that lie over each other would have the same bytes hashed once each: the file is refused for it anyway.
  const overlapping = container.problems.some(({ id }) => id === "fat-overlapping-slices");
  const context: SliceContext = { ...inspecting, source, bound, ...(overlapping ? { depth: "header" } : {}) };
  const { problems, notes } = container;
  const whole = problems.find(({ id }) => REFUSED_AS_A_WHOLE.has(id));
  const slices = container.slices.map((slice, index) =>
    whole !== undefined && index >= MOST_READ
      ? unverifiable(slice, "invalid", [...slice.problems, whole], [...slice.notes])
      : inspectSlice(slice, context),
  );
  if (whole !== undefined && slices.length > MOST_READ) inspecting.log.skipped("code-directory", whole.message);
  if (!isOneTeams(slices)) {
    const id = "architectures-of-different-teams";
    problems.push({ id, message: INSPECTION_PROBLEMS[id] });
  }
  const refused = problems.length > 0 || slices.length === 0;
  return result(path, "mach-o", inspecting, slices, { problems, notes, ...(refused ? { class: "invalid" } : {}) });
}

/** What has a signer must have the same team in every architecture: Security, SecStaticCode::handleOtherArchitectures. */
function isOneTeams(slices: readonly SliceResult[]): boolean {
  const signed = slices.filter(({ inspection }) => inspection.cms !== "absent");
  return new Set(signed.map(({ inspection }) => inspection.teamId)).size <= 1;
}
