import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Frame } from "../chromium/frame-tree.ts";
import { Page } from "../chromium/page.ts";
import type { Protocol } from "../chromium/cdp.ts";
import { electronEvent } from "../electron-event.ts";
import { environment } from "../environment.ts";
import { records } from "../records.ts";
import { fromPageUrl, toPageUrl } from "../scheme-urls.ts";
import { strictEmitter } from "../strict.ts";
import { asElectron, type PartOf } from "../surface.ts";
import { createCodec } from "../worlds/codec.ts";
import { BINDING, DELIVER, DROPPED, type HostMessage, INVOKE, type PageMessage } from "../worlds/messages.ts";
import { pageScripts } from "../worlds/page-scripts.ts";
import { dispatchInvoke, dispatchSend, type IpcSender } from "./ipc-dispatch.ts";
import { IpcMain } from "./ipc-main.ts";
import { createFromBuffer } from "./native-image.ts";
import { nativeTheme } from "./native-theme.ts";
import { askPermission } from "./permissions.ts";
import { answerRequest } from "./requests.ts";
import { session } from "./session.ts";
import { WebFrameMain } from "./web-frame-main.ts";
import type * as Electron from "electron";

type OpenHandler = Parameters<Electron.WebContents["setWindowOpenHandler"]>[0];
const codec = createCodec();
const open = new Set<WebContents>();
let lastId = 0;

/** What a window's owner does for its contents. */
interface Owner {
  size: () => { width: number; height: number };
  close: () => void;
  focus: () => void;
}

export class WebContents extends strictEmitter("webContents") implements PartOf<Electron.WebContents> {
  readonly id = ++lastId;
  readonly session = asElectron<Electron.Session>(session.defaultSession);
  readonly #ipc = new IpcMain();
  readonly #owner: Owner;
  readonly #preferences: Electron.WebPreferences;
  readonly #ready: Promise<Page>;
  #page: Page | null = null;
  #openHandler: OpenHandler | null = null;
  /** The address that `loadURL` or `reload` is going to; only other navigations are the page's own. */
  #expected: string | null = null;
  #loading = false;

  constructor(owner: Owner, preferences: Electron.WebPreferences) {
    super();
    this.#owner = owner;
    this.#preferences = preferences;
    this.#ready = this.#create();
    this.#ready.catch((error: unknown) => process.stderr.write(`stand-in: no page: ${String(error)}\n`));
    open.add(this);
  }

  get ipc(): Electron.IpcMain {
    return asElectron<Electron.IpcMain>(this.#ipc);
  }

  get mainFrame(): Electron.WebFrameMain {
    const page = this.#livePage();
    return WebFrameMain.of(page, page.frames.main);
  }

  getURL(): string {
    return this.#page === null ? "" : fromPageUrl(this.#page.frames.main.url);
  }

  getType(): "window" {
    return "window";
  }

  isDestroyed(): boolean {
    return !open.has(this);
  }

  isLoading(): boolean {
    return this.#loading;
  }

  isCrashed(): boolean {
    return false;
  }

  isDevToolsOpened(): boolean {
    return false;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.isDestroyed()) throw new TypeError("Object has been destroyed");
    const text = codec.pack({ t: "event", channel, args } satisfies HostMessage);
    const page = this.#page;
    page?.deliver(text, page.frames.worldOfFrame(page.frames.main.id, "isolated"));
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#ready;
    // Normalised, as Chromium will ask for it.
    this.#expected = new URL(toPageUrl(url)).href.split("#")[0] ?? "";
    this.#loading = true;
    const loaded = new Promise<void>((resolve) => page.once("load", () => resolve()));
    const problem = await page.navigate(toPageUrl(url));
    if (problem === null) return loaded;
    this.#loading = false;
    this.emit("did-fail-load", electronEvent({}), -2, problem, url, true);
    throw new Error(`${problem} (-2) loading '${url}'`);
  }

  loadFile(path: string, options: Electron.LoadFileOptions = {}): Promise<void> {
    const url = pathToFileURL(isAbsolute(path) ? path : join(environment().appDir, path));
    if (options.hash !== undefined) url.hash = options.hash;
    return this.loadURL(url.href);
  }

