import type { ByteSource } from "./byte-source.ts";
import {
  type BoundFiles,
  inspectSignature,
  type SliceContext,
  type SliceResult,
  unverifiable,
} from "./inspect-slice.ts";
import { attempt } from "./problem.ts";
import { readDetachedFiles } from "./script/detached-signature.ts";
import type { Slice } from "./slice.ts";

/** Code without an architecture: a script, or the data file that stands for a bundle's main executable. */
const ARCH = "any";

/**
 * The verdict on a file whose signature is kept beside it: in extended attributes, or in `_CodeSignature/`.
 * Null when no part of a signature is there.
 * @param parts by name, without the attributes' prefix
 */
export function inspectDetached(
  source: ByteSource,
  parts: ReadonlyMap<string, Buffer>,
  bound: BoundFiles,
  context: Omit<SliceContext, "source" | "bound">,
): SliceResult | null {
  const slice = sliceOf(source);
  const read = attempt(() => readDetachedFiles(parts));
  if ("problem" in read) return unverifiable(slice, "invalid", [read.problem], []);
  if (read.value === null) return null;
  return inspectSignature(read.value, slice, { ...context, source, bound }, [], []);
}

/** As `inspectDetached` gives it for a file that carries no signature anywhere. */
export function unsignedFile(source: ByteSource): SliceResult {
  return unverifiable(sliceOf(source), "unsigned", [], []);
}

function sliceOf(source: ByteSource): Slice {
  return {
    arch: ARCH,
    cpuType: 0,
    cpuSubtype: 0,
    offset: 0,
    size: source.size,
    is64: false,
    bigEndian: false,
    fileType: 0,
    signature: null,
    embeddedInfoPlist: null,
    textSegment: null,
    problems: [],
    notes: [],
  };
}
