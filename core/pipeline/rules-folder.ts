import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { RuleState } from "#contract/monitor-settings.ts";
import { FIELD_NAMES } from "#core/enrich/fields.ts";
import { loadRules } from "#core/rules/load-rules.ts";
import { type ChosenLibrary, chooseRules, listRules } from "#core/rules/rule-choice.ts";
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

/** The rules of some folders, and which of them the settings let run. */
export interface LoadedRules extends ChosenLibrary {
  /** Files of the first folder: in the app, and where Sealbar runs from source, the rules that ship with it. */
  shipped: ReadonlySet<string>;
}

/**
 * Loads every rule below the folders, then those of the owner's folders (`rules.folders`), of which only the ones of the
 * minimum level run; what is disabled runs in no case. Files and owner's folders that cannot be read are problems like any
 * other. Files of the first folder are named relative to it, all others in full.
 * @throws when one of `folders` itself cannot be read
 */
export function loadRuleFolders(folders: readonly string[], settings: MonitorSettings): LoadedRules {
  const owners = settings.rules.folders.filter((folder) => !folders.includes(folder));
  const given = folders.map((folder, i) => named(readRuleFolder(folder), i === 0 ? null : folder));
  const owned = owners.map((folder) => named(readOwnersFolder(folder), folder));
  const read = [...given, ...owned];
  const loaded = loadRules(
    read.flatMap((folder) => folder.files),
    rulePlaceholders(settings),
    { knownFields: KNOWN_FIELDS, windows: settings.timeWindow },
  );
  const { disabled, minimumLevel } = settings.rules;
  const limited = new Set(owned.flatMap(({ files }) => files.map(({ file }) => file)));
  const library = chooseRules(loaded, { disabled, minimumLevel, hasMinimum: (file) => limited.has(file) });
  const unreadable = read
    .flatMap((folder) => folder.unreadable)
    .map(({ file, reason }) => ({ file, line: 1, kind: "error" as const, reason }));
  return {
    ...library,
    problems: [...unreadable, ...library.problems],
    shipped: new Set(given[0]?.files.map(({ file }) => file)),
  };
}

/** Every rule that was read and can run, as Settings lists it; what cannot run stands in the library's problems. */
export function ruleStates(library: LoadedRules): RuleState[] {
  return listRules(library, (file) => library.shipped.has(file));
}

/** A folder that is gone, e.g. on a disk that is not there, must not keep the others from running. */
function readOwnersFolder(folder: string): RuleFolder {
  try {
    return readRuleFolder(folder);
  } catch (error) {
    return {
      files: [],
      unreadable: [{ file: "", reason: `the folder cannot be read: ${error instanceof Error ? error.message : ""}` }],
    };
  }
}

function named(read: RuleFolder, folder: string | null): RuleFolder {
  if (folder === null) return read;
  return {
    files: read.files.map(({ file, text }) => ({ file: join(folder, file), text })),
    unreadable: read.unreadable.map(({ file, reason }) => ({ file: join(folder, file), reason })),
  };
}
