import type { Problem } from "#contract/inspection.ts";

/** Longest name from a bundle that is put into a sentence, in UTF-16 units. */
const MAX_SHOWN = 200;

/** Text that came from the bundle, as data and not longer than a sentence can bear. */
function shown(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

const times = (count: number, one: string, many: string): string => (count === 1 ? `One ${one}` : `${count} ${many}`);

/** Strict failures: with any of them the bundle is invalid. Each takes the name or number that it is about. */
export const BUNDLE_PROBLEMS = {
  "contents-outside-bundle": () => "The folder with the bundle's content is a link that leads somewhere else.",
  "bundle-shape-ambiguous": () =>
    "It is built in two ways at once, so macOS may find another program and other files in it than were inspected.",
  "info-plist-not-plain": () => "Info.plist is not a plain file inside the bundle.",
  "info-plist-too-large": () => "Info.plist is larger than any that describes a bundle.",
  "info-plist-malformed": () => "Info.plist cannot be read as a property list with keys.",
  "info-plist-ambiguous": (key: string) =>
    `Info.plist gives two values for a key that says what the bundle is, and programs may differ in which they take: ${shown(key)}.`,
  "executable-outside-bundle": (name: string) =>
    `The main executable that Info.plist names is outside the bundle: ${shown(name)}.`,
  "executable-not-plain": (name: string) =>
    `The main executable is not a plain file but a link or something else: ${shown(name)}.`,
  "code-resources-not-plain": () => "The list of sealed resources is not a plain file inside the bundle.",
  "code-resources-malformed": () => "The list of sealed resources cannot be read.",
  "seal-malformed": (path: string) => `The list of sealed resources has an entry that means nothing: ${shown(path)}.`,
  "rules-malformed": (pattern: string) => `A rule about which files are sealed means nothing: ${shown(pattern)}.`,
  "rules-too-many": () => "There are more rules about which files are sealed than any real bundle has.",
  "rules-omit-everything": () => "The seal does not cover the bundle: it has no rule that includes every file.",
  "rules-omit-code": (pattern: string) =>
    `The seal leaves out files that must be sealed, by a rule of its own: ${shown(pattern)}.`,
  "resource-altered": (path: string) => `A sealed file is not what was signed: ${shown(path)}.`,
  "resource-changed-type": (path: string) => `What was sealed as one kind of file is now another kind: ${shown(path)}.`,
  "resource-missing": (path: string) => `A sealed file is missing: ${shown(path)}.`,
  "resource-added": (path: string) => `A file is not sealed, so it was added after signing: ${shown(path)}.`,
  "symlink-retargeted": (path: string) => `A sealed link now leads to another place: ${shown(path)}.`,
  "symlink-outside-bundle": (path: string) => `A link leads out of the bundle: ${shown(path)}.`,
  "symlink-broken": (path: string) => `A sealed link leads to nothing: ${shown(path)}.`,
  "symlink-to-unsealed": (path: string) => `A link leads to a file that the seal does not cover: ${shown(path)}.`,
  "ds-store-symlink": (path: string) => `A .DS_Store file, which is never sealed, is a link: ${shown(path)}.`,
  "unsupported-file-type": (path: string) =>
    `The bundle contains something that is not a file, folder or link: ${shown(path)}.`,
  "unsealed-code": (path: string) => `Code is in a place that the seal does not cover: ${shown(path)}.`,
  "unsealed-root": (path: string) => `Something is beside the sealed part of the bundle: ${shown(path)}.`,
  "framework-root-link": (path: string) =>
    `A link at the framework's top does not lead to its namesake in the current version: ${shown(path)}.`,
  "signature-folder-extra": (path: string) =>
    `The folder for the signature contains something that is no part of it: ${shown(path)}.`,
  "nested-code-unsealed": (path: string) => `Code inside the bundle is not sealed: ${shown(path)}.`,
  "nested-code-replaced": (path: string) => `Code inside the bundle is not the code that was sealed: ${shown(path)}.`,
  "nested-code-invalid": (path: string) => `Code inside the bundle has an invalid signature: ${shown(path)}.`,
  "framework-version-unsealed": (path: string) =>
    `A framework contains another version that is not the sealed code: ${shown(path)}.`,
} as const satisfies Record<string, (text: string) => string>;

/** What a reader must know about a bundle. Each takes the number of cases that it is about. */
export const BUNDLE_NOTES = {
  "info-plist-missing": () => "The bundle has no Info.plist.",
  "info-plist-duplicate-key": (count: number) =>
    `${times(count, "key stands", "keys stand")} twice in Info.plist; which of the values macOS takes is not known here.`,
  "executable-unresolved": () =>
    "Info.plist names no executable that exists, so the signature covers a data file of the bundle instead.",
  "executable-by-bundle-name": () => "Info.plist names no executable: the file with the bundle's own name was taken.",
  "resources-v1-only": () =>
    "The seal is of the old kind, which covers only the resources folder and which macOS no longer accepts for new software.",
  "resources-sha1-only": (count: number) =>
    `${times(count, "resource is", "resources are")} sealed by SHA-1 only, which is old and weak.`,
  "rule-not-understood": (count: number) =>
    `${times(count, "rule", "rules")} about which files are sealed could not be understood, so no rule of them left anything out.`,
  "unsealed-code-v1": (count: number) =>
    `${times(count, "program, script or link is", "programs, scripts or links are")} outside of what this old kind of seal covers and could have been replaced.`,
  "not-all-looked-at": (count: number) =>
    `Not all of the bundle was looked at: ${times(count, "part", "parts")} beyond the limits of an inspection.`,
  "unreadable-resources": (count: number) =>
    `${times(count, "file or folder", "files or folders")} of the bundle could not be read.`,
  "nested-not-checked": (count: number) =>
    `${times(count, "piece", "pieces")} of code inside the bundle could not be compared with the seal.`,
  "framework-other-version": (count: number) =>
    `${times(count, "further version is", "further versions are")} in the framework; only the current one was looked at.`,
  "symlinks-to-system": (count: number) =>
    `${times(count, "sealed link leads", "sealed links lead")} to a folder of the system; what is there was not looked at.`,
  "name-case-differs": (count: number) =>
    `${times(count, "missing file differs", "missing files differ")} from an added one only by capital letters.`,
  "name-normalized": (count: number) =>
    `${times(count, "file name is", "file names are")} written with other Unicode characters of the same meaning than in the seal.`,
  "apple-double-beside": (count: number) =>
    `${times(count, "file holds", "files hold")} attributes of the file beside it, as on a disk that has no place for them. On a Mac's own disk it would be an added file.`,
  "apple-double-added": (count: number) =>
    `${times(count, "added file is", "added files are")} of the kind that holds attributes when a bundle is copied to a foreign disk.`,
  "more-problems": (count: number) =>
    `${times(count, "further problem is", "further problems are")} counted but not named here.`,
} as const satisfies Record<string, (count: number) => string>;

export type BundleProblemId = keyof typeof BUNDLE_PROBLEMS;
export type BundleNoteId = keyof typeof BUNDLE_NOTES;

export function bundleProblem(id: BundleProblemId, text = ""): Problem {
  return { id, message: BUNDLE_PROBLEMS[id](text) };
}

export function bundleNote(id: BundleNoteId, count = 1): Problem {
  return { id, message: BUNDLE_NOTES[id](count) };
}
