import type { Codec } from "./codec.ts";
import type { HostMessage, PageMessage } from "./messages.ts";
import type { WorldBridge } from "./world-bridge.ts";

export interface IsolatedOptions {
  binding: string;
  deliver: string;
  /** Where the stand-in says which files are being dropped. */
  dropped: string;
  invoke: string;
  platform: string;
  versions: Record<string, string>;
  argv: string[];
  preloadInSubFrames: boolean;
}

type Preload = (require: unknown, module: unknown, exports: unknown, process: unknown, global: unknown) => void;

/**
 * Runs the preload in Chromium's isolated world, where a sandboxed preload runs in Electron: same DOM, other globals.
 * Runs as source text: it must not refer to anything outside itself.
 */
export function runIsolatedWorld(codec: Codec, bridge: WorldBridge, options: IsolatedOptions, preload: Preload): void {
  type Listener = ((...args: unknown[]) => void) & { original?: Listener };
  const world = globalThis as unknown as Record<string, unknown>;
  const binding = world[options.binding] as (text: string) => void;
  const post = (message: PageMessage): void => binding(codec.pack(message));
  const listeners = new Map<string, Listener[]>();
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;

  function ask(build: (id: number) => PageMessage): Promise<unknown> {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      post(build(id));
      pending.set(id, { resolve, reject });
    });
  }

  const refuse = (what: string): never => {
    throw new Error(`stand-in: ${what} is not implemented`);
  };
  const strict = <T extends object>(owner: string, members: T): T =>
    new Proxy(members, {
      get: (target, key) =>
        key in target || typeof key === "symbol" || key === "then" || key === "toJSON"
          ? (Reflect.get(target, key) as unknown)
          : refuse(`${owner}.${key}`),
    });

  const ipcRenderer: object = strict("ipcRenderer", {
    on(channel: string, listener: Listener): object {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    once(channel: string, listener: Listener): object {
      const wrapped: Listener = (...args) => {
        remove(channel, wrapped);
        listener(...args);
      };
      wrapped.original = listener;
      listeners.set(channel, [...(listeners.get(channel) ?? []), wrapped]);
      return ipcRenderer;
    },
    off: remove,
    removeListener: remove,
    removeAllListeners(channel?: string): object {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return ipcRenderer;
    },
    listenerCount: (channel: string) => listeners.get(channel)?.length ?? 0,
    send: (channel: string, ...args: unknown[]) => post({ t: "send", channel, args }),
    invoke: (channel: string, ...args: unknown[]) => invoke(channel, ...args),
  });
  function remove(channel: string, listener: Listener): object {
    const rest = (listeners.get(channel) ?? []).filter((l) => l !== listener && l.original !== listener);
    listeners.set(channel, rest);
    return ipcRenderer;
  }

  function settle(message: Extract<HostMessage, { t: "answer" }>): void {
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.ok) waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.error));
  }
  Object.defineProperty(world, options.deliver, {
    value: (text: string) => {
      const message = codec.unpack(text) as HostMessage;
      if (message.t === "answer") return settle(message);
      const event = { sender: ipcRenderer, ports: [], senderId: 0, preventDefault: () => undefined };
      for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args);
    },
  });

  const invoke = (channel: string, ...args: unknown[]): Promise<unknown> =>
    ask((id) => ({ t: "invoke", id, channel, args }));
  Object.defineProperty(world, options.invoke, { value: invoke });

  bridge.post("host", {
    openWindow: (url: string) => post({ t: "open", url }),
    askPermission: (permission: string, check: boolean) => ask((id) => ({ t: "permission", id, permission, check })),
  });

  const exposed = new Set<string>();
  const contextBridge = strict("contextBridge", {
    exposeInMainWorld(key: string, api: unknown): void {
      if (exposed.has(key)) throw new Error("Cannot bind an API on top of an existing property on the window object");
      exposed.add(key);
      bridge.post("expose", { key, api });
    },
  });

  /** By name: files are dropped from one folder at a time, and the page cannot make one up that is in it. */
  let dropped = new Map<string, string>();
  Object.defineProperty(world, options.dropped, {
    value: (paths: string[]) => {
      dropped = new Map(paths.map((path) => [path.slice(path.lastIndexOf("/") + 1), path]));
    },
  });
  const webUtils = strict("webUtils", {
    getPathForFile(file: unknown): string {
      if (!(file instanceof File)) throw new TypeError("getPathForFile expected to receive a File object");
      return dropped.get(file.name) ?? "";
    },
  });

  const isMainFrame = window.top === window;
  if (!isMainFrame && !options.preloadInSubFrames) return;
  if (isMainFrame && location.href === "about:blank") return;
  const electron = strict("electron (sandboxed preload)", { contextBridge, ipcRenderer, webUtils });
  // The modules that a sandboxed preload may require; of these only electron is stood in for.
  const require = (name: string): unknown =>
    name === "electron" || name === "electron/renderer"
      ? electron
      : refuse(`require("${name}") in a sandboxed preload`);
  const process = strict("process (sandboxed preload)", {
    platform: options.platform,
    arch: "arm64",
    type: "renderer",
    sandboxed: true,
    contextIsolated: true,
    versions: options.versions,
    env: {},
    argv: options.argv,
    isMainFrame,
  });
  const module = { exports: {} };
  try {
    preload(require, module, module.exports, process, globalThis);
  } catch (error) {
    post({ t: "preload-error", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
