import { appState } from "../app-state.ts";
import { electronEvent } from "../electron-event.ts";
import { environment } from "../environment.ts";
import { recordedCall, records } from "../records.ts";
import { strictEmitter } from "../strict.ts";
import { asElectron, type PartOf } from "../surface.ts";
import { appEvents } from "./app-events.ts";
import { WebContents } from "./web-contents.ts";
import { PRIMARY_DISPLAY } from "./screen.ts";
import type * as Electron from "electron";

const windows = new Map<number, BrowserWindow>();
let lastId = 0;
let focusedId: number | null = null;

const handOut = (window: BrowserWindow): Electron.BrowserWindow => asElectron<Electron.BrowserWindow>(window);

/** Options that would open a hole which the stand-in could not even reproduce. */
function refuseUnsafe(preferences: Electron.WebPreferences): void {
  const { nodeIntegration, contextIsolation, sandbox, webviewTag } = preferences;
  if (nodeIntegration === true || contextIsolation === false || sandbox === false || webviewTag === true) {
    throw new Error("stand-in: only sandboxed, context-isolated windows without node and webviews are implemented");
  }
}

export class BrowserWindow extends strictEmitter("BrowserWindow") implements PartOf<Electron.BrowserWindow> {
  readonly id = ++lastId;
  readonly webContents: Electron.WebContents;
  readonly #contents: WebContents;
  readonly setMenuBarVisibility = recordedCall("window.setMenuBarVisibility");
  readonly setBackgroundColor = recordedCall("window.setBackgroundColor");
  #bounds: Electron.Rectangle;
  #title: string;
  #visible: boolean;
  #minimized = false;
  #destroyed = false;
  #shown = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    if (!appState.ready) throw new Error("Cannot create BrowserWindow before app is ready");
    const preferences = options.webPreferences ?? {};
    refuseUnsafe(preferences);
    records.windows.push({ id: this.id, options });
    const { width = 800, height = 600 } = options;
    const { workArea } = PRIMARY_DISPLAY;
    this.#bounds = {
      width,
      height,
      x: options.x ?? Math.round(workArea.x + (workArea.width - width) / 2),
      y: options.y ?? Math.round(workArea.y + (workArea.height - height) / 2),
    };
    this.#title = options.title ?? environment().name;
    this.#visible = options.show !== false;
    windows.set(this.id, this);
    const contents = new WebContents(
      { size: () => this.#bounds, close: () => this.close(), focus: () => this.focus() },
      preferences,
    );
    this.#contents = contents;
    this.webContents = asElectron<Electron.WebContents>(contents);
    contents.on("did-finish-load", () => this.#readyToShow());
    contents.on("destroyed", () => this.destroy());
    if (this.#visible) this.focus();
    appEvents.emit("web-contents-created", electronEvent({}), this.webContents);
    appEvents.emit("browser-window-created", electronEvent({}), handOut(this));
  }

  static getAllWindows(): Electron.BrowserWindow[] {
    return [...windows.values()].map(handOut);
  }

  static getFocusedWindow(): Electron.BrowserWindow | null {
    return focusedId === null ? null : BrowserWindow.fromId(focusedId);
  }

  static fromId(id: number): Electron.BrowserWindow | null {
    const found = windows.get(id);
    return found === undefined ? null : handOut(found);
  }

  static fromWebContents(contents: Electron.WebContents): Electron.BrowserWindow | null {
    const found = [...windows.values()].find((window) => window.webContents === contents);
    return found === undefined ? null : handOut(found);
  }

  loadURL(url: string): Promise<void> {
    return this.#contents.loadURL(url);
  }

  loadFile(path: string, options?: Electron.LoadFileOptions): Promise<void> {
    return this.#contents.loadFile(path, options);
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    this.#minimized = false;
    if (this.#visible) return;
    this.#visible = true;
    this.emit("show", electronEvent({}));
  }

  hide(): void {
    if (!this.#visible) return;
    this.blur();
    this.#visible = false;
    this.emit("hide", electronEvent({}));
  }

  focus(): void {
    if (this.isFocused() || !this.#visible) return;
    BrowserWindow.getFocusedWindow()?.blur();
    focusedId = this.id;
    WebContents.pageOf(this.#contents)?.bringToFront();
    this.emit("focus", electronEvent({}));
    appEvents.emit("browser-window-focus", electronEvent({}), handOut(this));
  }

  blur(): void {
    if (!this.isFocused()) return;
    focusedId = null;
    this.emit("blur", electronEvent({}));
    appEvents.emit("browser-window-blur", electronEvent({}), handOut(this));
  }

  minimize(): void {
    this.blur();
    this.#minimized = true;
    this.emit("minimize", electronEvent({}));
  }

  restore(): void {
    this.#minimized = false;
    this.emit("restore", electronEvent({}));
  }

  isVisible(): boolean {
    return this.#visible && !this.#minimized;
  }

  isFocused(): boolean {
    return focusedId === this.id;
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  isMaximized(): boolean {
    return false;
  }

  isFullScreen(): boolean {
    return false;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  close(): void {
    if (this.#destroyed) return;
    const event = electronEvent({});
    this.emit("close", event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    if (this.isFocused()) focusedId = null;
    windows.delete(this.id);
    WebContents.dispose(this.#contents);
    this.emit("closed");
    if (windows.size === 0) appEvents.emit("stand-in:no-window-left");
  }

  getBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  getNormalBounds(): Electron.Rectangle {
    return this.getBounds();
  }

  getContentBounds(): Electron.Rectangle {
    return this.getBounds();
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    WebContents.resized(this.#contents);
    this.emit("resize", electronEvent({}));
    this.emit("move", electronEvent({}));
  }

  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  setContentSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getPosition(): number[] {
    return [this.#bounds.x, this.#bounds.y];
  }

  getTitle(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  #readyToShow(): void {
    if (this.#shown) return;
    this.#shown = true;
    this.emit("ready-to-show", electronEvent({}));
  }
}