  reload(): void {
    this.#expected = this.#page?.frames.main.url.split("#")[0] ?? null;
    void this.#page?.reload();
  }

  forcefullyCrashRenderer(): void {
    this.#page?.crash();
  }

  close(): void {
    this.#owner.close();
  }

  focus(): void {
    this.#owner.focus();
  }

  isFocused(): boolean {
    return false;
  }

  executeJavaScript(code: string): Promise<unknown> {
    return this.#ready.then((page) => page.evaluate(page.frames.main.id, "main", code));
  }

  async capturePage(): Promise<Electron.NativeImage> {
    return createFromBuffer(await (await this.#ready).screenshot());
  }

  /** For the window that owns it; not part of Electron. */
  static dispose(contents: WebContents): void {
    if (!open.delete(contents)) return;
    void contents.#ready.then((page) => page.close()).catch(() => undefined);
    contents.emit("destroyed");
  }

  static resized(contents: WebContents): void {
    const { width, height } = contents.#owner.size();
    void contents.#page?.resize(width, height, environment().deviceScaleFactor);
  }

  static all(): WebContents[] {
    return [...open];
  }

  static targetIdOf(contents: WebContents): string | null {
    return contents.#page?.targetId ?? null;
  }

  /** Invokes as the code in a frame's isolated world could, wherever the application put its preload. */
  static async invokeFromFrame(contents: WebContents, frameIndex: number, channel: string, args: unknown[]) {
    const page = await contents.#ready;
    const frame = page.frames.all()[frameIndex];
    if (frame === undefined) throw new Error(`stand-in: the window has no frame ${frameIndex}`);
    const call = `globalThis.${INVOKE}(${JSON.stringify(channel)}, ...${JSON.stringify(args)})`;
    return page.evaluate(frame.id, "isolated", call);
  }

  /**
   * Drags files over the middle of the window, as the Finder would; with `letGo` drops them there.
   * @param paths absolute, of one folder
   */
  static async dragFiles(contents: WebContents, paths: string[], letGo: boolean): Promise<void> {
    const page = await contents.#ready;
    await page.evaluate(page.frames.main.id, "isolated", `globalThis.${DROPPED}(${JSON.stringify(paths)})`);
    const { width, height } = contents.#owner.size();
    await page.drag({ items: [], files: paths, dragOperationsMask: 1 }, width / 2, height / 2, letGo);
  }

  /** As `dragFiles`, with text or an address. */
  static async dragText(contents: WebContents, mimeType: string, data: string, letGo: boolean): Promise<void> {
    const page = await contents.#ready;
    const { width, height } = contents.#owner.size();
    await page.drag({ items: [{ mimeType, data }], dragOperationsMask: 1 }, width / 2, height / 2, letGo);
  }

  static pageOf(contents: WebContents): Page | null {
    return contents.#page;
  }

  #livePage(): Page {
    if (this.#page === null) throw new Error("stand-in: the page is not there yet; wait for `web-contents-created`");
    return this.#page;
  }

  async #create(): Promise<Page> {
    const { preload, additionalArguments, nodeIntegrationInSubFrames } = this.#preferences;
    const scripts = pageScripts(preload === undefined ? "" : readFileSync(preload, "utf8"), {
      binding: BINDING,
      deliver: DELIVER,
      invoke: INVOKE,
      dropped: DROPPED,
      platform: process.platform,
      versions: { electron: process.versions["electron"] ?? "", chrome: process.versions["chrome"] ?? "" },
      argv: additionalArguments ?? [],
      preloadInSubFrames: nodeIntegrationInSubFrames === true,
    });
    const { deviceScaleFactor } = environment();
    const page = await Page.open({
      ...this.#owner.size(),
      deviceScaleFactor,
      dark: nativeTheme.shouldUseDarkColors,
      scripts,
    });
    this.#page = page;
    if (this.isDestroyed()) await page.close();
    nativeTheme.on("updated", () => void page.changeTheme(nativeTheme.shouldUseDarkColors));
    this.#listen(page);
    return page;
  }

  #listen(page: Page): void {
    page.on("message", (text, frame, context) => void this.#message(page, text, frame, context));
    page.on("request", (paused) => void this.#request(page, paused));
    page.on("dom-ready", () => this.emit("dom-ready", electronEvent({})));
    page.on("load", () => {
      this.#loading = false;
      this.emit("did-finish-load", electronEvent({}));
    });
    page.on("navigated", (frame) => {
      if (frame === page.frames.main) {
        this.emit("did-navigate", electronEvent({}), this.getURL(), page.documentStatus, "");
      }
    });
    page.on("navigated-in-page", (frame) => {
      this.emit("did-navigate-in-page", electronEvent({}), fromPageUrl(frame.url), frame === page.frames.main);
    });
    page.on("console", (level, message, sourceId, lineNumber) => {
      this.emit("console-message", electronEvent({ level, message, sourceId: fromPageUrl(sourceId), lineNumber }));
    });
    page.on("crashed", () => {
      this.emit("render-process-gone", electronEvent({}), { reason: "crashed", exitCode: 5 });
    });
    page.on("closed", () => this.#owner.close());
  }

  async #message(page: Page, text: string, frame: Frame | null, context: number): Promise<void> {
    const message = codec.unpack(text) as PageMessage;
    const contents = asElectron<Electron.WebContents>(this);
    const senderFrame = frame === null ? null : WebFrameMain.of(page, frame);
    const sender: IpcSender = {
      contents,
      frame: senderFrame,
      ipc: this.#ipc,
      answer: (answer) => page.deliver(answer, context),
    };
    switch (message.t) {
      case "send":
        return dispatchSend(sender, message.channel, message.args);
      case "invoke":
        return dispatchInvoke(sender, message.id, message.channel, message.args);
      case "open":
        return this.#windowOpen(message.url);
      case "permission": {
        const { id, permission, check } = message;
        const value = senderFrame !== null && (await askPermission(contents, senderFrame, permission, check));
        return page.deliver(codec.pack({ t: "answer", id, ok: true, value } satisfies HostMessage), context);
      }
      case "preload-error": {
        process.stderr.write(`Unable to load preload script: ${message.message}\n`);
        const { preload = "" } = this.#preferences;
        this.emit("preload-error", electronEvent({}), preload, new Error(message.message));
      }
    }
  }

  #windowOpen(pageUrl: string): void {
    const url = fromPageUrl(pageUrl);
    const { action } = this.#openHandler?.({
      url,
      frameName: "",
      features: "",
      disposition: "foreground-tab",
      referrer: { url: this.getURL(), policy: "strict-origin-when-cross-origin" },
    }) ?? { action: "allow" as const };
    records.windowOpens.push({ url, action });
    if (action === "allow") process.stderr.write("stand-in: a window opened by the page is not implemented\n");
  }

  async #request(page: Page, paused: Protocol.Fetch.requestPausedPayload): Promise<void> {
    if (paused.resourceType === "Document" && this.#navigationRefused(page, paused)) {
      return page.failRequest(paused.requestId, "Aborted");
    }
    return answerRequest(page, paused, this.id);
  }

  /** Asks `will-frame-navigate` and, for the main frame, `will-navigate`, about a navigation the page started. */
  #navigationRefused(page: Page, paused: Protocol.Fetch.requestPausedPayload): boolean {
    const isMainFrame = paused.frameId === page.frames.main.id;
    if (isMainFrame && paused.request.url === this.#expected) {
      this.#expected = null;
      return false;
    }
    const frame = page.frames.get(paused.frameId);
    // A reload, also one that the driver asks for, is no navigation that a page could misuse.
    if (isMainFrame && paused.request.url === frame?.url.split("#")[0]) return false;
    const url = fromPageUrl(paused.request.url);
    const details = {
      url,
      isSameDocument: false,
      isMainFrame,
      frame: frame === null ? null : WebFrameMain.of(page, frame),
    };
    const frameEvent = electronEvent(details);
    this.emit("will-frame-navigate", frameEvent);
    if (!isMainFrame) return frameEvent.defaultPrevented;
    const event = electronEvent(details);
    this.emit("will-navigate", event, url);
    return frameEvent.defaultPrevented || event.defaultPrevented;
  }
}
