import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath(name: string): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    if (folder !== "" && runnable(join(folder, name))) return join(folder, name);
  }
  return null;
}

/** A Chromium that the e2e tests can drive, or null. */
export function findBrowser(): string | null {
  const named = process.env["SEALBAR_CHROMIUM"];
  if (named !== undefined && named !== "") return runnable(named) ? named : null;
  const mac = "/Applications/Chromium.app/Contents/MacOS/Chromium";
  return onPath("chromium") ?? onPath("chromium-browser") ?? (runnable(mac) ? mac : null);
}

export function findCompiler(): string | null {
  return onPath("cc") ?? onPath("gcc") ?? onPath("clang");
}
