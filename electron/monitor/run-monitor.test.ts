import { describe, expect, it } from "vitest";
import { silentLogger } from "#core/base/logger.ts";
import { StoreError } from "#core/store/errors.ts";
import type { MonitorStart, PortMessage } from "#contract/monitor-port.ts";
import { type MonitorService, runMonitor } from "./run-monitor.ts";

const START = { dataDir: "/data", rulesDir: "/rules", restartedAfter: null };
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

function monitor(change: Partial<MonitorService> & { refuseToStart?: Error } = {}) {
  const calls: unknown[] = [];
  const exits: number[] = [];
  const service: MonitorService = {
    handle: async (message) => void calls.push(message),
    stop: async () => void calls.push("stopped"),
    ...change,
  };
  const run = runMonitor({
    createService: (start: MonitorStart, post: (message: PortMessage) => void) => {
      if (change.refuseToStart !== undefined) throw change.refuseToStart;
      calls.push(start);
      post({ t: "ready" });
      return service;
    },
    inspections: {
      take: (message) => message === "an inspection" && calls.push("taken") > 0,
      close: async () => void calls.push("inspections closed"),
    },
    post: (message) => void calls.push(message),
    exit: (code) => void exits.push(code),
    afterLastWords: (run) => run(),
    log: silentLogger,
  });
  return { run, calls, exits };
}

describe("runMonitor", () => {
  it("makes the service from the first message and hands the others over as they are", async () => {
    const { run, calls, exits } = monitor();
    run.receive({ t: "start", start: START });
    run.receive("whatever comes");
    await settled();
    expect(calls).toEqual([START, { t: "ready" }, "whatever comes"]);
    expect(exits).toEqual([]);
  });

  it("answers a shutdown, stops, and ends once", async () => {
    const { run, calls, exits } = monitor();
    const shutdown = { t: "request", id: 1, verb: "shutdown", payload: null };
    run.receive({ t: "start", start: START });
    run.receive(shutdown);
    await run.end();
    await settled();
    expect(calls.slice(2)).toEqual([shutdown, "stopped", "inspections closed"]);
    expect(exits).toEqual([0]);
  });

  it("leaves inspections to those who make them", async () => {
    const { run, calls } = monitor();
    run.receive({ t: "start", start: START });
    run.receive("an inspection");
    await settled();
    expect(calls.slice(2)).toEqual(["taken"]);
  });

  it.each([
    ["the first message is not a start", {}, { t: "request" }],
    [
      "the service cannot be made",
      { refuseToStart: new Error("the database is in use") },
      { t: "start", start: START },
    ],
  ])("ends when %s", (_why, change, first) => {
    const { run, exits } = monitor(change);
    run.receive(first);
    expect(exits).toEqual([70]);
  });

  it.each(["newer", "foreign"] as const)("says for good why it cannot start on a database that is %s", (kind) => {
    const { run, calls, exits } = monitor({ refuseToStart: new StoreError(kind, "It is not ours.") });
    run.receive({ t: "start", start: START });
    expect(calls).toEqual([{ t: "failed", message: "It is not ours." }]);
    expect(exits).toEqual([78]);
  });

  it("lets the host try again when the database is only busy", () => {
    const { run, calls, exits } = monitor({ refuseToStart: new StoreError("busy", "It is in use.") });
    run.receive({ t: "start", start: START });
    expect(calls).toEqual([]);
    expect(exits).toEqual([70]);
  });

  it("ends rather than going on in an unknown state", async () => {
    const { run, exits } = monitor({ handle: () => Promise.reject(new Error("a fault")) });
    run.receive({ t: "start", start: START });
    run.receive({ t: "request", id: 1, verb: "snapshot", payload: null });
    await settled();
    expect(exits).toEqual([70]);
  });

  it("ends before it was started when its parent goes away", async () => {
    const { run, exits } = monitor();
    await run.end();
    expect(exits).toEqual([0]);
  });
});
