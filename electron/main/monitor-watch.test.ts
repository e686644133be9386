import { describe, expect, it } from "vitest";
import { ManualClock, SECOND } from "#core/base/clock.ts";
import type { Finding } from "#contract/finding.ts";
import type { MonitorChange, MonitorSnapshot, RecordingState } from "#contract/monitor-port.ts";
import { FindingNotices, type Notice } from "./finding-notices.ts";
import { MonitorWatch } from "./monitor-watch.ts";
import type { Watching } from "./tray-state.ts";

const finding = (id: number, severity: Finding["severity"], state: Finding["state"] = "open"): Finding => ({
  id,
  key: `["rule-${id}"]`,
  rule: `rule-${id}`,
  behaviours: ["G1"],
  analytics: [],
  techniques: [],
  severity,
  title: `Finding ${id}`,
  clauses: [{ kind: "verdict", text: `“Invoice Viewer” ran without being checked (${id}).`, evidence: [] }],
  subject: { path: "/Applications/Invoice Viewer.app", cdhash: null, teamId: null, signingId: null },
  firstSeen: "2026-11-21T10:00:00.000000Z",
  lastSeen: "2026-11-21T10:00:00.000000Z",
  count: 1,
  evidence: [],
  state,
});

const DEMO: RecordingState = { id: "demo-1", name: "demo", progress: 0.5, state: "playing", problem: null };

function snapshot(findings: Finding[], recording: RecordingState | null = null): MonitorSnapshot {
  return {
    revision: 1,
    coverage: { sources: [], skippedRules: [], faults: 0, duplicates: 0, forgotten: 0, ungrouped: 0, regexGaveUp: 0 },
    posture: {
      settings: [],
      bootUuid: null,
      bootTime: null,
      osVersion: null,
      osBuild: null,
      weakenedSince: null,
      facts: [],
      epochs: [],
      baseline: { state: "none", at: null, by: null, reason: null },
    },
    findings,
    totals: { events: 0, findings: findings.length },
    recording,
    trouble: null,
  };
}
const change = (findings: Finding[] | null, recording: RecordingState | null = null): MonitorChange => ({
  ...snapshot([], recording),
  rows: [],
  changedRows: [],
  findings,
});

function watch(first: MonitorSnapshot) {
  const clock = new ManualClock();
  const notices: Notice[] = [];
  const shown: Watching[] = [];
  let next = first;
  let asked = 0;
  const watched = new MonitorWatch({
    snapshot: async () => (asked++, next),
    notices: new FindingNotices(clock),
    onWatching: (watching) => shown.push(watching),
    onNotice: (notice) => notices.push(notice),
  });
  return {
    watched,
    notices,
    clock,
    open: () => shown.at(-1)?.open,
    asked: () => asked,
    setSnapshot: (given: MonitorSnapshot) => (next = given),
  };
}

describe("MonitorWatch", () => {
  it("counts what is open, and says nothing about what was there before the app started", async () => {
    const { watched, notices, open } = watch(snapshot([finding(1, "critical"), finding(2, "low"), finding(3, "info")]));
    await watched.refresh();
    expect(open()).toEqual({ alert: 1, attention: 1 });
    await watched.change(change([finding(1, "critical")]));
    expect(notices).toEqual([]);
  });

  it("notifies once about each urgent finding, and not about the others or about updates", async () => {
    const { watched, notices, clock, open } = watch(snapshot([]));
    await watched.refresh();
    await watched.change(change([finding(1, "high"), finding(2, "medium")]));
    expect(notices).toEqual([
      { tag: "finding-1", title: "Finding 1", body: expect.stringContaining("Invoice Viewer"), silent: false },
    ]);
    clock.advanceTo(60 * SECOND);
    await watched.change(change([{ ...finding(1, "high"), count: 2 }]));
    expect(notices).toHaveLength(1);
    await watched.change(change([finding(1, "high", "closed")]));
    expect(open()).toEqual({ alert: 0, attention: 1 });
  });

  it("notifies when a finding becomes urgent", async () => {
    const { watched, notices } = watch(snapshot([finding(1, "medium")]));
    await watched.refresh();
    await watched.change(change([finding(1, "critical")]));
    expect(notices.map((notice) => notice.title)).toEqual(["Finding 1"]);
  });

  it("brings findings that come together into one notice, silently after the first", async () => {
    const { watched, notices, clock } = watch(snapshot([]));
    await watched.refresh();
    await watched.change(change([finding(1, "high")]));
    clock.advanceTo(5 * SECOND);
    await watched.change(change([finding(2, "high"), finding(3, "critical")]));
    expect(notices[1]).toEqual({
      tag: "finding-1",
      title: "3 findings need action",
      body: "Finding 3\nFinding 2\nFinding 1",
      silent: true,
    });
    clock.advanceTo(30 * SECOND);
    await watched.change(change([finding(4, "high")]));
    expect(notices[2]).toMatchObject({ tag: "finding-4", title: "Finding 4", silent: false });
  });

  it("shows what hides in a title, and bounds it", async () => {
    const { watched, notices } = watch(snapshot([]));
    await watched.refresh();
    await watched.change(change([{ ...finding(1, "high"), title: `\u202Egpj.exe ${"x".repeat(5_000)}` }]));
    expect(notices[0]?.title).toMatch(/^‹U\+202E›gpj\.exe x+…$/);
    expect(notices[0]?.title.length).toBeLessThanOrEqual(300);
  });

  it("never notifies about a recording, and counts this Mac's findings anew afterwards", async () => {
    const { watched, notices, asked, open, setSnapshot } = watch(snapshot([finding(1, "low")]));
    await watched.refresh();
    setSnapshot(snapshot([finding(1, "critical")], DEMO));
    await watched.change(change([finding(1, "critical")], DEMO));
    await watched.change(change([finding(2, "critical")], DEMO));
    expect(open()).toEqual({ alert: 2, attention: 0 });
    setSnapshot(snapshot([finding(1, "low")]));
    await watched.change(change([]));
    expect(open()).toEqual({ alert: 0, attention: 1 });
    expect(asked()).toBe(3);
    expect(notices).toEqual([]);
  });

  it("counts anew when the same capture is opened again", async () => {
    const { watched, asked, open, setSnapshot } = watch(snapshot([finding(1, "critical")], DEMO));
    await watched.refresh();
    const again = { ...DEMO, id: "demo-2" };
    setSnapshot(snapshot([], again));
    await watched.change(change([], again));
    expect(asked()).toBe(2);
    expect(open()).toEqual({ alert: 0, attention: 0 });
  });

  it("asks again when there is too much to send, and notifies about what that brought", async () => {
    const { watched, notices, setSnapshot } = watch(snapshot([finding(1, "high")]));
    await watched.refresh();
    setSnapshot(snapshot([finding(1, "high"), finding(2, "high")]));
    await watched.change(change(null));
    expect(notices.map((notice) => notice.title)).toEqual(["Finding 2"]);
  });

  it("recovers when a snapshot cannot be had", async () => {
    let fail = true;
    const watched = new MonitorWatch({
      snapshot: () => (fail ? Promise.reject(new Error("away")) : Promise.resolve(snapshot([]))),
      notices: new FindingNotices(new ManualClock()),
      onWatching: () => undefined,
      onNotice: () => undefined,
    });
    await expect(watched.refresh()).rejects.toThrow("away");
    fail = false;
    await expect(watched.refresh()).resolves.toBeUndefined();
  });
});
