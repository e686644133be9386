import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { FIELD_NAMES } from "#core/enrich/fields.ts";
import { loadRules, type RuleLibrary } from "#core/rules/load-rules.ts";
import { type MonitorSettings, rulePlaceholders } from "#core/settings/monitor-settings.ts";

export interface RuleFile {
  /** Relative to the folder, for messages. */
  file: string;
  text: string;
}

const KNOWN_FIELDS: ReadonlySet<string> = new Set(FIELD_NAMES);
const FILES_MAX = 20_000;
const DEPTH_MAX = 32;
const FILE_BYTES_MAX = 1024 * 1024;

export interface RuleFolder {
  files: RuleFile[];
  /** Files that could not be read, each with the reason: one bad file hides no other. */
  unreadable: { file: string; reason: string }[];
}

/**
 * Every `.yml` and `.yaml` below a folder, in path order. Links to folders are not followed.
 * @throws when the folder itself cannot be read
 */
export function readRuleFolder(folder: string): RuleFolder {
  const found: RuleFolder = { files: [], unreadable: [] };
  const names = ruleNames(folder, found);
  for (const path of names.slice(0, FILES_MAX)) {
    const file = relative(folder, path);
    try {
      if (statSync(path).size > FILE_BYTES_MAX)
        found.unreadable.push({ file, reason: "larger than one mebibyte, so it is not a rule" });
      else found.files.push({ file, text: readFileSync(path, "utf8") });
    } catch (error) {
      found.unreadable.push({ file, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  if (names.length > FILES_MAX)
    found.unreadable.push({ file: folder, reason: `more than ${FILES_MAX} rule files; the rest were not read` });
  return found;
}

/** Walks by hand: Node's own recursive listing goes into links, and two links to `.` make that endless. */
function ruleNames(folder: string, found: RuleFolder): string[] {
  const names: string[] = [];
  const waiting = [{ path: folder, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, depth } = next;
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name);
      if (entry.isFile() && /\.ya?ml$/.test(entry.name)) names.push(inner);
      if (!entry.isDirectory()) continue;
      if (depth < DEPTH_MAX) waiting.push({ path: inner, depth: depth + 1 });
      else
        found.unreadable.push({
          file: relative(folder, inner),
          reason: `more than ${DEPTH_MAX} folders deep; not read`,
        });
    }
    if (names.length > FILES_MAX) break;
  }
  return names.sort();
}

/** The rules that ship with Sealbar, when it runs from source. */
export const OUR_RULES = join(import.meta.dirname, "../../rules");

/** Loads every rule below the folders; files that cannot be read are problems like any other. */
export function loadRuleFolders(folders: readonly string[], settings: MonitorSettings): RuleLibrary {
  const read = folders.map(readRuleFolder);
  const library = loadRules(
    read.flatMap((folder) => folder.files),
    rulePlaceholders(settings),
    { knownFields: KNOWN_FIELDS },
  );
  const unreadable = read
    .flatMap((folder) => folder.unreadable)
    .map(({ file, reason }) => ({ file, line: 1, kind: "error" as const, reason }));
  return { ...library, problems: [...unreadable, ...library.problems] };
}
