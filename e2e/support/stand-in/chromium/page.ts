import { EventEmitter } from "node:events";
import { setTimeout } from "node:timers/promises";
import { BINDING, DELIVER, WORLD_NAME } from "../worlds/messages.ts";
import { closeTarget, openTarget } from "./browser.ts";
import type { Method, Protocol, Session } from "./cdp.ts";
import { type Frame, FrameTree } from "./frame-tree.ts";

export interface PageOptions {
  width: number;
  height: number;
  deviceScaleFactor: number;
  dark: boolean;
  scripts: { main: string; isolated: string };
}

interface PageEvents {
  message: [text: string, frame: Frame | null, contextId: number];
  request: [request: Protocol.Fetch.requestPausedPayload];
  "dom-ready": [];
  load: [];
  navigated: [frame: Frame];
  "navigated-in-page": [frame: Frame];
  console: [level: string, text: string, url: string, line: number];
  crashed: [];
  closed: [];
}

/** A frame that is there has its worlds long before this; one that is never given any is a fault of the test. */
const WORLD_MS = 10_000;
const ATTEMPTS = 50;
const PAUSE_MS = 100;

/** One Chromium tab that plays the part of a window's contents. */
export class Page extends EventEmitter<PageEvents> {
  readonly targetId: string;
  readonly frames: FrameTree;
  readonly #session: Session;
  /** HTTP status of the main frame's newest document; 0 before there is one. */
  documentStatus = 0;
  #dark = false;
  #size = { width: 0, height: 0, deviceScaleFactor: 1 };
  #closed = false;

  private constructor(targetId: string, session: Session) {
    super();
    this.targetId = targetId;
    this.#session = session;
    this.frames = new FrameTree(session, WORLD_NAME);
  }

