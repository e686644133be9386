import { describe, expect, it } from "vitest";
import type { TelemetryEvent } from "#contract/event.ts";
import { CoverageTracker } from "./coverage.ts";

const at = (n: number, src: string) => ({ id: { session: "s", src, n }, time: n * 1_000_000, replayed: false });
const start: TelemetryEvent = {
  ...at(1, "hello"),
  kind: "session_start",
  bootUuid: null,
  osVersion: null,
  osBuild: null,
  helperVersion: null,
  privileged: true,
  sources: ["es", "log"],
  newBoot: true,
  bootTime: null,
};
const status = (source: string, state: string, reason: string | null = null): TelemetryEvent => ({
  ...at(2, "status"),
  kind: "status",
  source,
  state,
  reason,
  detail: null,
});
const probe: TelemetryEvent = {
  ...at(3, "probe"),
  kind: "probe",
  name: "sw-vers",
  exit: 0,
  timedOut: false,
  out: "",
  err: "",
};
const line = (src: string): TelemetryEvent => ({
  ...at(4, src),
  kind: "line",
  source: src,
  text: "x",
  dropMarker: false,
});

const states = (tracker: CoverageTracker) =>
  Object.fromEntries(tracker.sources(new Map()).map((source) => [source.source, source.state]));

describe("CoverageTracker", () => {
  it("believes a source only once it has delivered", () => {
    const tracker = new CoverageTracker([]);
    tracker.apply(start);
    tracker.apply(status("es", "running"));
    expect(states(tracker)).toMatchObject({ es: "starting", log: "starting", fs: "absent" });
    tracker.apply(line("es"));
    expect(states(tracker)).toMatchObject({ es: "running", log: "starting" });
  });

  it("says what is blind and what to do when macOS refuses", () => {
    const tracker = new CoverageTracker([]);
    tracker.apply(start);
    tracker.apply(status("es", "denied", "full-disk-access"));
    const es = tracker.sources(new Map()).find((source) => source.source === "es");
    expect(es?.blind).toContain("quarantine");
    expect(es?.nextStep).toContain("Full Disk Access");
  });

  it("does not miss the stand-ins of Endpoint Security while that is there", () => {
    const blind = (tracker: CoverageTracker) => tracker.sources(new Map()).filter((source) => source.blind !== null);
    const tracker = new CoverageTracker([]);
    expect(blind(tracker).map((source) => source.source)).toEqual(["es", "log", "fs", "proc", "probe"]);
    tracker.apply(start);
    tracker.apply(line("es"));
    expect(blind(tracker).map((source) => source.source)).toEqual(["probe"]);
    tracker.apply(status("es", "denied", "full-disk-access"));
    expect(blind(tracker).map((source) => source.source)).toEqual(["es", "fs", "proc", "probe"]);
  });

  it("keeps a refusal although an older event arrives late", () => {
    const tracker = new CoverageTracker([]);
    tracker.apply(start);
    tracker.apply(status("log", "denied", "not-admin"));
    tracker.apply(line("log"));
    expect(states(tracker)["log"]).toBe("denied");
  });

  it("stops with the session, and is the same after being restored", () => {
    const tracker = new CoverageTracker([]);
    for (const event of [start, line("es"), probe, { ...at(9, "bye"), kind: "session_end" } as const])
      tracker.apply(event);
    expect(states(tracker)).toMatchObject({ es: "stopped", fs: "absent" });
    const entries = tracker.drainChanges().flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
    expect(new CoverageTracker(entries).sources(new Map())).toEqual(tracker.sources(new Map()));
    expect(tracker.drainChanges()).toEqual([]);
  });
});
