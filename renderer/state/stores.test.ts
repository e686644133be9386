import { describe, expect, it } from "vitest";
import { MemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { storyFindings } from "#renderer/bridge/sample/findings.ts";
import { ordinaryRows, storyRows } from "#renderer/bridge/sample/rows.ts";
import { freshScenario, fullScenario } from "#renderer/bridge/sample/scenarios.ts";
import { ManualScheduler, settled } from "./manual-scheduler.test-support.ts";
import { createStores } from "./stores.ts";

async function open(bridge: MemoryBridge) {
  const stores = createStores({ bridge, scheduler: new ManualScheduler(), now: () => 0 });
  await settled();
  await settled();
  return stores;
}

describe("stores together", () => {
  it("announces findings that are new, once, and not those that were there", async () => {
    const bridge = new MemoryBridge({ rows: storyRows() });
    const { app } = await open(bridge);
    const [first, ...rest] = storyFindings(storyRows());
    if (first === undefined) throw new Error("the story has findings");
    bridge.push([], [first]);
    expect(app.state.getState().announcement).toBe(`New finding: ${first.title}`);
    bridge.push([], rest);
    expect(app.state.getState().announcement).toBe("3 new findings");
    bridge.push([], [{ ...first, count: 2 }]);
    expect(app.state.getState().announcement).toBe("3 new findings");
  });

  it("starts afresh when another recording is shown: row numbers mean nothing in other data", async () => {
    const bridge = new MemoryBridge(freshScenario());
    const { app, timeline, findings } = await open(bridge);
    await app.playDemo();
    await settled();
    await settled();
    expect(timeline.state.getState().rows.length).toBe(storyRows().length);
    expect(findings.state.getState().findings.length).toBe(4);
    app.open({ kind: "event", rowId: 3 });
    await app.closeRecording();
    await settled();
    await settled();
    expect(app.state.getState()).toMatchObject({
      inspectorOpen: false,
      history: { here: { selection: null }, back: [] },
    });
    expect(timeline.state.getState().rows).toEqual([]);
  });

  it("shows the finding whose notification was clicked", async () => {
    const bridge = new MemoryBridge({ rows: storyRows() });
    const stores = await open(bridge);
    bridge.notify("openFinding", { id: 2 });
    expect(stores.app.state.getState()).toMatchObject({
      inspectorOpen: true,
      history: { here: { section: "findings", selection: { kind: "finding", id: 2 } } },
    });
    stores.stop();
    bridge.notify("openFinding", { id: 3 });
    expect(stores.app.state.getState().history.here.selection).toEqual({ kind: "finding", id: 2 });
  });

  it("tells recordings of one name apart", async () => {
    const [first, second] = [storyRows(), ordinaryRows(3)];
    const recording = { id: "first", name: "laptop-ana", progress: 1, state: "done" as const, problem: null };
    const bridge = new MemoryBridge({ rows: first, recording });
    const { app, timeline, detail } = await open(bridge);
    app.open({ kind: "event", rowId: 3 });
    await detail.load(3);
    bridge.change({ recording: { ...recording, progress: 0.5 } });
    expect(app.state.getState().history.here.selection).toEqual({ kind: "event", rowId: 3 });
    bridge.change({ rows: second, recording: { ...recording, id: "second" } });
    await settled();
    await settled();
    expect(app.state.getState()).toMatchObject({
      inspectorOpen: false,
      history: { here: { selection: null }, back: [] },
    });
    expect(detail.state.getState()).toEqual({ phase: "idle" });
    expect(
      timeline.state
        .getState()
        .rows.map(({ title }) => title)
        .sort(),
    ).toEqual(second.map(({ title }) => title).sort());
  });

  it("takes the newest record's time for now while a recording is shown", async () => {
    const stores = await open(new MemoryBridge(fullScenario()));
    expect(new Date(stores.now()).toISOString()).toBe("2026-11-21T14:40:43.197Z");
  });

  it("shows refusals of actions and gives settings back that could not be kept", async () => {
    const bridge = new MemoryBridge();
    const { app } = await open(bridge);
    bridge.fail("setSettings", "The settings file is read-only.");
    await app.changeSettings({ launchAtLogin: true });
    expect(app.state.getState()).toMatchObject({
      settings: { launchAtLogin: false },
      notice: "The settings file is read-only.",
    });
  });

  it("asks for everything again once the monitor is back", async () => {
    const bridge = new MemoryBridge();
    const { app } = await open(bridge);
    bridge.notify("monitorTrouble", { message: "The monitor stopped." });
    expect(app.state.getState().monitorTrouble).toBe("The monitor stopped.");
    const before = bridge.asked.filter(({ name }) => name === "snapshot").length;
    bridge.notify("monitorTrouble", { message: null });
    await settled();
    expect(bridge.asked.filter(({ name }) => name === "snapshot").length).toBe(before + 1);
    expect(app.state.getState().monitorTrouble).toBeNull();
  });

  it("ignores findings that were asked of the recording before", async () => {
    const [model] = storyFindings(storyRows());
    if (model === undefined) throw new Error("the story has findings");
    const many = Array.from({ length: 150 }, (_, index) => ({ ...model, id: index + 1 }));
    let answerPage = (): void => undefined;
    const bridge = new MemoryBridge({ findings: many }, (name) =>
      name === "findingsPage" ? new Promise((resolve) => (answerPage = resolve)) : Promise.resolve(),
    );
    const { findings } = await open(bridge);
    const asked = findings.reload();
    const recording = { id: "next", name: "next", progress: 0, state: "playing" as const, problem: null };
    bridge.change({ findings: [], recording });
    await settled();
    await settled();
    bridge.change({ findings: many });
    answerPage();
    await asked;
    expect(findings.state.getState()).toMatchObject({ findings: [], loadingMore: false });
  });

  it("finds a finding that lies further down than the first page", async () => {
    const [model] = storyFindings(storyRows());
    if (model === undefined) throw new Error("the story has findings");
    const many = Array.from({ length: 250 }, (_, index) => ({
      ...model,
      id: index + 1,
      lastSeen: `2026-11-21T10:00:00.${String(index).padStart(6, "0")}Z`,
    }));
    const { findings } = await open(new MemoryBridge({ findings: many }));
    // A snapshot holds one page at most; the memory bridge gives all, so start over from a page.
    await findings.reload();
    expect(findings.state.getState().findings.length).toBe(100);
    await findings.ensure(3);
    expect(findings.state.getState().findings.some(({ id }) => id === 3)).toBe(true);
  });
});
