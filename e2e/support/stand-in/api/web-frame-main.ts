import type { Frame } from "../chromium/frame-tree.ts";
import type { Page } from "../chromium/page.ts";
import { fromPageOrigin, fromPageUrl } from "../scheme-urls.ts";
import { strictEmitter } from "../strict.ts";
import { asElectron, type PartOf } from "../surface.ts";
import { createCodec } from "../worlds/codec.ts";
import type { HostMessage } from "../worlds/messages.ts";
import type * as Electron from "electron";

const codec = createCodec();
const known = new WeakMap<Frame, WebFrameMain>();

/** A frame as the main process knows it; one object a frame, so that identity can be compared. */
export class WebFrameMain extends strictEmitter("WebFrameMain") implements PartOf<Electron.WebFrameMain> {
  readonly #page: Page;
  readonly #frame: Frame;

  private constructor(page: Page, frame: Frame) {
    super();
    this.#page = page;
    this.#frame = frame;
  }

  static of(page: Page, frame: Frame): Electron.WebFrameMain {
    let main = known.get(frame);
    if (main === undefined) {
      main = new WebFrameMain(page, frame);
      known.set(frame, main);
    }
    return asElectron<Electron.WebFrameMain>(main);
  }

  get url(): string {
    return fromPageUrl(this.#frame.url);
  }

  get origin(): string {
    return fromPageOrigin(this.#frame.origin);
  }

  get name(): string {
    return this.#frame.name;
  }

  get parent(): Electron.WebFrameMain | null {
    const parent = this.#page.frames.get(this.#frame.parentId ?? "");
    return parent === null ? null : WebFrameMain.of(this.#page, parent);
  }

  get top(): Electron.WebFrameMain | null {
    return WebFrameMain.of(this.#page, this.#page.frames.main);
  }

  get frames(): Electron.WebFrameMain[] {
    const children = this.#page.frames.all().filter((frame) => frame.parentId === this.#frame.id);
    return children.map((frame) => WebFrameMain.of(this.#page, frame));
  }

  get framesInSubtree(): Electron.WebFrameMain[] {
    return [asElectron<Electron.WebFrameMain>(this), ...this.frames.flatMap((frame) => frame.framesInSubtree)];
  }

  get frameToken(): string {
    return this.#frame.id;
  }

  /** One renderer process is presented; Chromium's own process ids are not reachable per frame. */
  get processId(): number {
    return 1;
  }

  get routingId(): number {
    return this.#page.frames.all().indexOf(this.#frame) + 1;
  }

  get detached(): boolean {
    return this.isDestroyed();
  }

  isDestroyed(): boolean {
    return this.#page.isClosed || this.#page.frames.get(this.#frame.id) !== this.#frame;
  }

  send(channel: string, ...args: unknown[]): void {
    const text = codec.pack({ t: "event", channel, args } satisfies HostMessage);
    this.#page.deliver(text, this.#page.frames.worldOfFrame(this.#frame.id, "isolated"));
  }

  executeJavaScript(code: string): Promise<unknown> {
    return this.#page.evaluate(this.#frame.id, "main", code);
  }
}
