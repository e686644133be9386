import { describe, expect, it } from "vitest";
import type { Logger } from "#core/base/logger.ts";
import { silentLogger } from "#core/base/logger.ts";
import { channelOf, INVOKE_NAMES } from "#contract/ipc-names.ts";
import type { IpcHandlers } from "#contract/ipc.ts";
import { serveIpc } from "./ipc-server.ts";
import { MonitorRefusal, MonitorUnavailable } from "./monitor-errors.ts";
import type { Sender } from "./trusted-sender.ts";

const WINDOW = 3;
const MENU_BAR = 9;
const OURS: Sender = { sender: { id: WINDOW }, senderFrame: { parent: null, origin: "app://sealbar" } };

function serve(handlers: Partial<IpcHandlers>, log: Logger = silentLogger) {
  const registered = new Map<string, (event: Sender, ...args: unknown[]) => Promise<unknown>>();
  serveIpc({
    ipcMain: { handle: (channel, listener) => void registered.set(channel, listener) },
    handlers: handlers as IpcHandlers,
    windowId: () => WINDOW,
    menuBarId: () => MENU_BAR,
    log,
  });
  const call = (channel: string, event: Sender, ...args: unknown[]) => registered.get(channel)?.(event, ...args);
  return { registered, call };
}

describe("serveIpc", () => {
  it("registers exactly the invokes of the contract", () => {
    const { registered } = serve({});
    expect([...registered.keys()].sort()).toEqual(INVOKE_NAMES.map(channelOf).sort());
  });

  it("hands the parsed payload over and the answer back in an envelope", async () => {
    const handed: unknown[] = [];
    const { call } = serve({ copyText: async (payload) => (handed.push(payload), null) });
    expect(await call("sealbar:copyText", OURS, { text: "abc", extra: 1 })).toEqual({ ok: true, value: null });
    expect(handed).toEqual([{ text: "abc" }]);
  });

  it("lets the menu bar's popover ask for its own things, and for nothing else", async () => {
    const handled: string[] = [];
    const { call } = serve({
      fromMenuBar: async ({ do: what }) => (handled.push(what), null),
      copyText: async () => (handled.push("copied"), null),
    });
    const popover: Sender = { sender: { id: MENU_BAR }, senderFrame: { parent: null, origin: "app://sealbar" } };
    expect(await call("sealbar:fromMenuBar", popover, { do: "close" })).toEqual({ ok: true, value: null });
    expect(await call("sealbar:copyText", popover, { text: "abc" })).toMatchObject({ ok: false });
    expect(await call("sealbar:fromMenuBar", OURS, { do: "quit" })).toMatchObject({ ok: false });
    expect(handled).toEqual(["close"]);
  });

  it("refuses a wrong sender before it reads the payload", async () => {
    let asked = 0;
    const { call } = serve({ copyText: async () => (asked++, null) });
    const foreign: Sender = { sender: { id: WINDOW }, senderFrame: { parent: null, origin: "https://example.com" } };
    expect(await call("sealbar:copyText", foreign, { text: 5 })).toMatchObject({
      ok: false,
      error: { code: "forbidden" },
    });
    expect(asked).toBe(0);
  });

  it.each([
    ["sealbar:copyText", [{ text: 5 }]],
    ["sealbar:copyText", [{ text: "x".repeat(4_000_001) }]],
    ["sealbar:copyText", []],
    ["sealbar:copyText", [{ text: "abc" }, "surplus"]],
    ["sealbar:eventDetail", [{ rowId: "1; DROP TABLE events" }]],
    ["sealbar:findingsPage", [{ limit: 1e9 }]],
    ["sealbar:snapshot", [{}]],
    ["sealbar:setSettings", [{ theme: "purple" }]],
    ["sealbar:inspectFile", [{ path: "relative/path", depth: "header", id: "a" }]],
    ["sealbar:inspectFile", [{ path: "/bin/ls\0", depth: "header", id: "a" }]],
    ["sealbar:inspectFile", [{ path: `/${"x".repeat(5_000)}`, depth: "header", id: "a" }]],
    ["sealbar:inspectFile", [{ path: "/bin/ls", depth: "everything", id: "a" }]],
    ["sealbar:inspectFile", [{ path: "/bin/ls", depth: "header" }]],
    ["sealbar:cancelInspection", [{ id: 7 }]],
    ["sealbar:chooseFileToInspect", [{ path: "/etc" }]],
  ])("refuses a malformed payload: %s %j", async (channel, args) => {
    let asked = 0;
    const handlers = Object.fromEntries(INVOKE_NAMES.map((name) => [name, async () => (asked++, null)]));
    const { call } = serve(handlers);
    expect(await call(channel, OURS, ...args)).toMatchObject({ ok: false, error: { code: "bad-request" } });
    expect(asked).toBe(0);
  });

  it.each([
    [new MonitorUnavailable("The monitor is starting."), "unavailable", "The monitor is starting."],
    [new MonitorRefusal("This is not a capture."), "failed", "This is not a capture."],
    [
      new TypeError("x is undefined at /Users/ana/secret.ts:3"),
      "failed",
      "Something went wrong in Sealbar, so this was not done.",
    ],
  ])("turns %s into one sentence", async (error, code, message) => {
    const lines: string[] = [];
    const log: Logger = { ...silentLogger, error: (line) => void lines.push(line) };
    const playDemo = async () => {
      throw error;
    };
    const { call } = serve({ playDemo }, log);
    expect(await call("sealbar:playDemo", OURS, null)).toEqual({ ok: false, error: { code, message } });
    expect(lines).toHaveLength(error instanceof TypeError ? 1 : 0);
  });
});
