import { readdirSync } from "node:fs";
import { join } from "node:path";

export const VOLUMES = "/Volumes";
const MAX_VOLUMES = 64;

/** Where code arrives and lies on a Mac. The home folder's Desktop and Downloads are only watched, never listed by us. */
export function macWatchRoots(home: string): string[] {
  const own = ["Downloads", "Desktop", "Applications"].map((name) => join(home, name));
  return [...own, "/Applications", "/private/tmp", "/Users/Shared", ...mountedVolumes(VOLUMES)];
}

/** Of these the entries may be listed without macOS asking the user for a permission (UNVERIFIED). */
export function macBaselineFolders(home: string): string[] {
  return [join(home, "Applications"), "/Applications", "/private/tmp", "/Users/Shared"];
}

/**
 * Volumes but the one that the system runs from, which is a link there (UNVERIFIED on every version). Told from the
 * listing alone: to touch a volume whose server is gone could take for ever.
 */
export function mountedVolumes(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const volumes = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
    return volumes.slice(0, MAX_VOLUMES);
  } catch {
    return [];
  }
}
