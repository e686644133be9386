import { type LoadedRules, loadRuleFolders, OUR_RULES } from "#core/pipeline/rules-folder.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";

/**
 * The rules of a folder by themselves; together with ours where they build on those. The folder's own are the library's
 * `shipped`, and its problems alone are given.
 * @throws when the folder cannot be read
 */
export function rulesOfFolder(folder: string): LoadedRules {
  const alone = loadRuleFolders([folder], DEFAULT_MONITOR_SETTINGS);
  if (alone.problems.length === 0) return alone;
  const joined = loadRuleFolders([folder, OUR_RULES], DEFAULT_MONITOR_SETTINGS);
  const unreadable = alone.problems.filter(({ file }) => !joined.shipped.has(file));
  const problems = joined.problems.filter(({ file }) => joined.shipped.has(file));
  return { ...joined, problems: [...unreadable, ...problems] };
}
