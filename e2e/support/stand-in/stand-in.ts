import { setSystemAppearance } from "./api/native-theme.ts";
import { WebContents } from "./api/web-contents.ts";
import { records } from "./records.ts";
import type * as Electron from "electron";

/** The tests' door, handed out beside Electron's modules; only Playwright's `app.evaluate` opens it. */
export const standIn = {
  ...records,
  setSystemAppearance,
  /** Sends an invoke from any frame of a window, as a compromised renderer could; resolves with the answer. */
  invokeFromFrame(contents: Electron.WebContents, frameIndex: number, channel: string, args: unknown[]) {
    return WebContents.invokeFromFrame(contents as unknown as WebContents, frameIndex, channel, args);
  },
};
export type StandIn = typeof standIn;
