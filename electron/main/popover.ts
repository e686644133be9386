import { BrowserWindow, type Rectangle, screen } from "electron";
import type { Logger } from "#core/base/logger.ts";
import { APP_ORIGIN, channelOf } from "#contract/ipc-names.ts";
import type { Later } from "./later.ts";
import { pagePreferences } from "./page-preferences.ts";
import { popoverBounds, POPOVER_WIDTH } from "./popover-bounds.ts";

export interface PopoverDeps {
  /** The built preload, absolute. */
  preload: string;
  developerTools: boolean;
  later: Later;
  log: Logger;
}

const FIRST_HEIGHT = 240;
/**
 * A click on the seal takes the focus from an open popover before it arrives: hidden at once it would open again.
 * UNVERIFIED on a Mac: how long that takes.
 */
const BLUR_MS = 120;

/** What opens below the status item: made at its first use, then shown and hidden. */
export class Popover {
  readonly #deps: PopoverDeps;
  #window: BrowserWindow | null = null;
  #below: Rectangle = { x: 0, y: 0, width: 0, height: 0 };
  #height = FIRST_HEIGHT;
  /** Takes back that it is about to hide. */
  #stayOpen: () => void = () => undefined;

  constructor(deps: PopoverDeps) {
    this.#deps = deps;
  }

  /** The webContents id; null while there is none. */
  get contentsId(): number | null {
    return this.#window?.webContents.id ?? null;
  }

  /** @param below bounds of the status item, in screen coordinates */
  toggle(below: Rectangle): void {
    if (this.#window?.isVisible() === true) {
      this.hide();
      return;
    }
    this.#below = below;
    const window = this.#window ?? this.#create();
    this.#window = window;
    this.#place();
    window.show();
    window.focus();
    this.changed();
  }

  hide(): void {
    this.#stayOpen();
    this.#window?.hide();
  }

  /** The page is as tall as this, px. */
  resize(height: number): void {
    this.#height = height;
    if (this.#window !== null) this.#place();
  }

  /** What it shows is another now. */
  changed(): void {
    if (this.#window?.isVisible() === true) this.#window.webContents.send(channelOf("menuBarChanged"), null);
  }

  close(): void {
    this.#stayOpen();
    this.#window?.destroy();
  }

  #place(): void {
    const { workArea } = screen.getDisplayNearestPoint({ x: this.#below.x, y: this.#below.y });
    this.#window?.setBounds(popoverBounds(this.#below, this.#height, workArea));
  }

  #create(): BrowserWindow {
    const window = new BrowserWindow({
      width: POPOVER_WIDTH,
      height: FIRST_HEIGHT,
      title: "Sealbar",
      show: false,
      frame: false,
      resizable: false,
      movable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
      ...(process.platform === "darwin" && { type: "panel" as const, vibrancy: "popover" as const }),
      webPreferences: pagePreferences(this.#deps),
    });
    window.on("blur", () => {
      this.#stayOpen();
      this.#stayOpen = this.#deps.later(BLUR_MS, () => this.hide());
    });
    window.on("focus", () => this.#stayOpen());
    window.once("closed", () => {
      this.#stayOpen();
      this.#window = null;
    });
    window.webContents.on("render-process-gone", () => {
      // The next click makes another.
      setImmediate(() => window.destroy());
    });
    window.loadURL(`${APP_ORIGIN}/index.html#menu-bar`).catch((error: unknown) => {
      this.#deps.log.error(`the menu bar's popover could not be loaded: ${String(error)}`);
    });
    return window;
  }
}
