import { app, BrowserWindow, screen } from "electron";
import { type Clock, MINUTE } from "#core/base/clock.ts";
import type { Logger } from "#core/base/logger.ts";
import { APP_ORIGIN, channelOf, type NotifyName } from "#contract/ipc-names.ts";
import type { AppCommand, NotifyPayload } from "#contract/ipc.ts";
import { pagePreferences } from "./page-preferences.ts";
import { RateLimit } from "./rate-limit.ts";
import { MINIMUM_SIZE, openingBounds, type WindowBounds } from "./window-bounds.ts";

export interface MainWindowDeps {
  /** The built preload, absolute. */
  preload: string;
  developerTools: boolean;
  log: Logger;
  clock: Clock;
  /** Nobody waits any longer for what the page had asked for. */
  onGone: () => void;
  bounds: { readSync(): WindowBounds | null; write(bounds: WindowBounds): Promise<void> };
}

/** A page that dies more often than this in a minute would die again: its window goes, the app stays. */
const RELOADS_A_MINUTE = 3;

/** The one window. It comes and goes; the app stays in the menu bar. */
export class MainWindow {
  readonly #deps: MainWindowDeps;
  #window: BrowserWindow | null = null;
  #pageIsUp = false;
  /** What the page is told once it is up. */
  #waiting: (() => void)[] = [];
  readonly #reloads: RateLimit;

  constructor(deps: MainWindowDeps) {
    this.#deps = deps;
    this.#reloads = new RateLimit(deps.clock, RELOADS_A_MINUTE, MINUTE);
  }

  /** The webContents id of the window; null while there is none. */
  get contentsId(): number | null {
    return this.#window?.webContents.id ?? null;
  }

  /** Shows the window, making it first when it was closed. */
  open(): void {
    // An app without a Dock icon does not come forward by itself.
    app.focus({ steal: true });
    if (this.#window === null) {
      this.#window = this.#create();
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  close(): void {
    this.#window?.close();
  }

  /** Says something to the page, if there is one; a page that is not there yet asks for everything when it is. */
  notify<K extends NotifyName>(name: K, payload: NotifyPayload<K>): void {
    this.#window?.webContents.send(channelOf(name), payload);
  }

  /** Has the page carry out a command, opening the window for it; the command waits for the page. */
  command(command: AppCommand): void {
    this.#tell(() => this.notify("command", command));
  }

  /** Has the page show a finding, opening the window for it. */
  openFinding(id: number): void {
    this.#tell(() => this.notify("openFinding", { id }));
  }

  /** Has the page inspect a file, opening the window for it. */
  openFile(path: string): void {
    this.#tell(() => this.notify("openFile", { path }));
  }

  #tell(say: () => void): void {
    this.open();
    if (this.#pageIsUp) say();
    else this.#waiting.push(say);
  }

  /**
   * The page asks for a snapshot, so it has subscribed to everything. What waits is said at once: the answer may take as
   * long as the monitor does, and the page can obey without it.
   */
  pageAsks(): void {
    if (this.#window === null) return;
    this.#pageIsUp = true;
    for (const say of this.#waiting.splice(0)) say();
  }

  #create(): BrowserWindow {
    const workAreas = screen.getAllDisplays().map((display) => display.workArea);
    const window = new BrowserWindow({
      ...openingBounds(this.#deps.bounds.readSync(), workAreas),
      minWidth: MINIMUM_SIZE.width,
      minHeight: MINIMUM_SIZE.height,
      title: "Sealbar",
      show: false,
      ...(process.platform === "darwin" && { titleBarStyle: "hiddenInset" as const, vibrancy: "sidebar" as const }),
      webPreferences: pagePreferences(this.#deps),
    });
    window.once("ready-to-show", () => window.show());
    window.on("close", () => {
      this.#deps.bounds.write(window.getNormalBounds()).catch(() => {
        this.#deps.log.warn("where the window was could not be stored");
      });
    });
    window.once("closed", () => {
      this.#window = null;
      this.#pageIsUp = false;
      this.#deps.onGone();
    });
    window.webContents.on("render-process-gone", (_event, details) => {
      if (details.reason !== "clean-exit") this.#pageDied(window, details.reason);
    });
    window.loadURL(`${APP_ORIGIN}/index.html`).catch((error: unknown) => {
      this.#deps.log.error(`the window could not be loaded: ${String(error)}`);
    });
    return window;
  }

  #pageDied(window: BrowserWindow, reason: string): void {
    this.#pageIsUp = false;
    this.#deps.onGone();
    const again = this.#reloads.take();
    this.#deps.log.error(`the window's process ended (${reason}); its page is ${again ? "loaded again" : "given up"}`);
    // After the event: Electron is still taking the old process apart while it is emitted.
    setImmediate(() => {
      if (window.isDestroyed()) return;
      if (again) window.webContents.reload();
      else window.destroy();
    });
  }
}
