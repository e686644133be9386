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

interface Waiting {
  frameId: string;
  world: World;
  found: (contextId: number) => void;
}

/** Mirrors a page's frames and tells which frame each JavaScript world belongs to. */
export class FrameTree {
  readonly #frames = new Map<string, Frame>();
  readonly #contexts = new Map<number, { frameId: string; world: World }>();
  readonly #worldName: string;
  #waiting: Waiting[] = [];
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

  /** As `worldOfFrame`, but waits for it: Chromium tells of a frame before it tells of the frame's worlds. */
  whenWorld(frameId: string, world: World, milliseconds: number): Promise<number> {
    const known = this.worldOfFrame(frameId, world);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        frameId,
        world,
        found: (contextId) => {
          clearTimeout(timer);
          resolve(contextId);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(new Error(`stand-in: the frame has no ${world} world`));
      }, milliseconds);
      this.#waiting.push(waiting);
    });
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
    if (context.name === this.#worldName) this.#remember(context.id, frameId, "isolated");
    if (isDefault !== true) return;
    this.#remember(context.id, frameId, "main");
    const frame = this.#frames.get(frameId);
    if (frame !== undefined) frame.origin = context.origin;
  }

  #remember(contextId: number, frameId: string, world: World): void {
    this.#contexts.set(contextId, { frameId, world });
    const found = this.#waiting.filter((waiting) => waiting.frameId === frameId && waiting.world === world);
    this.#waiting = this.#waiting.filter((waiting) => !found.includes(waiting));
    for (const waiting of found) waiting.found(contextId);
  }
}
