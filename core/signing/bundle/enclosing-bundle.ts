import { realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { BundleLayout } from "./bundle-layout.ts";
import { systemError } from "./path-inside.ts";
import { resolveBundle } from "./resolve-bundle.ts";

/** X.app/Contents/MacOS/x and X.framework/Versions/A/x are the deepest: three folders up. */
const MOST_FOLDERS_UP = 3;

/**
 * The bundle whose main executable (or signed data file) is the file at `path`; null when it is that of none. A main
 * executable's signature binds Info.plist and the seal of its bundle, which are not in the file.
 * @throws ReadFault when a folder above is a bundle that cannot be read
 */
export function enclosingBundleOf(path: string): BundleLayout | null {
  const real = realPath(path);
  if (real === null) return null;
  let found: BundleLayout | null = null;
  let folder = real;
  for (let up = 0; up < MOST_FOLDERS_UP; up++) {
    folder = dirname(folder);
    if (folder === dirname(folder)) break;
    const layout = folder === "/" ? null : resolveBundle(folder);
    const main = layout?.executable ?? layout?.signedFile ?? null;
    // The current version of a framework is known by the framework's name, not by the version's.
    if (main?.absolute === real && (found === null || isVersionFolder(found))) found = layout;
  }
  return found;
}

function isVersionFolder(layout: BundleLayout): boolean {
  return basename(dirname(layout.root)) === "Versions";
}

function realPath(path: string): string | null {
  if (path.includes("\0")) return null;
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (systemError(error) === null) throw error;
    return null;
  }
}
