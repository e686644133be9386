/** Folders that macOS treats as one piece of code, by their ending. */
const BUNDLES: ReadonlySet<string> = new Set([
  "app",
  "framework",
  "bundle",
  "appex",
  "xpc",
  "kext",
  "plugin",
  "systemextension",
  "prefpane",
  "qlgenerator",
  "mdimporter",
]);

/** Files that hold code or bring it: programs, scripts that are opened by a double click, installers, images, archives. */
const CODE: ReadonlySet<string> = new Set(
  [
    "dylib so node command tool terminal sh zsh bash py rb pl jar",
    "scpt applescript workflow shortcut fileloc inetloc mobileconfig",
    "pkg mpkg dmg iso sparseimage sparsebundle",
    "zip tar gz tgz bz2 xz 7z rar xip aar",
  ].flatMap((line) => line.split(" ")),
);
const LIBRARIES: ReadonlySet<string> = new Set(["dylib", "so", "node"]);

/** Inside a bundle: where programs lie, and the files that its signature hangs on. */
const PROGRAM_FOLDERS: ReadonlySet<string> = new Set(["MacOS", "Helpers"]);
const SEAL_FILES: ReadonlySet<string> = new Set(["CodeResources", "Info.plist"]);
const RESOURCE_FOLDERS: ReadonlySet<string> = new Set(["Resources", "_CodeSignature"]);

/** PATH_MAX of macOS is 1024, but a file can lie deeper; what is longer than this is not looked at. */
export const MAX_PATH_CHARS = 4096;
const MAX_PARTS = 256;

export function isBundle(path: string): boolean {
  return BUNDLES.has(ending(path));
}

/** A name that stands for code even when the file has no execute bit, or is gone. */
export function isCodeName(path: string): boolean {
  const word = ending(path);
  return BUNDLES.has(word) || CODE.has(word);
}

/**
 * Whether a change at this path deserves a look, by its text alone. An app's update rewrites thousands of its
 * resources; those are covered by the seal, and only what the seal hangs on is watched.
 */
export function mayMatter(path: string): boolean {
  const parts = path.split("/", MAX_PARTS);
  const folders = parts.slice(0, -1);
  const bundle = folders.findIndex((part) => BUNDLES.has(ending(part)));
  if (bundle === -1 || isBundle(path)) return true;
  const name = parts.at(-1) ?? "";
  if (PROGRAM_FOLDERS.has(folders.at(-1) ?? "") || SEAL_FILES.has(name)) return true;
  if (name.includes(".")) return LIBRARIES.has(ending(name));
  return !folders.slice(bundle + 1).some((part) => RESOURCE_FOLDERS.has(part));
}

/** In lower case, since the usual volume of a Mac does not tell the cases apart. */
function ending(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}
