import { describe, expect, it } from "vitest";
import { DEFAULT_APP_SETTINGS } from "#contract/settings.ts";
import { createIpcHandlers, type IpcHandlerDeps } from "./ipc-handlers.ts";
import { MonitorRefusal, MonitorUnavailable } from "./monitor-errors.ts";

function handlers(monitor: IpcHandlerDeps["monitor"]["request"], more: Partial<IpcHandlerDeps> = {}) {
  const calls: unknown[] = [];
  const made = createIpcHandlers({
    info: { version: "0.1.0", platform: "darwin", liveCollection: false },
    monitor: { trouble: null, request: monitor },
    recordings: {
      choose: async () => true,
      playDemo: async () => void calls.push("demo"),
      close: async () => void calls.push("close"),
    },
    settings: { current: DEFAULT_APP_SETTINGS, change: async () => ({ ...DEFAULT_APP_SETTINGS, theme: "dark" }) },
    onSettings: (settings) => calls.push(settings.theme),
    copyText: async (text) => void calls.push(text),
    inspections: {
      inspect: async (request) => (calls.push(request), null as never),
      cancel: async (id) => void calls.push(`cancel ${id}`),
    },
    chooseFile: async () => "/Applications/Paperboat.app",
    enableFullTier: async () => (calls.push("full tier"), "enabled" as const),
    chooseRulesFolder: async () => "/Users/ana/rules",
    menuBar: async () => (calls.push("menu bar"), null as never),
    fromMenuBar: (request) => void calls.push(request),
    onPageAsks: () => void calls.push("page is up"),
    ...more,
  });
  return { made, calls };
}

describe("createIpcHandlers", () => {
  it("shows a monitor that is away as a state, and knows the page is up", async () => {
    const { made, calls } = handlers(() => Promise.reject(new MonitorUnavailable("It is being restarted.")));
    expect(await made.snapshot(null)).toMatchObject({ monitor: null, monitorTrouble: "It is being restarted." });
    expect(calls).toEqual(["page is up"]);
  });

  it("knows the page is up before the monitor has answered", () => {
    const { made, calls } = handlers(() => new Promise(() => undefined));
    void made.snapshot(null);
    expect(calls).toEqual(["page is up"]);
  });

  it("does not hide another failure", async () => {
    const { made } = handlers(() => Promise.reject(new MonitorRefusal("The database is in use.")));
    await expect(made.snapshot(null)).rejects.toThrow("The database is in use.");
  });

  it("passes reading on with its payload", async () => {
    const asked: unknown[] = [];
    const { made } = handlers(async (verb, payload) => (asked.push([verb, payload]), null as never));
    await made.eventDetail({ rowId: 4 });
    await made.findingsPage({ limit: 5, before: null });
    expect(asked).toEqual([
      ["eventDetail", { rowId: 4 }],
      ["findingsPage", { limit: 5, before: null }],
    ]);
  });

  it("has files inspected, and answers with the one that was chosen", async () => {
    const { made, calls } = handlers(async () => null as never);
    const request = { path: "/bin/ls", depth: "header", id: "a" } as const;
    await made.inspectFile(request);
    expect(await made.cancelInspection({ id: "a" })).toBeNull();
    expect(await made.chooseFileToInspect(null)).toBe("/Applications/Paperboat.app");
    expect(calls).toEqual([request, "cancel a"]);
  });

  it("has a source tried again by the monitor, and says when nobody could be asked", async () => {
    const asked: unknown[] = [];
    const { made } = handlers(async (verb, payload) => (asked.push([verb, payload]), false as never));
    expect(await made.retrySource({ source: "log" })).toBe(false);
    expect(asked).toEqual([["retrySource", { source: "log" }]]);
  });

  it("opens the one place in System Settings, and says when there is none", async () => {
    const opened: string[] = [];
    const openSystemSettings = async (address: string) => void opened.push(address);
    const { made } = handlers(async () => null as never, { openSystemSettings });
    expect(await made.openFullDiskAccessSettings(null)).toBe(true);
    expect(opened).toEqual(["x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles"]);
    expect(await handlers(async () => null as never).made.openFullDiskAccessSettings(null)).toBe(false);
  });

  it("does the rest itself", async () => {
    const { made, calls } = handlers(async () => null as never);
    expect(await made.setSettings({ theme: "dark" })).toMatchObject({ theme: "dark" });
    await made.copyText({ text: "abc" });
    await made.playDemo(null);
    await made.closeRecording(null);
    expect(await made.enableFullTier(null)).toBe("enabled");
    expect(calls).toEqual(["dark", "abc", "demo", "close", "full tier"]);
  });
});
