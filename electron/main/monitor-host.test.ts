import { describe, expect, it } from "vitest";
import { ManualClock, SECOND } from "#core/base/clock.ts";
import { silentLogger } from "#core/base/logger.ts";
import type { Later } from "./later.ts";
import { restartDelay, STEADY_MS } from "./monitor-backoff.ts";
import { MonitorRefusal, MonitorUnavailable } from "./monitor-errors.ts";
import { MonitorHost, type MonitorProcess } from "./monitor-host.ts";

class ManualTimers {
  #now = 0;
  #waiting: { at: number; run: () => void }[] = [];

  readonly later: Later = (milliseconds, run) => {
    const timer = { at: this.#now + milliseconds, run };
    this.#waiting.push(timer);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer);
    };
  };

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    for (const timer of this.#waiting.filter((waiting) => waiting.at <= this.#now)) {
      this.#waiting = this.#waiting.filter((other) => other !== timer);
      timer.run();
    }
  }
}

class FakeProcess implements MonitorProcess {
  readonly received: unknown[] = [];
  killed = false;
  #message: (message: unknown) => void = () => undefined;
  #exit: (code: number) => void = () => undefined;

  postMessage(message: unknown): void {
    this.received.push(message);
  }
  kill(): void {
    this.killed = true;
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }
  onExit(listener: (code: number) => void): void {
    this.#exit = listener;
  }
  says(message: unknown): void {
    this.#message(message);
  }
  exits(code = 0): void {
    this.#exit(code);
  }
  get lastId(): number {
    return (this.received.at(-1) as { id: number }).id;
  }
}

function host() {
  const processes: FakeProcess[] = [];
  const timers = new ManualTimers();
  const clock = new ManualClock(1_800_000_000 * SECOND);
  const monitor = new MonitorHost({
    fork: () => {
      const child = new FakeProcess();
      processes.push(child);
      return child;
    },
    start: { dataDir: "/data", rulesDir: "/rules" },
    clock,
    later: timers.later,
    log: silentLogger,
  });
  const troubles: (string | null)[] = [];
  monitor.onTrouble((trouble) => troubles.push(trouble));
  monitor.start();
  const child = () => processes.at(-1) as FakeProcess;
  return { monitor, processes, child, timers, clock, troubles };
}

