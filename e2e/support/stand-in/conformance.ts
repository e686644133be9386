import type { app } from "./api/app.ts";
import type { BrowserWindow } from "./api/browser-window.ts";
import type { IpcMain } from "./api/ipc-main.ts";
import type { Menu, MenuItem } from "./api/menu.ts";
import type { nativeTheme } from "./api/native-theme.ts";
import type { Notification } from "./api/notification.ts";
import type { powerMonitor } from "./api/power-monitor.ts";
import type { screen } from "./api/screen.ts";
import type { Tray } from "./api/tray.ts";
import type { UtilityProcess } from "./api/utility-process.ts";
import type { WebContents } from "./api/web-contents.ts";
import type { WebFrameMain } from "./api/web-frame-main.ts";
import type { NothingExtra } from "./surface.ts";
import type * as Electron from "electron";

/**
 * Checked by the compiler only: each stand-in says `implements PartOf<…>`, which compares the signatures it has, and
 * this says that it has no public member that Electron does not have. Namespaces are checked by `partOf`.
 */
export type Conformance = [
  NothingExtra<typeof app, Electron.App>,
  NothingExtra<BrowserWindow, Electron.BrowserWindow>,
  NothingExtra<IpcMain, Electron.IpcMain>,
  NothingExtra<Menu, Electron.Menu>,
  NothingExtra<MenuItem, Electron.MenuItem>,
  NothingExtra<typeof nativeTheme, Electron.NativeTheme>,
  NothingExtra<Notification, Electron.Notification>,
  NothingExtra<typeof powerMonitor, Electron.PowerMonitor>,
  NothingExtra<typeof screen, Electron.Screen>,
  NothingExtra<Tray, Electron.Tray>,
  NothingExtra<UtilityProcess, Electron.UtilityProcess>,
  NothingExtra<WebContents, Electron.WebContents>,
  NothingExtra<WebFrameMain, Electron.WebFrameMain>,
];
export const conforms: Conformance = [true, true, true, true, true, true, true, true, true, true, true, true, true];
