import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGE = join(import.meta.dirname, "../../node_modules/electron");

/**
 * Electron's own binary, or null where it has not been downloaded. Asking the `electron` package itself would try
 * to download it.
 */
export function electronBinary(): string | null {
  const named = join(PACKAGE, "path.txt");
  if (!existsSync(named)) return null;
  const binary = join(PACKAGE, "dist", readFileSync(named, "utf8").trim());
  return existsSync(binary) ? binary : null;
}

/** Takes the command line of Electron's binary; see README.md. */
export const STAND_IN = join(import.meta.dirname, "electron");
