import { type MonitorSettings, settingsOf } from "./monitor-settings.ts";
import { readSettingsFile } from "./settings-file.ts";

interface LoadedSettings {
  settings: MonitorSettings;
  /** What is wrong with the file, in sentences; null when all is well. With a problem, the defaults are in force. */
  problem: string | null;
}

/** Reads the settings file as the rooms take it. */
export function readSettings(path: string): LoadedSettings {
  const { file, problem } = readSettingsFile(path);
  return { settings: settingsOf(file), problem };
}
