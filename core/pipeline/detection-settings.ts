import {
  MonitorSettingsFile,
  type MonitorSettingsAnswer,
  type MonitorSettingsChange,
  type MonitorSettingsView,
} from "#contract/monitor-settings.ts";
import type { Logger } from "#core/base/logger.ts";
import { type MonitorSettings, settingsOf } from "#core/settings/monitor-settings.ts";
import { changeSettingsFile, type LoadedFile, readSettingsFile } from "#core/settings/settings-file.ts";
import { type LoadedRules, loadRuleFolders, ruleStates } from "./rules-folder.ts";

/** The settings of the detection and the rules they let run, as they are in force now. */
export class DetectionSettings {
  readonly #path: string;
  readonly #rulesDir: string;
  #file: LoadedFile;
  #settings: MonitorSettings;
  #library: LoadedRules;

  constructor(path: string, rulesDir: string, logger: Logger) {
    this.#path = path;
    this.#rulesDir = rulesDir;
    this.#file = readSettingsFile(path);
    if (this.#file.problem !== null) logger.warn(this.#file.problem);
    this.#settings = settingsOf(this.#file.file);
    this.#library = loadRuleFolders([rulesDir], this.#settings);
  }

  get settings(): MonitorSettings {
    return this.#settings;
  }

  get library(): LoadedRules {
    return this.#library;
  }

  view(): MonitorSettingsView {
    return {
      settings: this.#file.file,
      defaults: MonitorSettingsFile.parse({}),
      problem: this.#file.problem,
      rules: ruleStates(this.#library),
      skipped: this.#library.problems.map(({ file, line, reason }) => ({ file, line, reason })),
    };
  }

  /** Stores a change and loads the rules anew; with a problem nothing is changed. */
  change(change: MonitorSettingsChange): MonitorSettingsAnswer {
    const problems = this.#store(change);
    return { problems, view: this.view() };
  }

  #store(change: MonitorSettingsChange): string[] {
    let changed: ReturnType<typeof changeSettingsFile>;
    try {
      changed = changeSettingsFile(this.#path, change);
    } catch (error) {
      const why = error instanceof Error ? error.message : "unknown reason";
      return [`The settings could not be stored, so nothing was changed: ${why}.`];
    }
    if (!changed.ok) return changed.problems;
    this.#file = { file: changed.file, problem: null };
    this.#settings = settingsOf(changed.file);
    this.#library = loadRuleFolders([this.#rulesDir], this.#settings);
    return [];
  }
}
