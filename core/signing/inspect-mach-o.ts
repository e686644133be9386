import type { ByteSource } from "./byte-source.ts";
import { type BoundFiles, inspectSlice, type SliceContext } from "./inspect-slice.ts";
import { type Inspected, type Inspecting, result } from "./inspection-result.ts";
import { readContainer } from "./macho/read-container.ts";

/** One Mach-O file with what its signature is bound to: every slice, whichever of them this Mac would run. */
export function inspectMachO(path: string, source: ByteSource, bound: BoundFiles, inspecting: Inspecting): Inspected {
  const container = readContainer(source);
  if (container.kind === "not-mach-o") return result(path, "not-code", inspecting, [], {});
  inspecting.log.done("container");
  // Slices that lie over each other would have the same bytes hashed once each: the file is refused for it anyway.
  const overlapping = container.problems.some(({ id }) => id === "fat-overlapping-slices");
  const context: SliceContext = { ...inspecting, source, bound, ...(overlapping ? { depth: "header" } : {}) };
  const slices = container.slices.map((slice) => inspectSlice(slice, context));
  const { problems, notes } = container;
  const refused = problems.length > 0 || slices.length === 0;
  return result(path, "mach-o", inspecting, slices, { problems, notes, ...(refused ? { class: "invalid" } : {}) });
}
