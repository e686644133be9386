import { strictEmitter } from "../strict.ts";
import type { PartOf } from "../surface.ts";
import type * as Electron from "electron";

type Handler = Parameters<Electron.IpcMain["handle"]>[1];

/** Handlers and listeners of `ipcMain`, of a window's `webContents.ipc` or of a frame's. */
export class IpcMain extends strictEmitter("ipcMain") implements PartOf<Electron.IpcMain> {
  readonly #handlers = new Map<string, Handler>();
  static readonly #opened = new WeakMap<object, Map<string, Handler>>();

  constructor() {
    super();
    IpcMain.#opened.set(this, this.#handlers);
  }

  handle(channel: string, listener: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, listener);
  }

  handleOnce(channel: string, listener: Handler): void {
    this.handle(channel, (event, ...args: unknown[]): unknown => {
      this.removeHandler(channel);
      return listener(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** For the stand-in's own dispatch. */
  static handlerOf(ipc: IpcMain, channel: string): Handler | undefined {
    return IpcMain.#opened.get(ipc)?.get(channel);
  }
}

export const ipcMain = new IpcMain();
