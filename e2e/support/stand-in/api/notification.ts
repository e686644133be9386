import { electronEvent } from "../electron-event.ts";
import { records } from "../records.ts";
import { strictEmitter } from "../strict.ts";
import { asElectron, type PartOf } from "../surface.ts";
import type * as Electron from "electron";

/** Shown at once and recorded; a test plays the user by emitting `click` or `close`. */
export class Notification extends strictEmitter("Notification") implements PartOf<Electron.Notification> {
  title: string;
  subtitle: string;
  body: string;
  silent: boolean;

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super();
    this.title = options.title ?? "";
    this.subtitle = options.subtitle ?? "";
    this.body = options.body ?? "";
    this.silent = options.silent ?? false;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    const { title, body } = this;
    records.notifications.push({ title, body, notification: asElectron<Electron.Notification>(this) });
    setImmediate(() => this.emit("show", electronEvent({})));
  }

  close(): void {
    this.emit("close", electronEvent({}));
  }
}
