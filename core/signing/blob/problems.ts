import type { Problem } from "#contract/inspection.ts";
import { Malformed } from "../problem.ts";

/** Strict failures of a signature's own structure and of what it is bound to. */
export const BLOB_PROBLEMS = {
  "superblob-truncated": "The signature ends before it has begun.",
  "superblob-bad-magic": "Where the signature should be there is something else.",
  "superblob-bad-length": "The signature states a length that is not its own.",
  "superblob-bad-count": "The signature lists more parts than it has room for.",
  "superblob-too-many-blobs": "The signature lists more parts than any real one has.",
  "superblob-bad-offset": "A part of the signature lies outside it.",
  "superblob-duplicate-slot": "The signature has two parts for the same purpose.",
  "superblob-overlap": "Parts of the signature lie over each other.",
  "blob-bad-magic": "A part of the signature is not of the kind that its place is for.",
  "signature-without-superblob": "The signature is a bare CodeDirectory, which macOS does not take for code in a file.",
  "codedirectory-missing": "The signature has no CodeDirectory, so it signs nothing.",
  "codedirectory-primary-missing":
    "The signature has alternate CodeDirectories but not the one that they are alternates of.",
  "codedirectory-alternate-gap":
    "An alternate CodeDirectory stands behind a gap, where one part of macOS sees it and another does not.",
  "codedirectory-bad-magic": "What should be a CodeDirectory is something else.",
  "codedirectory-bad-length": "A CodeDirectory states a length that is not its own.",
  "codedirectory-version-unknown": "A CodeDirectory has a version that macOS does not know.",
  "codedirectory-hash-type-unknown": "A CodeDirectory uses a kind of hash that macOS does not know.",
  "codedirectory-bad-hash-size": "A CodeDirectory states a hash size that its kind of hash does not have.",
  "codedirectory-duplicate-hash-type": "Two CodeDirectories use the same kind of hash.",
  "codedirectories-disagree":
    "The CodeDirectories do not agree about the identifier, the team, the flags or the code's size.",
  "codedirectory-scatter": "A CodeDirectory covers the code in scattered pieces, which no real signature does.",
  "codedirectory-bad-page-size": "A CodeDirectory uses a page size that the kernel refuses.",
  "codedirectory-bad-coverage": "A CodeDirectory has more or fewer page hashes than the code it covers has pages.",
  "codedirectory-hashes-outside": "The hashes of a CodeDirectory lie outside it.",
  "codedirectory-too-many-special-slots": "A CodeDirectory states more special hashes than there are purposes for.",
  "codedirectory-bad-identifier": "A CodeDirectory's identifier lies outside it or has no end.",
  "codedirectory-bad-team": "A CodeDirectory's team lies outside it or has no end.",
  "codedirectory-bad-linkage": "A CodeDirectory's linkage data lies outside it.",
  "requirements-malformed": "The signature's requirements cannot be read.",
  "requirement-malformed": "A code requirement cannot be read.",
  "entitlements-malformed": "The entitlements cannot be read.",
  "entitlements-der-malformed": "The entitlements in DER form cannot be read.",
  "special-slot-missing": (what: string) => `The signature covers ${what}, and that is missing.`,
  "special-slot-mismatch": (what: string) => `Changed after signing: ${what} is not what the signature covers.`,
} as const;

/** What a reader must know about a signature that is not wrong because of it. */
export const BLOB_NOTES = {
  "slot-unknown": "The signature has a part of a kind this version does not know, which was not looked at.",
  "special-slot-unknown": "The signature covers something of a kind this version does not know, which was not checked.",
  "info-plist-not-bound": "Its Info.plist is not bound to the signature, so anyone may have changed it.",
  "code-resources-not-bound":
    "The list of the bundle's files is not bound to the signature, so anyone may have changed it.",
  "blob-not-hashed": (what: string) => `The signature carries ${what} that it does not cover; they were ignored.`,
  "entitlements-xml-der-differ":
    "Its entitlements say different things in their two forms; macOS versions differ in which of them they go by.",
  "entitlements-cut": (count: number) => `It has ${count} more entitlements than are shown.`,
} as const;

type Sentences = Readonly<Record<string, string | ((value: never) => string)>>;
type Plain<T extends Sentences> = { [Id in keyof T & string]: T[Id] extends string ? Id : never }[keyof T & string];

export function blobProblem(id: Plain<typeof BLOB_PROBLEMS>): Problem {
  return { id, message: BLOB_PROBLEMS[id] };
}

export function blobNote(id: Plain<typeof BLOB_NOTES>): Problem {
  return { id, message: BLOB_NOTES[id] };
}

export function malformedBlob(id: Plain<typeof BLOB_PROBLEMS>): Malformed {
  return new Malformed(id, BLOB_PROBLEMS[id]);
}
