import type { Problem } from "#contract/inspection.ts";

/** What can be wrong with a Mach-O file and with how its hashes cover it. One sentence an id. */
export const MACHO_PROBLEMS = {
  "fat-no-architectures": "It is a universal file that contains no program.",
  "fat-too-many-architectures": "It is a universal file with more programs in it than any real one.",
  "fat-header-truncated": "It ends inside the table that says which programs it contains.",
  "fat-gap-not-empty": "There is hidden data between the programs of this universal file; no signature covers it.",
  "fat-gap-too-large": "The space between the programs of this universal file is larger than any linker leaves.",
  "fat-trailing-data": "There is data after the last program of this universal file; no signature covers it.",
  "fat-duplicate-architecture":
    "It contains two programs for the same architecture, so tools may not agree on which one runs.",
  "fat-overlapping-slices": "Programs in this universal file overlap, so the same bytes stand for two things.",
  "slice-range-overflow": "It states a place for a program that no file can have.",
  "slice-outside-file": "The file ends before a program that it says it contains.",
  "slice-not-mach-o": "Where a program should begin there is none.",
  "header-truncated": "It ends inside its own header.",
  "header-width-mismatch": "Its header is of the wrong width for its architecture.",
  "commands-outside-slice": "Its load commands are larger than the program itself.",
  "commands-too-large": "Its load commands are larger than any real program's.",
  "command-bad-size": "One of its load commands has a size that cannot be right.",
  "commands-miscounted": "Its load commands do not add up to the number and size that its header states.",
  "segment-bad": "One of its segments is not described in a valid way.",
  "segment-outside-slice": "It ends before a segment that it says it contains.",
  "header-mapped-twice": "Two of its segments claim its beginning.",
  "second-linkedit": "It has two segments for linking information, so tools may not agree on where it ends.",
  "no-linkedit": "It is signed but has no segment that could hold a signature.",
  "second-signature-command": "It points to two signatures, so tools may not agree on which one counts.",
  "signature-command-bad-size": "The load command that points to its signature has the wrong size.",
  "signature-empty": "It points to a signature of no length.",
  "signature-outside-slice": "The signature that it points to lies past its end.",
  "signature-overlaps-header": "The signature that it points to lies in its own header.",
  "signature-outside-linkedit": "Its signature reaches out of the segment that must hold it.",
  "signature-not-last": "There is data after its signature that no hash covers.",
  "image-end-mismatch":
    "There is data after the end of the program, or its end is not where it says; no hash covers that.",
  "info-plist-outside-slice": "The property list built into it lies past its end.",
  "embedded-info-plist-too-large": "The property list built into it is larger than any real one.",
  "code-not-covered": "Its hashes do not reach up to the signature: some of its bytes are covered by nothing.",
  "code-limit-too-large": "Its hashes claim to reach further than the bytes that can be signed.",
  "nothing-covered": "Its signature covers none of its bytes.",
  "page-count-mismatch": "The number of its page hashes does not fit the size of its code.",
  "page-size-not-loadable": "Its pages have a size that macOS does not accept.",
} as const;

export const MACHO_NOTES = {
  "fat-hidden-architecture":
    "It contains one more program (arm64) than its header counts; macOS finds it all the same. It was inspected too.",
  "fat-header-not-loadable": "Its universal header has a form that the macOS kernel does not run.",
  "foreign-byte-order": "Its byte order is not the one of its architecture, so macOS does not run it.",
} as const;

export type MachoProblem = keyof typeof MACHO_PROBLEMS;

export function machoProblem(id: MachoProblem): Problem {
  return { id, message: MACHO_PROBLEMS[id] };
}

export function machoNote(id: keyof typeof MACHO_NOTES): Problem {
  return { id, message: MACHO_NOTES[id] };
}

/** The sentences that carry values; with the ids of the records above, all that this folder says. */
export const MACHO_SENTENCES = {
  "architecture-mismatch": (listed: string, actual: string): string =>
    `The universal header lists this program as ${listed}, but it is one for ${actual}; macOS does not run such a program.`,
  "page-hash-mismatch": (bad: number, pages: number, first: number, hash: string): string =>
    `${bad} of its ${pages} pages ${bad === 1 ? "differs" : "differ"} from what was signed (${hash}), first page ${first}: it was changed after signing.`,
} as const;
