import type { Protocol, Session } from "./cdp.ts";

export interface Frame {
  readonly id: string;
  readonly parentId: string | null;
  /** As Chromium has it; see scheme-urls.ts. */
  url: string;
  origin: string;
  name: string;
}

type World = "main" | "isolated";

/** Mirrors a page's frames and tells which frame each JavaScript world belongs to. */
export class FrameTree {
  readonly #frames = new Map<string, Frame>();
  readonly #contexts = new Map<number, { frameId: string; world: World }>();
  readonly #worldName: string;
  #mainId = "";

  constructor(session: Session, worldName: string) {
    this.#worldName = worldName;
    session.on("Page.frameAttached", ({ frameId, parentFrameId }) => this.#add(frameId, parentFrameId));
    session.on("Page.frameDetached", ({ frameId, reason }) => {
      if (reason === "remove") this.#frames.delete(frameId);
    });
    session.on("Page.frameNavigated", ({ frame }) => this.#update(frame));
    session.on("Page.navigatedWithinDocument", ({ frameId, url }) => {
      const frame = this.#frames.get(frameId);
      if (frame !== undefined) frame.url = url;
    });
    session.on("Runtime.executionContextCreated", ({ context }) => this.#contextCreated(context));
    session.on("Runtime.executionContextDestroyed", ({ executionContextId }) => {
      this.#contexts.delete(executionContextId);
    });
    session.on("Runtime.executionContextsCleared", () => this.#contexts.clear());
  }

  /** Reads the frames that were there before the events began. */
  async load(session: Session): Promise<void> {
    const { frameTree } = await session.send("Page.getFrameTree");
    this.#mainId = frameTree.frame.id;
    this.#update(frameTree.frame);
  }

  get main(): Frame {
    const frame = this.#frames.get(this.#mainId);
    if (frame === undefined) throw new Error("stand-in: the page has no main frame");
    return frame;
  }

  get(id: string): Frame | null {
    return this.#frames.get(id) ?? null;
  }

  all(): Frame[] {
    return [...this.#frames.values()];
  }

  /** The frame whose isolated world has this execution context. */
  frameOfWorld(contextId: number): Frame | null {
    const context = this.#contexts.get(contextId);
    return context?.world === "isolated" ? this.get(context.frameId) : null;
  }

  /** The newest execution context of a frame's world; undefined while it has none. */
  worldOfFrame(frameId: string, world: World): number | undefined {
    return [...this.#contexts].findLast(([, known]) => known.frameId === frameId && known.world === world)?.[0];
  }

  #add(id: string, parentId: string | null): Frame {
    const known = this.#frames.get(id);
    if (known !== undefined) return known;
    const frame = { id, parentId, url: "", origin: "null", name: "" };
    this.#frames.set(id, frame);
    return frame;
  }

  #update(raw: Protocol.Page.Frame): void {
    const frame = this.#add(raw.id, raw.parentId ?? null);
    frame.url = raw.url + (raw.urlFragment ?? "");
    frame.origin = raw.securityOrigin;
    frame.name = raw.name ?? "";
  }

  #contextCreated(context: Protocol.Runtime.ExecutionContextDescription): void {
    const { frameId, isDefault } = (context.auxData ?? {}) as { frameId?: string; isDefault?: boolean };
    if (frameId === undefined) return;
    if (context.name === this.#worldName) this.#contexts.set(context.id, { frameId, world: "isolated" });
    if (isDefault !== true) return;
    this.#contexts.set(context.id, { frameId, world: "main" });
    const frame = this.#frames.get(frameId);
    if (frame !== undefined) frame.origin = context.origin;
  }
}
