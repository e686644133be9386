import type { Problem } from "#contract/inspection.ts";
import type { CodeDirectory, CodeSignature } from "../code-signature.ts";
import { attempt, Malformed } from "../problem.ts";
import type { Slice } from "../slice.ts";
import { contentOf, DIRECTORY_SLOTS, MAGIC, magicOf, SLOT } from "./blob-format.ts";
import { parseCodeDirectory } from "./code-directory.ts";
import { FLAG_ADHOC } from "./flags.ts";
import { hashRank } from "./hash-kinds.ts";
import { blobNote, blobProblem, malformedBlob } from "./problems.ts";
import { readRequirementSet } from "./requirement-set.ts";
import { readSuperBlob } from "./super-blob.ts";

export { readCodeDirectory } from "./code-directory.ts";

/**
 * The signature embedded in a Mach-O slice, taken apart but not yet believed.
 * Everything wrong is in `problems`; what it claims is there all the same.
 * @param region what LC_CODE_SIGNATURE points to; junk after the signature is normal there
 * @throws Malformed when there is no usable CodeDirectory
 */
export function readSignature(region: Buffer, slice: Slice): CodeSignature {
  const signature = readRegion(region);
  // Scripts and bundles without a program have one hash over everything; the kernel maps no code that has.
  if (slice.signature !== null && signature.directories.some(({ pageSize }) => pageSize === null))
    signature.problems.push(blobProblem("codedirectory-bad-page-size"));
  return signature;
}

function readRegion(region: Buffer): CodeSignature {
  if (magicOf(region) === MAGIC.codeDirectory) {
    const bare = joinSignature(new Map([[SLOT.codeDirectory, region]]), null);
    bare.problems.push(blobProblem("signature-without-superblob"));
    return bare;
  }
  const { blobs, problems } = readSuperBlob(region, MAGIC.embeddedSignature);
  const wrapper = blobs.get(SLOT.cms);
  const wrapped = wrapper === undefined || magicOf(wrapper) !== MAGIC.blobWrapper ? null : contentOf(wrapper);
  const joined = attempt(() => joinSignature(blobs, wrapped));
  if ("problem" in joined) {
    const { id, message } = problems[0] ?? joined.problem;
    throw new Malformed(id, message);
  }
  const signature = joined.value;
  if (wrapper !== undefined && wrapped === null) problems.push(blobProblem("blob-bad-magic"));
  signature.problems.unshift(...problems);
  return signature;
}

/**
 * A signature from its parts: also those that are kept in files or extended attributes beside the code.
 * @param blobs whole blobs by slot number, as in a SuperBlob; the CMS slot's own is not looked at
 * @param cms what the CMS wrapper holds: null without one, empty when it is empty
 * @throws Malformed when there is no usable CodeDirectory
 */
export function joinSignature(blobs: ReadonlyMap<number, Buffer>, cms: Buffer | null): CodeSignature {
  const { directories, problems } = readDirectories(blobs);
  const notes: Problem[] = [];
  const take = (slot: number, magic: number): Buffer | null => {
    const blob = blobs.get(slot) ?? null;
    if (blob === null || magicOf(blob) === magic) return blob;
    problems.push(blobProblem("blob-bad-magic"));
    return null;
  };
  const otherSlots = new Map<number, Buffer>();
  for (const [slot, blob] of blobs) {
    if (TAKEN_SLOTS.has(slot)) continue;
    otherSlots.set(slot, blob);
    if (isConstraint(slot)) take(slot, MAGIC.launchConstraint);
    else if (!KNOWN_OTHER_SLOTS.has(slot)) notes.push(blobNote("slot-unknown"));
  }
  const requirements = take(SLOT.requirements, MAGIC.requirements);
  if (requirements !== null) {
    const read = attempt(() => readRequirementSet(requirements));
    if ("problem" in read) problems.push(read.problem);
  }
  return {
    directories,
    best: bestOf(directories),
    requirements,
    entitlements: take(SLOT.entitlements, MAGIC.entitlements),
    derEntitlements: take(SLOT.derEntitlements, MAGIC.derEntitlements),
    cms,
    ticket: blobs.get(SLOT.ticket) ?? null,
    otherSlots,
    problems,
    notes,
  };
}

/** Whether it says of itself that it has no signer. */
export function isAdhoc(signature: CodeSignature): boolean {
  return (signature.best.flags & FLAG_ADHOC) !== 0;
}

const TAKEN_SLOTS: ReadonlySet<number> = new Set([
  ...DIRECTORY_SLOTS,
  SLOT.requirements,
  SLOT.entitlements,
  SLOT.derEntitlements,
  SLOT.cms,
  SLOT.ticket,
]);
const KNOWN_OTHER_SLOTS: ReadonlySet<number> = new Set([SLOT.application, SLOT.repSpecific, SLOT.identification]);

function isConstraint(slot: number): boolean {
  return slot >= SLOT.firstConstraint && slot <= SLOT.lastConstraint;
}

function readDirectories(blobs: ReadonlyMap<number, Buffer>): { directories: CodeDirectory[]; problems: Problem[] } {
  const directories: CodeDirectory[] = [];
  const problems: Problem[] = [];
  let gap = false;
  for (const slot of DIRECTORY_SLOTS) {
    const blob = blobs.get(slot);
    if (blob === undefined) {
      if (slot === SLOT.codeDirectory) problems.push(blobProblem("codedirectory-primary-missing"));
      else gap = true;
      continue;
    }
    if (gap) problems.push(blobProblem("codedirectory-alternate-gap"));
    const parsed = attempt(() => parseCodeDirectory(blob, slot));
    if ("problem" in parsed) {
      problems.push(parsed.problem);
      continue;
    }
    directories.push(parsed.value.directory);
    problems.push(...parsed.value.problems);
  }
  if (directories.length === 0) throw whyNone(blobs, problems);
  if (new Set(directories.map(({ hash }) => hash)).size < directories.length)
    problems.push(blobProblem("codedirectory-duplicate-hash-type"));
  if (new Set(directories.map(claimsOf)).size > 1) problems.push(blobProblem("codedirectories-disagree"));
  return { directories, problems };
}

function whyNone(blobs: ReadonlyMap<number, Buffer>, problems: readonly Problem[]): Malformed {
  const last = DIRECTORY_SLOTS.some((slot) => blobs.has(slot)) ? problems.at(-1) : undefined;
  return last === undefined ? malformedBlob("codedirectory-missing") : new Malformed(last.id, last.message);
}

/** What every CodeDirectory of one signature must say alike: codesign makes them from one set of facts. */
function claimsOf({ identifier, teamId, flags, codeLimit, platform }: CodeDirectory): string {
  return JSON.stringify([identifier, teamId, flags, codeLimit, platform]);
}

function bestOf(directories: readonly CodeDirectory[]): CodeDirectory {
  const [best] = directories.toSorted((a, b) => hashRank(a.hash) - hashRank(b.hash));
  if (best === undefined) throw malformedBlob("codedirectory-missing");
  return best;
}
