import { homedir } from "node:os";
import { join } from "node:path";

/** Where the app keeps its data: Electron's `userData` of an app of this name (electronjs.org/docs/latest/api/app, getPath). */
export function settingsPath(
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
  return join(appData, "Sealbar/monitor/monitor-settings.json");
}
