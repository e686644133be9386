import { records } from "../records.ts";
import { strictObject } from "../strict.ts";
import { partOf } from "../surface.ts";
import type * as Electron from "electron";

function note(verb: string, ...args: unknown[]): void {
  records.shellCalls.push({ verb, args });
}

/** Nothing leaves the process: what would have been opened is recorded. */
export const shell = strictObject(
  "shell",
  partOf<Electron.Shell>()({
    openExternal(url: string): Promise<void> {
      note("openExternal", url);
      return Promise.resolve();
    },
    openPath(path: string): Promise<string> {
      note("openPath", path);
      return Promise.resolve("");
    },
    showItemInFolder: (path: string): void => note("showItemInFolder", path),
    beep: (): void => note("beep"),
  }),
);
