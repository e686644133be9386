import { homedir } from "node:os";
import { join } from "node:path";

/** Where the app keeps its data: below Electron's `userData` of an app of this name (electronjs.org/docs/latest/api/app, getPath). */
export function dataFolder(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  const config = env["XDG_CONFIG_HOME"];
  const appData =
    platform === "darwin"
      ? join(home, "Library/Application Support")
      : config === undefined || config === ""
        ? join(home, ".config")
        : config;
  return join(appData, "Sealbar/monitor");
}

export const settingsPath = (folder: string = dataFolder()): string => join(folder, "monitor-settings.json");

/** The database of this Mac. */
export const databasePath = (folder: string = dataFolder()): string => join(folder, "sealbar.db");
