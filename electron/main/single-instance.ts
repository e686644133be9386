import type { App } from "electron";
import { type CommandLine, parseCommandLine } from "./command-line.ts";

/**
 * One Sealbar for each data folder: a second one hands its command line over and ends.
 * @returns false when this is the second one
 */
export function becomeSingleInstance(app: App, onSecond: (commandLine: CommandLine) => void): boolean {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.on("second-instance", (_event, argv, workingDirectory) => onSecond(parseCommandLine(argv, workingDirectory)));
  return true;
}
