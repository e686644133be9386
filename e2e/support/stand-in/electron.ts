/** What `import … from "electron"` gives in the main process. A name that is missing here fails at link time. */
export { app } from "./api/app.ts";
export { BrowserWindow } from "./api/browser-window.ts";
export { clipboard } from "./api/clipboard.ts";
export { dialog } from "./api/dialog.ts";
export { ipcMain } from "./api/ipc-main.ts";
export { Menu, MenuItem } from "./api/menu.ts";
export { nativeImage } from "./api/native-image.ts";
export { nativeTheme } from "./api/native-theme.ts";
export { Notification } from "./api/notification.ts";
export { powerMonitor } from "./api/power-monitor.ts";
export { protocol } from "./api/protocol.ts";
export { screen } from "./api/screen.ts";
export { session } from "./api/session.ts";
export { shell } from "./api/shell.ts";
export { Tray } from "./api/tray.ts";
export { utilityProcess } from "./api/utility-process.ts";
export { webContents } from "./api/web-contents-module.ts";
export { standIn } from "./stand-in.ts";
