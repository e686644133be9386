import type * as Electron from "electron";

export interface RecordedTray {
  image: () => Electron.NativeImage;
  title: () => string;
  toolTip: () => string;
  menu: () => Electron.Menu | null;
  click: () => void;
  destroyed: () => boolean;
}

export interface RecordedNotification {
  title: string;
  body: string;
  notification: Electron.Notification;
}

/** What the application did to the world outside its windows. Reachable through Playwright's `app.evaluate` only. */
export interface Records {
  /** Every window that was made, with the options as the application gave them. */
  windows: { id: number; options: Electron.BrowserWindowConstructorOptions }[];
  trays: RecordedTray[];
  notifications: RecordedNotification[];
  shellCalls: { verb: string; args: unknown[] }[];
  dialogs: { verb: string; options: unknown }[];
  /** Answers for the next dialogs, in order; without one a dialog is cancelled. */
  dialogReplies: unknown[];
  /** Requests that the application's own rules cancelled, and those that would have left the machine. */
  cancelledRequests: string[];
  offlineRequests: string[];
  windowOpens: { url: string; action: string }[];
  permissions: { kind: "request" | "check"; permission: string; granted: boolean }[];
  /** Windows that Chromium opened behind the application's back (there should never be one). */
  strayWindows: string[];
  /** What the application asked of the Dock, the login items and the like. */
  systemCalls: { verb: string; args: unknown[] }[];
}

export const records: Records = {
  windows: [],
  trays: [],
  notifications: [],
  shellCalls: [],
  dialogs: [],
  dialogReplies: [],
  cancelledRequests: [],
  offlineRequests: [],
  windowOpens: [],
  permissions: [],
  strayWindows: [],
  systemCalls: [],
};

/** A verb that only has an effect outside the windows: it is noted and otherwise does nothing. */
export function recordedCall(verb: string): (...args: unknown[]) => void {
  return (...args) => {
    records.systemCalls.push({ verb, args });
  };
}
