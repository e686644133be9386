import { strictObject } from "../strict.ts";
import { partOf } from "../surface.ts";
import type * as Electron from "electron";

let text = "";

/** A clipboard of its own: tests do not touch the machine's. */
export const clipboard = strictObject(
  "clipboard",
  partOf<Electron.Clipboard>()({
    writeText(value: string): Promise<void> {
      text = value;
      return Promise.resolve();
    },
    readText: () => Promise.resolve(text),
    clear(): void {
      text = "";
    },
  }),
);