describe("MonitorHost", () => {
  it("starts the monitor with its folders, and is in trouble until the monitor is ready", async () => {
    const { monitor, child, troubles } = host();
    expect(child().received).toEqual([
      { t: "start", start: { dataDir: "/data", rulesDir: "/rules", restartedAfter: null } },
    ]);
    await expect(monitor.request("closeRecording", null)).rejects.toThrow(MonitorUnavailable);
    child().says({ t: "ready" });
    expect(monitor.trouble).toBeNull();
    expect(troubles).toEqual([null]);
  });

  it("matches answers and refusals with their requests", async () => {
    const { monitor, child } = host();
    child().says({ t: "ready" });
    const first = monitor.request("closeRecording", null);
    const firstId = child().lastId;
    const second = monitor.request("eventDetail", { rowId: 1 });
    child().says({ t: "refusal", id: child().lastId, message: "There is no such row." });
    child().says({ t: "answer", id: firstId, ok: true, value: null });
    await expect(first).resolves.toBeNull();
    await expect(second).rejects.toThrow(new MonitorRefusal("There is no such row."));
  });

  it("refuses an answer that is not of the contract and ignores other nonsense", async () => {
    const { monitor, child } = host();
    child().says({ t: "ready" });
    const asked = monitor.request("findingsPage", { limit: 10, before: null });
    child().says("nonsense");
    child().says({ t: "answer", id: 999, ok: true, value: null });
    child().says({ t: "answer", id: child().lastId, ok: true, value: { findings: "many" } });
    await expect(asked).rejects.toThrow(MonitorRefusal);
  });

  it("gives up on an answer that does not come", async () => {
    const { monitor, child, timers } = host();
    child().says({ t: "ready" });
    const asked = monitor.request("closeRecording", null);
    timers.pass(30_000);
    await expect(asked).rejects.toThrow(MonitorUnavailable);
  });

  it("waits for an inspection as long as it takes, tells of its progress, and ends it with the monitor", async () => {
    const { monitor, child, timers } = host();
    const heard: unknown[] = [];
    monitor.onInspectionProgress((progress) => heard.push(progress));
    child().says({ t: "ready" });
    const asked = monitor.request("inspect", { path: "/bin/ls", depth: "deep", id: "a" });
    timers.pass(3_600_000);
    child().says({ t: "inspection-progress", progress: { id: "a", done: 1, total: null } });
    child().says({ t: "inspection-progress", progress: { id: "a", done: -1, total: null } });
    expect(heard).toEqual([{ id: "a", done: 1, total: null }]);
    child().exits(9);
    await expect(asked).rejects.toThrow(MonitorUnavailable);
  });

  it("refuses what is in flight when the monitor dies, and starts another that knows since when", async () => {
    const { monitor, processes, child, timers, clock, troubles } = host();
    child().says({ t: "ready" });
    const asked = monitor.request("closeRecording", null);
    child().exits(9);
    await expect(asked).rejects.toThrow(MonitorUnavailable);
    await expect(monitor.request("closeRecording", null)).rejects.toThrow(MonitorUnavailable);
    clock.advanceTo(clock.now() + 5 * SECOND);
    timers.pass(restartDelay(1));
    expect(processes).toHaveLength(2);
    expect(child().received).toEqual([
      { t: "start", start: { dataDir: "/data", rulesDir: "/rules", restartedAfter: "2027-01-15T08:00:00.000000Z" } },
    ]);
    child().says({ t: "ready" });
    expect(troubles).toEqual([null, expect.stringContaining("restarted"), null]);
  });

  it("keeps the first death's time until a monitor is ready, and waits longer each time", () => {
    const { processes, child, timers, clock } = host();
    child().says({ t: "ready" });
    child().exits(1);
    timers.pass(restartDelay(1));
    clock.advanceTo(clock.now() + 60 * SECOND);
    child().exits(1);
    timers.pass(restartDelay(1));
    expect(processes).toHaveLength(2);
    timers.pass(restartDelay(2));
    expect(processes).toHaveLength(3);
    expect(child().received).toMatchObject([{ start: { restartedAfter: "2027-01-15T08:00:00.000000Z" } }]);
  });

  it("forgets earlier deaths after a steady time", () => {
    const { processes, child, timers } = host();
    for (const failures of [1, 2]) {
      child().exits(1);
      timers.pass(restartDelay(failures));
    }
    child().says({ t: "ready" });
    timers.pass(STEADY_MS);
    child().exits(1);
    timers.pass(restartDelay(1));
    expect(processes).toHaveLength(4);
  });

  it("does not listen to a process it has given up", () => {
    const { monitor, processes, timers, troubles } = host();
    processes[0]?.exits(1);
    timers.pass(restartDelay(1));
    processes[0]?.says({ t: "ready" });
    expect(monitor.trouble).not.toBeNull();
    expect(troubles).toHaveLength(1);
  });

  it("stops by asking, and does not start another", async () => {
    const { monitor, processes, child, timers } = host();
    child().says({ t: "ready" });
    const stopped = monitor.stop();
    expect(child().received.at(-1)).toMatchObject({ t: "request", verb: "shutdown" });
    child().exits(0);
    await stopped;
    timers.pass(STEADY_MS);
    expect(processes).toHaveLength(1);
    expect(child().killed).toBe(false);
  });

  it("does not start a monitor again that says it cannot start, and shows why", async () => {
    const { monitor, processes, child, timers, troubles } = host();
    child().says({ t: "failed", message: "The database was written by a newer Sealbar." });
    child().exits(78);
    timers.pass(STEADY_MS);
    child().says({ t: "ready" });
    expect(processes).toHaveLength(1);
    expect(troubles).toEqual(["The database was written by a newer Sealbar."]);
    await expect(monitor.request("closeRecording", null)).rejects.toThrow(
      new MonitorUnavailable("The database was written by a newer Sealbar."),
    );
    await monitor.stop();
  });

  it("says nothing and is asked nothing once it is stopping, also when it was still starting", async () => {
    const { monitor, child, troubles } = host();
    const stopped = monitor.stop();
    child().says({ t: "ready" });
    expect(troubles).toEqual([]);
    await expect(monitor.request("closeRecording", null)).rejects.toThrow("quitting");
    expect(child().received).toHaveLength(2);
    child().exits(0);
    await stopped;
  });

  it("ends a monitor that does not stop", async () => {
    const { monitor, child, timers } = host();
    const stopped = monitor.stop();
    timers.pass(3_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(child().killed).toBe(true);
    child().exits(15);
    await stopped;
  });

  it("stops at once while it waits to restart", async () => {
    const { monitor, processes, child, timers } = host();
    child().exits(1);
    await monitor.stop();
    timers.pass(STEADY_MS);
    expect(processes).toHaveLength(1);
  });
});

describe("restartDelay", () => {
  it("doubles up to a limit, however often it fails", () => {
    expect([1, 2, 3, 8, 1_000].map(restartDelay)).toEqual([250, 500, 1_000, 30_000, 30_000]);
  });
});
