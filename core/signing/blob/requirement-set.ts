import type { Requirement } from "./requirement-expression.ts";
import { MAGIC } from "./blob-format.ts";
import { malformedBlob } from "./problems.ts";
import { readRequirement } from "./requirement-reader.ts";
import { readSuperBlob } from "./super-blob.ts";

/** Security CSCommon.h, kSecDesignatedRequirementType. */
const DESIGNATED = 3;

/** Requirements by type (1 host, 2 guest, 3 designated, 4 library, 5 plug-in). @throws Malformed */
export function readRequirementSet(blob: Buffer): ReadonlyMap<number, Requirement> {
  const { blobs, problems } = readSuperBlob(blob, MAGIC.requirements);
  if (problems.length > 0) throw malformedBlob("requirements-malformed");
  return new Map([...blobs].map(([type, requirement]) => [type, readRequirement(requirement)]));
}

/** Null when the set names none. @throws Malformed */
export function readDesignated(blob: Buffer): Requirement | null {
  return readRequirementSet(blob).get(DESIGNATED) ?? null;
}
