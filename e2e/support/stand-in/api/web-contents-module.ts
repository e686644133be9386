import { strictObject } from "../strict.ts";
import { asElectron, partOf } from "../surface.ts";
import { WebContents } from "./web-contents.ts";
import type * as Electron from "electron";

const handOut = (contents: WebContents): Electron.WebContents => asElectron<Electron.WebContents>(contents);

/** The module `webContents` (the class's static functions). */
export const webContents = strictObject(
  "webContents",
  partOf<typeof Electron.webContents>()({
    getAllWebContents: () => WebContents.all().map(handOut),
    fromId(id: number): Electron.WebContents | undefined {
      const found = WebContents.all().find((contents) => contents.id === id);
      return found === undefined ? undefined : handOut(found);
    },
    fromDevToolsTargetId(targetId: string): Electron.WebContents | undefined {
      const found = WebContents.all().find((contents) => WebContents.targetIdOf(contents) === targetId);
      return found === undefined ? undefined : handOut(found);
    },
  }),
);
