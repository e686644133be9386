import { describe, expect, it } from "vitest";
import { AppSnapshot, type PreloadApi } from "#contract/ipc.ts";
import { MonitorSettingsView } from "#contract/monitor-settings.ts";
import { JournalPage } from "#contract/posture.ts";
import { INVOKE_NAMES, NOTIFY_NAMES, PRELOAD_KEY } from "#contract/ipc-names.ts";
import { MonitorChange } from "#contract/monitor-port.ts";
import { EventDetail, TimelinePage } from "#contract/timeline.ts";
import { sampleInspections } from "./sample/inspections.ts";
import { Inspection } from "#contract/inspection.ts";
import { MemoryBridge } from "./memory-bridge.ts";
import {
  acceptedScenario,
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
    ["accepted", acceptedScenario],
  ])("answers as the contract says (%s)", async (_, scenario) => {
    const bridge = new MemoryBridge(scenario());
    const snapshot = await bridge.invoke("snapshot", null);
    expect(AppSnapshot.safeParse(snapshot.ok ? snapshot.value : null).error).toBeUndefined();
    const page = await bridge.invoke("timelinePage", { filter: anything, before: null, limit: 200 });
    expect(TimelinePage.safeParse(page.ok ? page.value : null).error).toBeUndefined();
    const rowId = page.ok ? (page.value.rows[0]?.rowId ?? 0) : 0;
    const detail = await bridge.invoke("eventDetail", { rowId });
    const journal = await bridge.invoke("postureJournal", { about: null, before: null, limit: 50 });
    expect(JournalPage.safeParse(journal.ok ? journal.value : null).error).toBeUndefined();
    const settings = await bridge.invoke("monitorSettings", null);
    expect(MonitorSettingsView.safeParse(settings.ok ? settings.value : null).error).toBeUndefined();
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

describe("the memory bridge's posture", () => {
  it("pages its journal, all of it or that of one setting", async () => {
    const bridge = new MemoryBridge(watchedScenario());
    const first = await bridge.invoke("postureJournal", { about: null, before: null, limit: 50 });
    if (!first.ok) throw new Error(first.error.message);
    const { entries, next, chain } = first.value;
    expect(entries).toHaveLength(50);
    const rest = await bridge.invoke("postureJournal", { about: null, before: next, limit: 200 });
    const all = [...entries, ...(rest.ok ? rest.value.entries : [])].map(({ seq }) => seq);
    expect(all).toEqual(Array.from({ length: chain.entries }, (_, index) => chain.entries - index));
    const sip = await bridge.invoke("postureJournal", { about: "sip", before: null, limit: 50 });
    expect(sip.ok && sip.value.entries.map(({ kind }) => kind)).toEqual(["change", "intent"]);
  });

  it("takes the Mac as it is for what is expected, except what could not be read", async () => {
    const bridge = new MemoryBridge(watchedScenario());
    expect(await bridge.invoke("acceptBaseline", { reason: "As agreed." })).toEqual({ ok: true, value: null });
    const snapshot = await bridge.invoke("snapshot", null);
    const posture = snapshot.ok ? snapshot.value.monitor?.posture : undefined;
    expect(posture?.baseline).toMatchObject({ state: "accepted", by: "ana", reason: "As agreed." });
    expect(posture?.settings.find(({ id }) => id === "sip")).toMatchObject({ expected: "partial" });
    expect(posture?.settings.find(({ id }) => id === "authenticated-root")).toMatchObject({ expected: "on" });
    const refused = await new MemoryBridge(fullScenario()).invoke("acceptBaseline", { reason: "x" });
    expect(refused.ok).toBe(false);
  });
});

describe("the memory bridge's settings", () => {
  it("change as a whole or not at all", async () => {
    const bridge = new MemoryBridge(watchedScenario());
    const bad = await bridge.invoke("setMonitorSettings", { DeveloperIDAllowList: ["nobody"], AllowedUsers: [] });
    expect(bad.ok && bad.value.problems).toEqual([expect.stringContaining("ten capital letters")]);
    expect(bad.ok && bad.value.view.settings.AllowedUsers).toEqual(["itadmin"]);
    const unknown = await bridge.invoke("setMonitorSettings", { Colour: "red" });
    expect(unknown.ok && unknown.value.problems).toHaveLength(1);
    const good = await bridge.invoke("setMonitorSettings", { AllowedUsers: [] });
    expect(good.ok && good.value.problems).toEqual([]);
    expect(good.ok && good.value.view.settings.AllowedUsers).toEqual([]);
  });
});
