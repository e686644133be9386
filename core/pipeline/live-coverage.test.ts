import { describe, expect, it } from "vitest";
import { isAllGood } from "#contract/coverage.ts";
import { openLive } from "./live.fixture.ts";

const MINUTE = 60;

/** Everything works, and goes on working: what a healthy Mac in use does. */
function healthy(tier: "full" | "standard" = "full", sources = ["es", "log", "proc", "probe"]) {
  const live = openLive();
  live.session.start();
  live.helper.connect(tier);
  live.helper.hello(sources);
  for (const source of sources) live.helper.status(source, "running");
  if (sources.includes("log")) live.helper.line("Filtering the log data using …");
  if (sources.includes("proc")) live.helper.event("proc", { change: "new", pid: 1, path: "/sbin/launchd", args: [] });
  if (sources.includes("probe")) live.helper.probe();
  if (sources.includes("es")) live.helper.exec();
  live.helper.pong();
  return live;
}

/** Lets time pass while the helper answers its heartbeats and does what it is asked for. */
function live(session: ReturnType<typeof openLive>, seconds: number, also: () => void = () => undefined) {
  for (let passed = 0; passed < seconds; passed += 5) {
    session.pass(5);
    for (const asked of session.helper.asked.splice(0)) if (asked === "prove es") session.helper.exec();
    also();
    session.helper.pong();
  }
}

describe("a source that works", () => {
  it("stays so on a quiet Mac: by our own exec, and by answered heartbeats", () => {
    const mac = healthy();
    live(mac, 30 * MINUTE);
    expect(mac.session.coverage().sources.map(({ source, state }) => [source, state])).toEqual([
      ["es", "running"],
      ["log", "running"],
      ["fs", "absent"],
      ["proc", "running"],
      ["probe", "running"],
    ]);
    expect(isAllGood(mac.session.coverage())).toBe(true);
    const proofs = mac.session.coverage().sources.map(({ provedBy }) => provedBy);
    expect(proofs).toEqual(["event", "heartbeat", null, "heartbeat", "event"]);
  });

  it("is not asked for proof while it proves itself", () => {
    const mac = healthy();
    for (let i = 0; i < 10; i += 1) {
      mac.pass(20);
      mac.helper.exec();
      mac.helper.pong();
    }
    expect(mac.helper.asked).toEqual([]);
  });

  it("tells its rate", () => {
    const mac = healthy();
    for (let i = 0; i < 60; i += 1) {
      mac.pass(1);
      for (let n = 0; n < 3; n += 1) mac.helper.exec();
    }
    const rate = mac.session.coverage().sources.find(({ source }) => source === "es")?.ratePerMinute ?? 0;
    expect(rate).toBeGreaterThan(170);
    expect(rate).toBeLessThan(190);
    mac.pass(6 * MINUTE);
    expect(mac.session.coverage().sources[0]?.ratePerMinute).toBe(0);
  });
});

