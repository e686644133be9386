import { randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { MonitorSettingsFile } from "#contract/monitor-settings.ts";
import { problemSentence } from "./monitor-settings.ts";

const MAX_BYTES = 4 * 1024 * 1024;

export interface LoadedFile {
  file: MonitorSettingsFile;
  /** What is wrong with the file, in sentences; null when all is well. With a problem, the defaults are in force. */
  problem: string | null;
}

type Changed = { ok: true; file: MonitorSettingsFile } | { ok: false; problems: string[] };

/** Reads the settings file. No file means the defaults; a file that cannot be used means the defaults and says why. */
export function readSettingsFile(path: string): LoadedFile {
  let text: string;
  try {
    text = readCapped(path);
  } catch (error) {
    if (isMissing(error)) return { file: MonitorSettingsFile.parse({}), problem: null };
    const why = error instanceof Error ? error.message : "unknown reason";
    return unusable(`The settings file cannot be read, so the defaults are in force: ${why}.`);
  }
  const parsed = parseFile(text);
  if (parsed.ok) return { file: parsed.file, problem: null };
  return unusable(["The settings file is not used, so the defaults are in force.", ...parsed.problems].join(" "));
}

/** Every problem is one sentence that names the setting; nothing is half applied. */
export function parseFile(text: string): Changed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "unreadable";
    return { ok: false, problems: [`The settings are not valid JSON: ${why}.`] };
  }
  return checked(json);
}

/**
 * Puts whole top-level settings in the place of what was, checks all of it, and writes it beside the file before it
 * takes the file's place, so that a crash leaves the old or the new one. A file that could not be used is replaced.
 * @throws when the file cannot be written
 */
export function changeSettingsFile(path: string, change: Readonly<Record<string, unknown>>): Changed {
  const changed = checked({ ...readSettingsFile(path).file, ...change });
  if (changed.ok) replaceFile(path, `${JSON.stringify(changed.file, null, 2)}\n`);
  return changed;
}

function checked(json: unknown): Changed {
  const parsed = MonitorSettingsFile.safeParse(json);
  if (parsed.success) return { ok: true, file: parsed.data };
  return { ok: false, problems: parsed.error.issues.map(problemSentence) };
}

function unusable(problem: string): LoadedFile {
  return { file: MonitorSettingsFile.parse({}), problem };
}

function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString("hex")}.new`;
  const file = openSync(draft, "wx", 0o600);
  try {
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
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

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
