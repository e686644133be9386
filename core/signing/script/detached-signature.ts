import { contentOf, MAGIC, magicOf, SLOT } from "../blob/blob-format.ts";
import { joinSignature } from "../blob/read-signature.ts";
import type { CodeSignature } from "../code-signature.ts";
import { scriptFault } from "./problems.ts";

/** Of an extended attribute that holds a part of a signature. */
export const ATTRIBUTE_PREFIX = "com.apple.cs.";

/**
 * The names under which parts of a signature are kept outside the code: as files in `_CodeSignature/`, and with the prefix as extended
 * attributes. Security codedirectory.cpp, CodeDirectory::canonicalSlotName; the names of the DER
 * entitlements and of the constraints are newer than the version that was read: UNVERIFIED.
 */
const SLOT_BY_NAME: ReadonlyMap<string, number> = new Map([
  ["CodeDirectory", SLOT.codeDirectory],
  ["CodeRequirements", SLOT.requirements],
  ["CodeEntitlements", SLOT.entitlements],
  ["CodeEntitlementDER", SLOT.derEntitlements],
  ["CodeRepSpecific", SLOT.repSpecific],
  ["LaunchConstraintSelf", SLOT.firstConstraint],
  ["LaunchConstraintParent", SLOT.firstConstraint + 1],
  ["LaunchConstraintResponsible", SLOT.firstConstraint + 2],
  ["LibraryConstraint", SLOT.lastConstraint],
  ["CodeRequirements-1", SLOT.firstAlternate],
  ["CodeRequirements-2", SLOT.firstAlternate + 1],
  ["CodeRequirements-3", SLOT.firstAlternate + 2],
  ["CodeRequirements-4", SLOT.firstAlternate + 3],
  ["CodeRequirements-5", SLOT.firstAlternate + 4],
]);
const CMS = "CodeSignature";
/** As large as any part that is read at once from a SuperBlob. */
const MAX_PART = 16 * 1024 * 1024;

/** Every name that `readDetachedFiles` looks for in `_CodeSignature/`. `CodeResources` is there too, and is not a part of the signature. */
export const DETACHED_FILES: readonly string[] = [...SLOT_BY_NAME.keys(), CMS];

/**
 * A signature from extended attributes, as scripts and other files that are not Mach-O have it.
 * @param attributes whole values by whole name (`com.apple.cs.CodeDirectory`, …); others are ignored
 * @returns null when none of them is a part of a signature
 * @throws Malformed when there are parts, but no usable CodeDirectory among them
 */
export function readDetachedSignature(attributes: ReadonlyMap<string, Buffer>): CodeSignature | null {
  const parts = new Map<string, Buffer>();
  for (const [name, value] of attributes)
    if (name.startsWith(ATTRIBUTE_PREFIX)) parts.set(name.slice(ATTRIBUTE_PREFIX.length), value);
  return readDetachedFiles(parts);
}

/**
 * A signature from the files in `_CodeSignature/`, as a bundle has it whose Info.plist names no executable.
 * @param files whole contents by name (see DETACHED_FILES); others are ignored
 * @returns null when none of them is a part of a signature
 * @throws Malformed when there are parts, but no usable CodeDirectory among them
 */
export function readDetachedFiles(files: ReadonlyMap<string, Buffer>): CodeSignature | null {
  const blobs = new Map<number, Buffer>();
  for (const [name, slot] of SLOT_BY_NAME) {
    const part = partOf(files, name);
    if (part !== null) blobs.set(slot, part);
  }
  const cms = partOf(files, CMS);
  if (blobs.size === 0 && cms === null) return null;
  if (!blobs.has(SLOT.codeDirectory)) throw scriptFault("detached-incomplete");
  return joinSignature(blobs, cms === null ? null : unwrapped(cms));
}

/** An empty file or attribute holds nothing. */
function partOf(files: ReadonlyMap<string, Buffer>, name: string): Buffer | null {
  const part = files.get(name);
  if (part === undefined || part.length === 0) return null;
  if (part.length > MAX_PART) throw scriptFault("detached-too-large");
  return part;
}

/** Security writes this part raw (CodeDirectory::slotAttributes); the wrapper that it has inside a SuperBlob is taken too. */
function unwrapped(cms: Buffer): Buffer {
  return magicOf(cms) === MAGIC.blobWrapper ? contentOf(cms) : cms;
}