describe("each fault has its state", () => {
  it("says that it runs and delivers nothing: silent", () => {
    const mac = openLive();
    mac.session.start();
    mac.helper.connect();
    mac.helper.hello(["es"]);
    mac.helper.status("es", "running");
    mac.helper.pong();
    expect(mac.state("es")).toBe("starting");
    mac.pass(15);
    expect(mac.state("es")).toBe("starting");
    mac.helper.pong();
    mac.pass(15);
    expect(mac.state("es")).toBe("silent");
    expect(mac.helper.asked).toContain("prove es");
    expect(isAllGood(mac.session.coverage())).toBe(false);
    mac.helper.exec();
    expect(mac.state("es")).toBe("running");
  });

  it("stops silently: silent within its limit, and found again", () => {
    const mac = healthy();
    for (let i = 0; i < 24; i += 1) {
      mac.pass(5);
      mac.helper.pong();
    }
    expect(mac.state("es")).toBe("silent");
    expect(mac.state("log")).toBe("running");
    const es = mac.session.coverage().sources[0];
    expect(es).toMatchObject({ reason: "no-proof", action: "retry", nextStep: expect.stringContaining("Try again") });
    // Process snapshots still show what runs, so only what nobody else sees is blind.
    expect(es?.blindBehaviours?.map(({ id }) => id)).toEqual(expect.arrayContaining(["G7", "G21"]));
    mac.helper.exec();
    expect(mac.state("es")).toBe("running");
  });

  it("delivers other events but no exec, though one was asked for: silent", () => {
    const mac = healthy();
    for (let i = 0; i < 24; i += 1) {
      mac.pass(5);
      mac.helper.event("es", { event: { fork: {} } });
      mac.helper.pong();
    }
    expect(mac.state("es")).toBe("silent");
  });

  it("delivers only what lay in the spool: no proof of now", () => {
    const mac = openLive();
    mac.session.start();
    mac.helper.connect();
    mac.helper.hello(["es"]);
    mac.pass(5);
    const now = mac.clock.time;
    mac.clock.time = now - 3600 * 1_000_000;
    const at = mac.helper.at();
    mac.clock.time = now;
    mac.helper.event("es", { event: { exec: {} } }, { at });
    expect(mac.state("es")).toBe("starting");
    mac.helper.pong();
    mac.pass(25);
    expect(mac.state("es")).toBe("silent");
  });

  it("heartbeats alone do not make a log that never said anything work, nor one that is quiet for half a day", () => {
    const mac = healthy();
    mac.helper.counts.set("log", { n: 0, lines: 0, shed: 0, unreadable: 0 });
    live(mac, 3 * MINUTE);
    expect(mac.state("log")).toBe("silent");
    const quiet = healthy("full", ["log"]);
    live(quiet, 11 * 60 * MINUTE);
    expect(quiet.state("log")).toBe("running");
    live(quiet, 63 * MINUTE);
    expect(quiet.state("log")).toBe("silent");
  }, 30_000);

  it.each([
    ["denied", "full-disk-access", "open-full-disk-access-settings", "Full Disk Access"],
    ["denied", "not-root", "enable-full-tier", "full tier"],
    ["denied", "not-admin", null, "administrator"],
    ["failed", "missing", "update-sealbar", "newer Sealbar"],
    ["failed", "exit", "retry", "Try again"],
    ["restarting", "exit", null, "being started"],
  ])("%s by %s", (state, reason, action, words) => {
    const mac = healthy();
    mac.helper.status("es", state, reason);
    const es = mac.session.coverage().sources.find(({ source }) => source === "es");
    expect(es).toMatchObject({ state, reason, action, nextStep: expect.stringContaining(words) });
    expect(es?.blind).not.toBeNull();
    expect(isAllGood(mac.session.coverage())).toBe(false);
    // Recovery is believed by an event.
    mac.helper.status("es", "starting");
    mac.helper.status("es", "running");
    expect(mac.state("es")).toBe("starting");
    mac.helper.exec();
    expect(mac.state("es")).toBe("running");
  });

  it("the helper ends, is refused, or is not there: no source is trusted", () => {
    const mac = healthy();
    mac.helper.listener.state({ phase: "waiting", reason: "It ended by signal 9.", retryAt: mac.clock.time });
    expect(mac.state("es")).toBe("restarting");
    expect(mac.session.coverage().helper).toMatchObject({ phase: "waiting", reason: "It ended by signal 9." });
    const refusals = [
      "The helper can be written by others.",
      "The socket belongs to somebody else.",
      "Other protocol.",
    ];
    for (const reason of refusals) {
      mac.helper.listener.state({ phase: "refused", reason });
      expect(mac.session.coverage().sources.filter(({ state }) => state === "failed")).toHaveLength(4);
      expect(mac.session.coverage().sources[0]).toMatchObject({ detail: reason, action: null });
      expect(isAllGood(mac.session.coverage())).toBe(false);
    }
    mac.helper.listener.state({ phase: "connecting", tier: "full" });
    expect(mac.state("es")).toBe("starting");
    mac.helper.connect();
    expect(mac.state("es")).toBe("starting");
    mac.helper.exec();
    expect(mac.state("es")).toBe("running");
  });

  it("the helper does not answer: silent", () => {
    const mac = healthy();
    for (let i = 0; i < 65; i += 1) {
      mac.pass(1);
      mac.helper.exec();
    }
    expect(mac.session.coverage().sources.filter(({ state }) => state === "silent")).toHaveLength(4);
  });

  it("the clock jumps back: an old proof does not last for ever", () => {
    const mac = healthy();
    live(mac, 10);
    mac.clock.time -= 86_400 * 1_000_000;
    for (let i = 0; i < 24; i += 1) {
      mac.pass(5);
      mac.helper.pong();
    }
    expect(mac.state("es")).toBe("silent");
    mac.helper.exec();
    expect(mac.state("es")).toBe("running");
  });

  it("the Mac sleeps for a night: nothing is silent for that", () => {
    const mac = healthy();
    live(mac, 10);
    mac.clock.time += 8 * 3600 * 1_000_000;
    mac.pass(1);
    expect(mac.state("es")).toBe("running");
    expect(mac.state("log")).toBe("running");
  });

  it("what came before the helper counted as connected is proof too", () => {
    const mac = openLive();
    mac.session.start();
    mac.helper.hello(["es", "probe"]);
    mac.helper.exec();
    mac.helper.probe();
    mac.helper.connect();
    expect([mac.state("es"), mac.state("probe")]).toEqual(["running", "running"]);
    mac.pass(1);
    expect(mac.helper.inspected).toHaveLength(1);
  });

  it("another session of the helper has to prove itself anew", () => {
    const mac = healthy();
    mac.helper.connect("full", "22222222-2222-4333-8444-555555555555");
    expect(mac.state("es")).toBe("starting");
    mac.helper.exec();
    expect(mac.state("es")).toBe("running");
  });
});

