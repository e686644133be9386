import type { Problem } from "#contract/inspection.ts";
import type { CodeDirectory, CodeSignature, HashKind } from "../code-signature.ts";
import { contentOf, MAGIC, magicOf, SLOT } from "./blob-format.ts";
import { slotHashOf } from "./hash-kinds.ts";
import { BLOB_NOTES, BLOB_PROBLEMS, blobNote } from "./problems.ts";

/** Files that are bound by a hash but are not in the signature; null when there is none. */
export interface BoundFileBytes {
  /** The bundle's Info.plist, else the one embedded in the program. */
  infoPlist: Buffer | null;
  codeResources: Buffer | null;
}

/**
 * Compares what is there with the special hashes of every CodeDirectory, so that none of them says otherwise.
 * Sources: Security StaticCode.cpp component(), xnu bsd/kern/ubc_subr.c csblob_find_special_slot_blob.
 */
export function checkSpecialSlots(
  signature: CodeSignature,
  bound: BoundFileBytes,
): { problems: Problem[]; notes: Problem[] } {
  const problems = new Map<string, Problem>();
  const notes = new Map<string, Problem>();
  const keep = (list: Map<string, Problem>, found: Problem): Map<string, Problem> => list.set(found.message, found);
  for (const slot of slotsToCheck(signature)) {
    const content = contentFor(slot, signature, bound);
    const hashes = new Map<HashKind, Buffer>();
    const hashOf = (kind: HashKind, bytes: Buffer): Buffer => {
      const known = hashes.get(kind) ?? slotHashOf(kind, bytes);
      hashes.set(kind, known);
      return known;
    };
    for (const directory of signature.directories) {
      const expected = boundHash(directory, slot);
      if (expected === null) {
        if (content !== null) keep(notes, unboundNote(slot));
      } else if (content === null) {
        if (NAMES.has(slot)) keep(problems, slotProblem("special-slot-missing", slot));
        else keep(notes, blobNote("special-slot-unknown"));
      } else if (!hashOf(directory.hash, content).equals(expected)) {
        keep(problems, slotProblem("special-slot-mismatch", slot));
      }
    }
  }
  return { problems: [...problems.values()], notes: [...notes.values()] };
}

/** Whether the CodeDirectory that macOS goes by covers this slot. What it does not cover does not count. */
export function isBound(signature: CodeSignature, slot: number): boolean {
  return boundHash(signature.best, slot) !== null;
}

/** Null where there is none: past the end, or all zeros. */
function boundHash(directory: CodeDirectory, slot: number): Buffer | null {
  const hash = directory.specialHashes.get(slot);
  return hash === undefined || hash.every((byte) => byte === 0) ? null : hash;
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [SLOT.infoPlist, "Info.plist"],
  [SLOT.requirements, "its set of requirements"],
  [SLOT.codeResources, "the list of the bundle's files"],
  [SLOT.application, "the list of its own parts"],
  [SLOT.entitlements, "its entitlements"],
  [SLOT.repSpecific, "data of the file format"],
  [SLOT.derEntitlements, "its entitlements in DER form"],
  [SLOT.firstConstraint, "its launch constraint on itself"],
  [SLOT.firstConstraint + 1, "its launch constraint on its parent"],
  [SLOT.firstConstraint + 2, "its launch constraint on the responsible process"],
  [SLOT.lastConstraint, "its constraint on libraries"],
]);

function slotsToCheck(signature: CodeSignature): number[] {
  const slots = new Set(NAMES.keys());
  for (const { specialHashes } of signature.directories) for (const slot of specialHashes.keys()) slots.add(slot);
  return [...slots].toSorted((a, b) => a - b);
}

function contentFor(slot: number, signature: CodeSignature, bound: BoundFileBytes): Buffer | null {
  switch (slot) {
    case SLOT.infoPlist:
      return bound.infoPlist;
    case SLOT.codeResources:
      return bound.codeResources;
    case SLOT.requirements:
      return signature.requirements;
    case SLOT.entitlements:
      return signature.entitlements;
    case SLOT.derEntitlements:
      return signature.derEntitlements;
    case SLOT.application:
    case SLOT.repSpecific:
      return unwrapped(signature.otherSlots.get(slot));
    default:
      return signature.otherSlots.get(slot) ?? null;
  }
}

/** Security hashes a blob of its own kind whole, and plain data without the wrapper it is stored in. */
function unwrapped(blob: Buffer | undefined): Buffer | null {
  if (blob === undefined) return null;
  return magicOf(blob) === MAGIC.blobWrapper ? contentOf(blob) : blob;
}

function unboundNote(slot: number): Problem {
  if (slot === SLOT.infoPlist) return blobNote("info-plist-not-bound");
  if (slot === SLOT.codeResources) return blobNote("code-resources-not-bound");
  return {
    id: "blob-not-hashed",
    message: BLOB_NOTES["blob-not-hashed"](NAMES.get(slot) ?? "a part of an unknown kind"),
  };
}

function slotProblem(id: "special-slot-missing" | "special-slot-mismatch", slot: number): Problem {
  return { id, message: BLOB_PROBLEMS[id](NAMES.get(slot) ?? "a part of an unknown kind") };
}
