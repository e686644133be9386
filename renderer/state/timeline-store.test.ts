import { describe, expect, it } from "vitest";
import type { TimelineRow } from "#contract/timeline.ts";
import { MemoryBridge, type Scenario } from "#renderer/bridge/memory-bridge.ts";
import { storyFindings } from "#renderer/bridge/sample/findings.ts";
import { ordinaryRows, storyRows } from "#renderer/bridge/sample/rows.ts";
import { ManualScheduler, settled } from "./manual-scheduler.test-support.ts";
import { createTimelineStore } from "./timeline-store.ts";

const later = (count: number, firstId: number): TimelineRow[] =>
  ordinaryRows(count, firstId).map((row, index) => ({
    ...row,
    at: `2026-11-22T10:00:00.${String(index).padStart(6, "0")}Z`,
  }));

async function open(scenario: Partial<Scenario> = { rows: ordinaryRows(500) }) {
  const bridge = new MemoryBridge(scenario);
  const scheduler = new ManualScheduler();
  const timeline = createTimelineStore(bridge, scheduler);
  bridge.on("changed", (change) => timeline.accept(change));
  await timeline.load();
  const state = () => timeline.state.getState();
  return { bridge, scheduler, timeline, state, ids: () => state().rows.map((row) => row.rowId) };
}

describe("paging", () => {
  it("reads page by page, newest first, until the end, each row once", async () => {
    const { timeline, state, ids } = await open();
    expect(ids().slice(0, 2)).toEqual([500, 499]);
    expect(state().rows.length).toBe(200);
    await timeline.loadMore();
    await timeline.loadMore();
    expect(state().rows.length).toBe(500);
    expect(new Set(ids()).size).toBe(500);
    expect(state().next).toBeNull();
    await timeline.loadMore();
    expect(state().rows.length).toBe(500);
  });

  it("keeps the rows it has when a further page fails", async () => {
    const { bridge, timeline, state } = await open();
    bridge.fail("timelinePage", "busy");
    await timeline.loadMore();
    expect(state()).toMatchObject({ phase: "ready", failure: "busy", loadingMore: false });
    expect(state().rows.length).toBe(200);
  });

  it("says why the first page could not be read and recovers", async () => {
    const bridge = new MemoryBridge({ rows: ordinaryRows(3) });
    bridge.fail("timelinePage", "database is locked");
    const timeline = createTimelineStore(bridge, new ManualScheduler());
    await timeline.load();
    expect(timeline.state.getState()).toMatchObject({ phase: "failed", failure: "database is locked" });
    bridge.fail("timelinePage", null);
    await timeline.load();
    expect(timeline.state.getState()).toMatchObject({ phase: "ready", failure: null, total: 3 });
  });
});

