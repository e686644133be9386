import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { DEFAULT_MONITOR_SETTINGS, type MonitorSettings, parseMonitorSettings } from "./monitor-settings.ts";

const MAX_BYTES = 4 * 1024 * 1024;

interface LoadedSettings {
  settings: MonitorSettings;
  /** What is wrong with the file, in sentences; null when all is well. With a problem, the defaults are in force. */
  problem: string | null;
}

/** Reads the settings file. No file means the defaults; a file that cannot be used means the defaults and says why. */
export function readSettings(path: string): LoadedSettings {
  let text: string;
  try {
    text = readCapped(path);
  } catch (error) {
    if (isMissing(error)) return defaults(null);
    const why = error instanceof Error ? error.message : "unknown reason";
    return defaults(`The settings file cannot be read, so the defaults are in force: ${why}.`);
  }
  const result = parseMonitorSettings(text);
  if (result.ok) return { settings: result.settings, problem: null };
  return defaults(["The settings file is not used, so the defaults are in force.", ...result.problems].join(" "));
}

function readCapped(path: string): string {
  const file = openSync(path, "r");
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error("it is not a file");
    if (stat.size > MAX_BYTES) throw new Error("it is larger than any settings file");
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

function defaults(problem: string | null): LoadedSettings {
  return { settings: structuredClone(DEFAULT_MONITOR_SETTINGS), problem };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