  static async open(options: PageOptions): Promise<Page> {
    const { targetId, session } = await openTarget(options.width, options.height);
    const page = new Page(targetId, session);
    page.#dark = options.dark;
    page.#size = { width: options.width, height: options.height, deviceScaleFactor: options.deviceScaleFactor };
    page.#listen();
    // Sent in one go: Chromium handles them in this order, also while another client holds the target paused.
    await Promise.all([
      session.send("Page.enable"),
      session.send("Runtime.enable"),
      session.send("Log.enable"),
      session.send("Inspector.enable"),
      session.send("Runtime.addBinding", { name: BINDING, executionContextName: WORLD_NAME }),
      session.send("Page.addScriptToEvaluateOnNewDocument", { source: options.scripts.main }),
      session.send("Page.addScriptToEvaluateOnNewDocument", {
        source: options.scripts.isolated,
        worldName: WORLD_NAME,
      }),
      session.send("Fetch.enable", { patterns: [{ urlPattern: "*" }] }),
      page.#setSize(),
      page.#setTheme(),
      page.frames.load(session),
    ]);
    return page;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** @returns Chromium's error text, e.g. `net::ERR_ABORTED`, or null */
  async navigate(url: string): Promise<string | null> {
    const { errorText } = await this.#session.send("Page.navigate", { url });
    return errorText === undefined || errorText === "" ? null : errorText;
  }

  async reload(): Promise<void> {
    await this.#session.send("Page.reload", {});
  }

  /** Ends the renderer. */
  crash(): void {
    this.#quietly("Page.crash", {});
  }

  /** Hands a packed message to an isolated world; without a world there is nobody to hear it. */
  deliver(text: string, contextId: number | undefined): void {
    if (contextId === undefined) return;
    this.#quietly("Runtime.callFunctionOn", {
      functionDeclaration: `(text) => globalThis.${DELIVER}(text)`,
      executionContextId: contextId,
      arguments: [{ value: text }],
    });
  }

  /** Evaluates in one of a frame's worlds and gives the settled value back as JSON would. */
  async evaluate(frameId: string, world: "main" | "isolated", expression: string): Promise<unknown> {
    const contextId = await this.frames.whenWorld(frameId, world, WORLD_MS);
    const call = { expression, contextId, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#session.send("Runtime.evaluate", call);
    if (exceptionDetails === undefined) return result.value as unknown;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.#session.send("Page.captureScreenshot", { format: "png" });
    return Buffer.from(data, "base64");
  }

  /** As the user or the application changes it. */
  async changeTheme(dark: boolean): Promise<void> {
    this.#dark = dark;
    await this.#keepTheme();
  }

  async resize(width: number, height: number, deviceScaleFactor: number): Promise<void> {
    this.#size = { width, height, deviceScaleFactor };
    const wanted = () => `${this.#size.width} ${this.#size.height}`;
    await this.#untilItHolds("`${innerWidth} ${innerHeight}`", wanted, () => this.#setSize());
  }

  /** Enters and goes over the page with what is dragged, as a person does, then lets it go there or not. */
  async drag(data: Protocol.Input.DragData, x: number, y: number, letGo: boolean): Promise<void> {
    const types = letGo ? (["dragEnter", "dragOver", "drop"] as const) : (["dragEnter", "dragOver"] as const);
    for (const type of types) await this.#session.send("Input.dispatchDragEvent", { type, x, y, data });
  }

  bringToFront(): void {
    this.#quietly("Page.bringToFront", {});
  }

  continueRequest(requestId: string): void {
    this.#quietly("Fetch.continueRequest", { requestId });
  }

  failRequest(requestId: string, errorReason: Protocol.Network.ErrorReason): void {
    this.#quietly("Fetch.failRequest", { requestId, errorReason });
  }

  fulfillRequest(requestId: string, status: number, headers: [string, string][], body: Buffer): void {
    this.#quietly("Fetch.fulfillRequest", {
      requestId,
      responseCode: status,
      responseHeaders: headers.map(([name, value]) => ({ name, value })),
      body: body.toString("base64"),
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await closeTarget(this.targetId);
  }

  async #setTheme(): Promise<void> {
    const features = [{ name: "prefers-color-scheme", value: this.#dark ? "dark" : "light" }];
    await this.#session.send("Emulation.setEmulatedMedia", { features }).catch(() => undefined);
  }

  /** A driver that attached has its own idea of the theme, and the last one to say so wins. */
  #keepTheme(): Promise<void> {
    const question = `matchMedia("(prefers-color-scheme: dark)").matches`;
    return this.#untilItHolds(
      question,
      () => this.#dark,
      () => this.#setTheme(),
    );
  }

  async #setSize(): Promise<void> {
    const metrics = { ...this.#size, mobile: false };
    await this.#session.send("Emulation.setDeviceMetricsOverride", metrics).catch(() => undefined);
  }

  /** Says it again until the page has it: a page that is busy, or going somewhere, may miss what it is told. */
  async #untilItHolds(question: string, wanted: () => unknown, say: () => Promise<void>): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS && !this.#closed; attempt += 1) {
      await say();
      if ((await this.#seen(question)) === wanted()) return;
      await setTimeout(PAUSE_MS);
    }
  }

  /** What the page answers; null from one that is just then not there to be asked. */
  async #seen(question: string): Promise<unknown> {
    try {
      return await this.evaluate(this.frames.main.id, "isolated", question);
    } catch {
      return null;
    }
  }

  /** For commands whose failure only says that the page went away meanwhile. */
  #quietly<M extends Method>(method: M, params: Protocol.CommandParameters[M]): void {
    void this.#session.send(method, params).catch(() => undefined);
  }

  #listen(): void {
    const session = this.#session;
    session.on("Runtime.bindingCalled", ({ name, payload, executionContextId }) => {
      if (name !== BINDING) return;
      this.emit("message", payload, this.frames.frameOfWorld(executionContextId), executionContextId);
    });
    session.on("Fetch.requestPaused", (request) => this.emit("request", request));
    session.on("Page.domContentEventFired", () => {
      void this.#keepTheme();
      this.emit("dom-ready");
    });
    session.on("Page.loadEventFired", () => this.emit("load"));
    session.on("Page.frameNavigated", ({ frame }) => {
      const known = this.frames.get(frame.id);
      if (known !== null) this.emit("navigated", known);
    });
    session.on("Page.navigatedWithinDocument", ({ frameId }) => {
      const known = this.frames.get(frameId);
      if (known !== null) this.emit("navigated-in-page", known);
    });
    session.on("Runtime.consoleAPICalled", ({ type, args, stackTrace }) => {
      const text = args.map((arg) => String(arg.value ?? arg.description ?? arg.type)).join(" ");
      const at = stackTrace?.callFrames[0];
      this.emit("console", type, text, at?.url ?? "", at?.lineNumber ?? 0);
    });
    session.on("Runtime.exceptionThrown", ({ exceptionDetails: details }) => {
      const text = details.exception?.description ?? details.text;
      this.emit("console", "error", `Uncaught ${text}`, details.url ?? "", details.lineNumber);
    });
    session.on("Log.entryAdded", ({ entry }) => {
      this.emit("console", entry.level, entry.text, entry.url ?? "", entry.lineNumber ?? 0);
    });
    session.on("Inspector.targetCrashed", () => this.emit("crashed"));
    session.on("Inspector.detached", () => {
      this.#closed = true;
      this.emit("closed");
    });
  }
}