describe("the standard tier", () => {
  it("is all good by its own sources, and says what the full one would see", () => {
    const mac = healthy("standard", ["log", "proc", "probe"]);
    mac.helper.status("fs", "running");
    mac.helper.counts.set("fs", { n: 0, lines: 0, shed: 0, unreadable: 0 });
    mac.helper.pong();
    const coverage = mac.session.coverage();
    expect(isAllGood(coverage)).toBe(true);
    const es = coverage.sources.find(({ source }) => source === "es");
    expect(es).toMatchObject({
      state: "absent",
      action: "enable-full-tier",
      nextStep: expect.stringContaining("full tier"),
    });
    expect(es?.blindBehaviours?.map(({ id }) => id)).toEqual(expect.arrayContaining(["G7", "G21"]));
    live(mac, 30 * MINUTE);
    expect(mac.helper.asked).toEqual([]);
    expect(mac.state("fs")).toBe("running");
  });

  it("a source that nobody asked for is no part of it", () => {
    const mac = healthy("standard", ["log"]);
    mac.helper.status("proc", "stopped", "not-asked");
    mac.helper.status("es", "stopped", "not-built-in");
    expect(isAllGood(mac.session.coverage())).toBe(true);
    expect(mac.session.coverage().sources[0]).toMatchObject({ state: "absent", action: "enable-full-tier" });
    mac.helper.status("proc", "stopped", "ending");
    expect(isAllGood(mac.session.coverage())).toBe(false);
  });
});

it("tells readers when a state changes by time alone", () => {
  let told = 0;
  const mac = openLive({ onChange: () => (told += 1) });
  mac.session.start();
  mac.helper.connect();
  mac.helper.hello(["es"]);
  mac.helper.status("es", "running");
  mac.pass(5);
  const before = told;
  mac.pass(20);
  expect(mac.state("es")).toBe("silent");
  expect(told).toBe(before + 1);
});
