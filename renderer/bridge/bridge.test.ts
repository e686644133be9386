import { describe, expect, it } from "vitest";
import { AppSnapshot, type PreloadApi } from "#contract/ipc.ts";
import { INVOKE_NAMES, NOTIFY_NAMES, PRELOAD_KEY } from "#contract/ipc-names.ts";
import { MonitorChange } from "#contract/monitor-port.ts";
import { EventDetail, TimelinePage } from "#contract/timeline.ts";
import { sampleInspections } from "./sample/inspections.ts";
import { Inspection } from "#contract/inspection.ts";
import { MemoryBridge } from "./memory-bridge.ts";
import {
  degradedScenario,
  firstRunScenario,
  freshScenario,
  fullScenario,
  troubledScenario,
  watchedScenario,
} from "./sample/scenarios.ts";
import { windowBridge } from "./window-bridge.ts";

const anything = { origins: [], minSeverity: null, text: "" };

describe("window bridge", () => {
  const api = {
    invoke: Object.fromEntries(INVOKE_NAMES.map((name) => [name, () => Promise.reject(new Error("main is gone"))])),
    on: Object.fromEntries(NOTIFY_NAMES.map((name) => [name, () => () => undefined])),
  } as unknown as PreloadApi;

  it("is absent on a page without a preload", () => {
    expect(windowBridge({})).toBeNull();
  });

  it("turns a rejected call into an error value", async () => {
    const bridge = windowBridge({ [PRELOAD_KEY]: api });
    expect(await bridge?.invoke("snapshot", null)).toEqual({
      ok: false,
      error: { code: "unavailable", message: "main is gone" },
    });
  });
});

describe("the path of a dropped file", () => {
  it.each([
    ["Paperboat.app", "/Users/ana/Paperboat.app"],
    ["made-up", null],
    ["strange", null],
  ])("%s: %s", (name, path) => {
    const pathOf = (file: File) => {
      if (file.name === "strange") throw new TypeError("not a file");
      return file.name === "made-up" ? "" : `/Users/ana/${file.name}`;
    };
    const bridge = windowBridge({ [PRELOAD_KEY]: { invoke: {}, on: {}, pathOf } });
    expect(bridge?.pathOf(new File([], name))).toBe(path);
  });
});

describe("memory bridge", () => {
  it.each([
    ["full", fullScenario],
    ["fresh", freshScenario],
    ["troubled", troubledScenario],
    ["first run", firstRunScenario],
    ["watched", watchedScenario],
    ["degraded", degradedScenario],
  ])("answers as the contract says (%s)", async (_, scenario) => {
    const bridge = new MemoryBridge(scenario());
    const snapshot = await bridge.invoke("snapshot", null);
    expect(AppSnapshot.safeParse(snapshot.ok ? snapshot.value : null).error).toBeUndefined();
    const page = await bridge.invoke("timelinePage", { filter: anything, before: null, limit: 200 });
    expect(TimelinePage.safeParse(page.ok ? page.value : null).error).toBeUndefined();
    const rowId = page.ok ? (page.value.rows[0]?.rowId ?? 0) : 0;
    const detail = await bridge.invoke("eventDetail", { rowId });
    for (const { path } of sampleInspections) {
      for (const depth of ["header", "full", "deep"] as const) {
        const inspected = await bridge.invoke("inspectFile", { path, depth, id: "a" });
        expect(Inspection.safeParse(inspected.ok ? inspected.value : null).error).toBeUndefined();
      }
    }
    expect(EventDetail.nullable().safeParse(detail.ok ? detail.value : false).error).toBeUndefined();
  });

  it("pushes changes as the contract says", () => {
    const bridge = new MemoryBridge(fullScenario());
    const seen: unknown[] = [];
    const stop = bridge.on("changed", (change) => seen.push(change));
    bridge.push([]);
    stop();
    bridge.push([]);
    expect(seen.length).toBe(1);
    expect(MonitorChange.safeParse(seen[0]).error).toBeUndefined();
  });
});
