import { appState } from "../app-state.ts";
import { stopBrowser } from "../chromium/browser.ts";
import { electronEvent } from "../electron-event.ts";
import { environment } from "../environment.ts";
import { recordedCall, records } from "../records.ts";
import { strictEmitter, strictObject } from "../strict.ts";
import { asElectron, type PartOf, partOf } from "../surface.ts";
import { appEvents } from "./app-events.ts";
import { AppPaths } from "./app-paths.ts";
import { BrowserWindow } from "./browser-window.ts";
import { InstanceLock } from "./instance-lock.ts";
import { endUtilityProcesses, utilityProcessMetrics } from "./utility-process.ts";
import type * as Electron from "electron";

const commandLine = strictObject(
  "app.commandLine",
  partOf<Electron.CommandLine>()({
    appendSwitch: recordedCall("app.commandLine.appendSwitch"),
    hasSwitch: (name: string) => process.argv.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)),
    getSwitchValue: (name: string) =>
      process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? "",
  }),
);

let dockIsVisible = true;
const dock = strictObject(
  "app.dock",
  partOf<Electron.Dock>()({
    hide(): void {
      dockIsVisible = false;
    },
    show(): Promise<void> {
      dockIsVisible = true;
      return Promise.resolve();
    },
    isVisible: () => dockIsVisible,
    setBadge: recordedCall("app.dock.setBadge"),
    setMenu: recordedCall("app.dock.setMenu"),
  }),
);

class App extends strictEmitter("app") implements PartOf<Electron.App> {
  readonly #paths = new AppPaths();
  readonly #readyPromise: Promise<void>;
  #lock: InstanceLock | null = null;
  #openAtLogin = false;
  #exiting = false;

  readonly isPackaged = environment().isPackaged;
  readonly commandLine = asElectron<Electron.CommandLine>(commandLine);
  /** As in Electron, only a Mac has one. */
  readonly dock = process.platform === "darwin" ? asElectron<Electron.Dock>(dock) : undefined;
  readonly focus = recordedCall("app.focus");
  readonly enableSandbox = recordedCall("app.enableSandbox");
  readonly setAboutPanelOptions = recordedCall("app.setAboutPanelOptions");
  readonly setActivationPolicy = recordedCall("app.setActivationPolicy");

  constructor() {
    super();
    this.#readyPromise = new Promise((resolve) => this.once("ready", () => resolve()));
    appEvents.on("stand-in:no-window-left", () => this.#noWindowLeft());
    appEvents.on("stand-in:quit", () => this.quit());
    for (const name of [
      "web-contents-created",
      "browser-window-created",
      "browser-window-focus",
      "browser-window-blur",
    ]) {
      appEvents.on(name, (...args: unknown[]) => this.emit(name, ...args));
    }
    appEvents.on("child-process-gone", (...args: unknown[]) => this.emit("child-process-gone", ...args));
  }

  get name(): string {
    return environment().name;
  }

  whenReady(): Promise<void> {
    return this.#readyPromise;
  }

  isReady(): boolean {
    return appState.ready;
  }

  getName(): string {
    return this.name;
  }

  getVersion(): string {
    return environment().version;
  }

  getAppPath(): string {
    return environment().appDir;
  }

  getLocale(): string {
    return environment().locale;
  }

  getPath(name: Parameters<Electron.App["getPath"]>[0]): string {
    return this.#paths.get(name);
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  getAppMetrics(): Electron.ProcessMetric[] {
    const own = asElectron<Electron.ProcessMetric>({ pid: process.pid, type: "Browser", name: this.name });
    return [own, ...utilityProcessMetrics()];
  }

  getLoginItemSettings(): Electron.LoginItemSettings {
    return {
      openAtLogin: this.#openAtLogin,
      wasOpenedAtLogin: false,
      status: this.#openAtLogin ? "enabled" : "not-registered",
      executableWillLaunchAtLogin: this.#openAtLogin,
      launchItems: [],
    };
  }

  setLoginItemSettings(settings: Electron.Settings): void {
    this.#openAtLogin = settings.openAtLogin ?? false;
    records.systemCalls.push({ verb: "app.setLoginItemSettings", args: [settings] });
  }

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    this.#lock ??= new InstanceLock(this.getPath("userData"), (second) => {
      const { argv, workingDirectory } = second;
      this.emit("second-instance", electronEvent({}), argv, workingDirectory, second.additionalData);
    });
    return this.#lock.acquire({ argv: process.argv, workingDirectory: process.cwd(), additionalData });
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock?.isHeld ?? false;
  }

  releaseSingleInstanceLock(): void {
    this.#lock?.release();
  }

  /** Electron's documented order: `before-quit`, every window's `close`, `will-quit`, `quit`. */
  quit(): void {
    if (this.#exiting || appState.quitting) return;
    const before = electronEvent({});
    this.emit("before-quit", before);
    if (before.defaultPrevented) return;
    appState.quitting = true;
    const windows = BrowserWindow.getAllWindows();
    for (const window of windows) window.close();
    const stayed = windows.some((window) => !window.isDestroyed());
    const will = electronEvent({});
    if (!stayed) this.emit("will-quit", will);
    appState.quitting = false;
    if (!stayed && !will.defaultPrevented) this.exit(0);
  }

  exit(code = 0): void {
    if (this.#exiting) return;
    this.#exiting = true;
    appState.quitting = true;
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    this.emit("quit", electronEvent({}), code);
    void this.#end(code);
  }

  async #end(code: number): Promise<void> {
    endUtilityProcesses();
    await this.#lock?.handover;
    this.#lock?.release();
    await stopBrowser();
    process.exit(code);
  }

  #noWindowLeft(): void {
    if (appState.quitting) return;
    if (!this.emit("window-all-closed")) this.quit();
  }
}

export const app = new App();
