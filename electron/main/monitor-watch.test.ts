import { describe, expect, it } from "vitest";
import type { Finding } from "#contract/finding.ts";
import type { MonitorChange, MonitorSnapshot, RecordingState } from "#contract/monitor-port.ts";
import type { Notification } from "#contract/notice.ts";
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

const notification = (tag: string, findings: number[], more: Partial<Notification> = {}): Notification => ({
  tag,
  at: "2026-11-21T10:00:00.000000Z",
  title: `Title of ${tag}`,
  body: "",
  findings: findings.map((id) => `["rule-${id}"]`),
  severity: "high",
  silent: false,
  ...more,
});

function watch(first: MonitorSnapshot) {
  const told: Notification[] = [];
  const shown: Watching[] = [];
  let next = first;
  let asked = 0;
  const watched = new MonitorWatch({
    snapshot: async () => (asked++, next),
    onWatching: (watching) => shown.push(watching),
    onNotification: (one) => told.push(one),
  });
  return {
    watched,
    told,
    open: () => shown.at(-1)?.open,
    asked: () => asked,
    setSnapshot: (given: MonitorSnapshot) => (next = given),
  };
}

describe("MonitorWatch", () => {
  it("counts what is open", async () => {
    const { watched, open } = watch(snapshot([finding(1, "critical"), finding(2, "low"), finding(3, "info")]));
    await watched.refresh();
    expect(open()).toEqual({ alert: 1, attention: 1 });
    await watched.change(change([finding(1, "high", "closed")]));
    expect(open()).toEqual({ alert: 0, attention: 1 });
  });

  it("counts anew when another recording, or the same one again, is opened, and afterwards for this Mac", async () => {
    const { watched, asked, open, setSnapshot } = watch(snapshot([finding(1, "low")]));
    await watched.refresh();
    setSnapshot(snapshot([finding(1, "critical")], DEMO));
    await watched.change(change([finding(1, "critical")], DEMO));
    await watched.change(change([finding(2, "critical")], DEMO));
    expect(open()).toEqual({ alert: 2, attention: 0 });
    setSnapshot(snapshot([], { ...DEMO, id: "demo-2" }));
    await watched.change(change([], { ...DEMO, id: "demo-2" }));
    expect(open()).toEqual({ alert: 0, attention: 0 });
    setSnapshot(snapshot([finding(1, "low")]));
    await watched.change(change([]));
    expect(open()).toEqual({ alert: 0, attention: 1 });
    expect(asked()).toBe(4);
  });

  it("shows exactly the monitor's notifications, also while a recording is shown or there is too much to send", async () => {
    const { watched, told, setSnapshot } = watch(snapshot([], DEMO));
    await watched.refresh();
    await watched.change({ ...change([], DEMO), notifications: [notification("a", [1])] });
    setSnapshot({ ...snapshot([]), notifications: [notification("b", [2]), notification("a", [1])] });
    await watched.change({ ...change(null), notifications: [notification("b", [2])] });
    await watched.change(change([finding(9, "critical")]));
    expect(told.map(({ tag }) => tag)).toEqual(["a", "b"]);
  });

  it("says nothing about what was there before the app started", async () => {
    const { watched, told } = watch({ ...snapshot([]), notifications: [notification("a", [1])] });
    await watched.refresh();
    await watched.refresh();
    expect(told).toEqual([]);
  });

  it("shows what a monitor said that then ended, and brings an old one up to date silently", async () => {
    const { watched, told, setSnapshot } = watch(snapshot([]));
    await watched.refresh();
    await watched.change({ ...change([]), notifications: [notification("a", [1])] });
    const later = notification("a", [1, 2], { title: "2 findings need action", silent: true });
    setSnapshot({ ...snapshot([]), notifications: [notification("b", [3], { silent: true }), later] });
    await watched.refresh();
    await watched.refresh();
    expect(told.map(({ tag, title, silent }) => [tag, title, silent])).toEqual([
      ["a", "Title of a", false],
      ["a", "2 findings need action", true],
      ["b", "Title of b", false],
    ]);
  });

  it("knows which finding a notification is about, for this Mac only", async () => {
    const { watched, setSnapshot } = watch(snapshot([finding(1, "high")]));
    expect(watched.findingOf(notification("a", [1]))).toBeNull();
    await watched.refresh();
    await watched.change(change([finding(2, "high")]));
    expect([[1], [2], [3], [1, 2], []].map((ids) => watched.findingOf(notification("a", ids)))).toEqual([
      1,
      2,
      null,
      null,
      null,
    ]);
    setSnapshot(snapshot([finding(7, "high")], DEMO));
    await watched.change(change([finding(7, "high")], DEMO));
    expect(watched.findingOf(notification("a", [1]))).toBeNull();
    expect(watched.findingOf(notification("a", [7]))).toBeNull();
  });

  it("recovers when a snapshot cannot be had", async () => {
    let fail = true;
    const watched = new MonitorWatch({
      snapshot: () => (fail ? Promise.reject(new Error("away")) : Promise.resolve(snapshot([]))),
      onWatching: () => undefined,
      onNotification: () => undefined,
    });
    await expect(watched.refresh()).rejects.toThrow("away");
    fail = false;
    await expect(watched.refresh()).resolves.toBeUndefined();
  });
});
