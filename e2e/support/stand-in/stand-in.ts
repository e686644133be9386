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
  /** Drags files over a window, and lets them go there; they must lie in one folder. */
  dragFiles(contents: Electron.WebContents, paths: string[], letGo: boolean) {
    return WebContents.dragFiles(contents as unknown as WebContents, paths, letGo);
  },
  dragText(contents: Electron.WebContents, mimeType: string, data: string, letGo: boolean) {
    return WebContents.dragText(contents as unknown as WebContents, mimeType, data, letGo);
  },
};
export type StandIn = typeof standIn;