describe("live", () => {
  it("lets new rows in at the top", async () => {
    const { bridge, state, ids } = await open();
    bridge.push(later(2, 900));
    expect(ids().slice(0, 3)).toEqual([901, 900, 500]);
    expect(state()).toMatchObject({ waiting: 0, total: 502, matching: 502 });
  });

  it.each([
    ["scrolled away", (timeline: Awaited<ReturnType<typeof open>>["timeline"]) => timeline.setAtTop(false)],
    ["reading a row", (timeline: Awaited<ReturnType<typeof open>>["timeline"]) => timeline.hold(true)],
    ["paused", (timeline: Awaited<ReturnType<typeof open>>["timeline"]) => timeline.setLive(false)],
  ])("lets them wait while %s, and shows them when asked", async (_, stopFollowing) => {
    const { bridge, timeline, state, ids } = await open();
    const before = ids();
    stopFollowing(timeline);
    bridge.push(later(5, 900));
    bridge.push(later(7, 950));
    expect(ids()).toEqual(before);
    expect(state().waiting).toBe(12);
    timeline.showWaiting();
    expect(state().waiting).toBe(0);
    expect(ids().length).toBe(before.length + 12);
    expect(state().toTop).toBe(1);
  });

  it("lets them in when scrolled back to the top", async () => {
    const { bridge, timeline, state } = await open();
    timeline.setAtTop(false);
    bridge.push(later(4, 900));
    timeline.setAtTop(true);
    expect(state().waiting).toBe(0);
    expect(state().rows[0]?.rowId).toBe(903);
  });

  it("updates a row that is shown when its severity changes, and takes in none that is not", async () => {
    const { bridge, state, ids } = await open();
    const before = ids();
    const [first] = state().rows;
    if (first === undefined) throw new Error("the list has rows");
    const elsewhere = { ...first, rowId: 77_777, severity: "high" as const };
    bridge.push([], [], { changedRows: [{ ...first, severity: "critical" }, elsewhere] });
    expect(ids()).toEqual(before);
    expect(state().rows[0]?.severity).toBe("critical");
  });

  it("re-queries when a change brings too much to carry", async () => {
    const { bridge, scheduler, state } = await open();
    bridge.push(later(300, 900), [], { rows: null });
    scheduler.advance(250);
    await settled();
    expect(state().rows[0]?.rowId).toBe(1199);
    expect(state().rows.length).toBe(200);
  });

  it("lets a flood wait too, and reads it anew when asked", async () => {
    const { bridge, scheduler, timeline, state, ids } = await open();
    const before = ids();
    timeline.hold(true);
    bridge.push(later(300, 900), [], { rows: null });
    scheduler.advance(250);
    await settled();
    expect(ids()).toEqual(before);
    expect(state().waiting).toBe(300);
    timeline.showWaiting();
    await settled();
    expect(state().rows[0]?.rowId).toBe(1199);
  });

  it("bounds what it holds while following, and pages the rest back in", async () => {
    const { bridge, timeline, state } = await open({ rows: [] });
    for (let batch = 0; batch < 15; batch += 1) {
      const rows = ordinaryRows(200, 1 + batch * 200).map((row, index) => ({
        ...row,
        at: `2026-11-22T10:${String(batch).padStart(2, "0")}:00.${String(index).padStart(6, "0")}Z`,
      }));
      bridge.push(rows);
    }
    expect(state().rows.length).toBe(2_000);
    await timeline.loadMore();
    expect(state().rows.length).toBe(2_200);
    expect(state().rows.at(-1)?.rowId).toBe(801);
  });

  it("marks rows that a later finding stands on", async () => {
    const rows = storyRows().map((row) => ({ ...row, severity: null }));
    const { bridge, state } = await open({ rows });
    bridge.push([], storyFindings(rows));
    expect(state().rows.find((row) => row.title === "Ran relay")?.severity).toBe("critical");
  });
});

describe("filters", () => {
  it("asks again with the filter and knows how many rows it hides", async () => {
    const { timeline, state } = await open({ rows: [...ordinaryRows(100), ...storyRows(200)] });
    timeline.setFilter({ minSeverity: "high" });
    await settled();
    expect(state().rows.every((row) => row.severity === "high" || row.severity === "critical")).toBe(true);
    expect(state().total - (state().matching ?? 0)).toBe(126 - state().rows.length);
    timeline.setFilter({ minSeverity: null, origins: ["session"] });
    await settled();
    expect(new Set(state().rows.map((row) => row.origin))).toEqual(new Set(["session"]));
  });

  it("searches once, after typing has paused", async () => {
    const { bridge, scheduler, timeline, state } = await open({ rows: storyRows() });
    const asked = () => bridge.asked.filter(({ name }) => name === "timelinePage").length;
    const before = asked();
    for (const text of ["r", "re", "rel", "relay"]) timeline.setSearch(text);
    expect(state().search).toBe("relay");
    expect(asked()).toBe(before);
    scheduler.advance(200);
    await settled();
    expect(asked()).toBe(before + 1);
    expect(state().rows.map((row) => row.title)).toEqual(["Ran relay"]);
  });

  it("ignores the answer to a question that was replaced", async () => {
    const waiting: (() => void)[] = [];
    const bridge = new MemoryBridge({ rows: storyRows() }, () => new Promise((resolve) => waiting.push(resolve)));
    const timeline = createTimelineStore(bridge, new ManualScheduler());
    timeline.setFilter({ origins: ["log"] });
    timeline.setFilter({ origins: ["probe"] });
    waiting[1]?.();
    await settled();
    waiting[0]?.();
    await settled();
    expect(new Set(timeline.state.getState().rows.map((row) => row.origin))).toEqual(new Set(["probe"]));
  });

  it("keeps a filtered timeline up to date through the monitor, which alone can match the filter", async () => {
    const { bridge, scheduler, timeline, state } = await open({ rows: storyRows() });
    timeline.setFilter({ text: "relay" });
    await settled();
    bridge.push(later(3, 900));
    bridge.push(later(1, 990).map((row) => ({ ...row, title: "Ran relay again" })));
    scheduler.advance(250);
    await settled();
    expect(state().rows.map((row) => row.title)).toEqual(["Ran relay again", "Ran relay"]);
  });

  it("cuts a search to what the contract allows", async () => {
    const { timeline, state } = await open();
    timeline.setSearch("x".repeat(5_000));
    expect(state().search.length).toBe(200);
  });
});
