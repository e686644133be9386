import { describe, expect, it } from "vitest";
import { isAllGood } from "#contract/coverage.ts";
import type { InspectionSummary } from "#contract/inspection-summary.ts";
import { summarise } from "#contract/inspection-summary.ts";
import { newStore, openLive, START } from "./live.fixture.ts";

const SUMMARY: InspectionSummary = summarise({
  path: "/Users/ana/tool",
  kind: "mach-o",
  depth: "full",
  verdict: { class: "ad-hoc", problems: [], notes: [] },
  notarized: "no",
  slices: [],
  bundle: null,
  checked: ["container"],
  notChecked: [],
});
const FILE = { t: "file", path: "/Users/ana/tool", quarantine: null, mode: 33261, size: 9, cdhash: null };
const SECOND = 1_000_000;

const begin = (live: ReturnType<typeof openLive>) => {
  live.session.start();
  live.helper.connect();
  live.helper.hello();
};
const eventsOf = (live: ReturnType<typeof openLive>) => live.ports.totals().events;
const gapsOf = (live: ReturnType<typeof openLive>, source: string) =>
  live.session.coverage().sources.find((one) => one.source === source)?.gaps;
const sourceOf = (live: ReturnType<typeof openLive>, name: string) =>
  live.session.coverage().sources.find((one) => one.source === name);

describe("what comes is stored", () => {
  it("at once when nothing came lately, then together every 50 ms", () => {
    const live = openLive();
    begin(live);
    expect(eventsOf(live)).toBe(0);
    live.timers.advance(0);
    expect(eventsOf(live)).toBe(1);
    live.helper.exec();
    live.timers.advance(20);
    expect(eventsOf(live)).toBe(1);
    live.helper.exec();
    live.timers.advance(30);
    expect(eventsOf(live)).toBe(3);
  });

  it("500 records at once, however fast they come", () => {
    const live = openLive();
    begin(live);
    for (let i = 0; i < 1200; i += 1) live.helper.exec();
    expect(eventsOf(live)).toBe(1000);
    live.pass(1);
    expect(eventsOf(live)).toBe(1201);
  });

  it("what is no frame too, and what is not UTF-8", () => {
    const live = openLive();
    begin(live);
    live.helper.sendText("rubbish");
    live.helper.listener.line(Buffer.from([0xff, 0xfe, 0x7b]));
    live.helper.sendText(`{"v":1,"t":"event","src":"es","n":1,"at":"x","body":{]}`);
    live.pass(1);
    const coverage = live.session.coverage();
    expect(coverage.faults).toBe(3);
    expect(gapsOf(live, "es")).toMatchObject({ unreadable: 1, shed: 0, lost: 0 });
  });
});

describe("what a helper must not say", () => {
  it("that the owner accepted this Mac: kept as a fault that shows, and nothing is expected for it", () => {
    const live = openLive();
    begin(live);
    live.helper.send({
      t: "probe",
      name: "csrutil-status",
      at: live.helper.at(),
      exit: 0,
      ms: 3,
      timedOut: false,
      out: "System Integrity Protection status: disabled.\n",
      err: "",
    });
    const claim = { t: "baseline", at: live.helper.at(), by: "ana", reason: "as it should be" };
    live.helper.send(claim, claim);
    live.pass(1);
    expect(live.monitor.posture()).toMatchObject({ baseline: { state: "unconfirmed" } });
    expect(live.monitor.posture().weakenedSince).not.toBeNull();
    expect(live.session.coverage().faults).toBe(2);
    expect(eventsOf(live)).toBe(4);
  });
});

describe("marks", () => {
  it("are acknowledged once everything before them is stored, the newest for all", () => {
    const live = openLive();
    begin(live);
    live.helper.exec();
    live.helper.listener.mark(7);
    expect(live.helper.acked).toEqual([]);
    live.helper.listener.mark(8);
    live.timers.advance(0);
    expect(eventsOf(live)).toBe(2);
    expect(live.helper.acked).toEqual([8]);
  });

  it("are not while the disk is full, and not those of a connection that is gone", () => {
    const live = openLive();
    begin(live);
    live.disk.full = true;
    live.pass(1);
    live.helper.exec();
    live.helper.listener.mark(1);
    live.pass(3);
    expect(live.helper.acked).toEqual([]);
    live.helper.listener.state({ phase: "waiting", reason: "It ended.", retryAt: START });
    live.helper.connect();
    live.helper.listener.mark(2);
    live.disk.full = false;
    live.pass(3);
    expect(eventsOf(live)).toBe(2);
    expect(live.helper.acked).toEqual([2]);
  });

  it("are never by who keeps nothing", () => {
    const live = openLive({ durable: false });
    begin(live);
    live.helper.listener.mark(7);
    live.pass(2);
    expect(live.helper.acked).toEqual([]);
  });
});

describe("a full disk", () => {
  it("holds everything back and stores it in order when there is room", () => {
    const live = openLive();
    begin(live);
    live.disk.full = true;
    live.pass(1);
    expect(live.monitor.trouble?.kind).toBe("disk-full");
    for (let i = 0; i < 700; i += 1) live.helper.exec();
    live.pass(5);
    expect(eventsOf(live)).toBe(0);
    live.disk.full = false;
    live.pass(2);
    expect(eventsOf(live)).toBe(701);
    expect(gapsOf(live, "es")).toMatchObject({ shed: 0 });
  });

  it("past the bound sheds the oldest, counted, and never what tells of the session", () => {
    const live = openLive({ heldLimits: { records: 100, chars: 10_000_000 } });
    begin(live);
    live.disk.full = true;
    live.pass(1);
    for (let i = 0; i < 150; i += 1) live.helper.exec();
    live.helper.probe();
    for (let i = 0; i < 150; i += 1) live.helper.log(`line ${i}`);
    live.disk.full = false;
    live.pass(2);
    const [es, log] = [gapsOf(live, "es"), gapsOf(live, "log")];
    expect(es).toMatchObject({ shed: 150, shedByUs: 150, lost: 0 });
    expect(sourceOf(live, "es")?.events).toBe(0);
    expect((log?.shed ?? 0) + (sourceOf(live, "log")?.events ?? 0)).toBe(150);
    expect(sourceOf(live, "probe")?.events).toBe(1);
    expect(sourceOf(live, "probe")?.gaps.shed).toBe(0);
  });
});

describe("sent = received + accounted", () => {
  it("whatever is shed, unreadable, told late or never told", () => {
    const live = openLive();
    begin(live);
    for (let i = 0; i < 10; i += 1) live.helper.exec();
    const told = live.helper.skip("es", 7);
    live.helper.send({ t: "gap", src: "es", ...told, count: 7, why: "helper-overflow", at: live.helper.at() });
    const unreadable = live.helper.skip("es", 1, "unreadable");
    live.helper.send({ t: "gap", src: "es", ...unreadable, count: 1, why: "unreadable", bytes: 1e8, head: "{" });
    live.helper.exec();
    live.helper.skip("es", 4);
    live.helper.exec();
    // The tail: no later number shows that it is missing, only the pong does.
    live.helper.skip("es", 5);
    live.helper.pong();
    live.helper.exec();
    live.pass(1);
    for (let i = 0; i < 300; i += 1) live.helper.exec();
    live.helper.pong();
    live.pass(2);
    const gaps = gapsOf(live, "es");
    const events = sourceOf(live, "es")?.events ?? 0;
    expect(events).toBe(313);
    expect(gaps).toMatchObject({ shed: 16, unreadable: 1, lost: 0, unknown: 0 });
    expect(events + (gaps?.shed ?? 0) + (gaps?.unreadable ?? 0)).toBe(live.helper.counts.get("es")?.n);
  });

  it("does not take what lies before a connection for missing", () => {
    const live = openLive();
    begin(live);
    live.helper.skip("es", 5000);
    live.helper.pong();
    live.helper.exec();
    live.helper.pong();
    live.pass(1);
    expect(gapsOf(live, "es")).toMatchObject({ shed: 0 });
  });
});

describe("a look at what ran", () => {
  it("is asked for once for each code at a path, with an assessment where trust is not settled", () => {
    const live = openLive();
    begin(live);
    live.helper.exec("/usr/bin/true");
    live.helper.exec("/usr/bin/true");
    const team = {
      codesigning_flags: 0x22010301,
      is_platform_binary: false,
      team_id: "7QXW3N5R2K",
      cdhash: "AA".repeat(20),
    };
    live.helper.exec("/Applications/Viewer.app/Contents/MacOS/Viewer", team);
    live.helper.exec("/private/tmp/relative", {
      cdhash: "0".repeat(40),
      codesigning_flags: 0,
      is_platform_binary: false,
    });
    expect(live.helper.inspected).toEqual([
      { path: "/usr/bin/true", pid: expect.any(Number), assess: false },
      { path: "/Applications/Viewer.app/Contents/MacOS/Viewer", pid: expect.any(Number), assess: true },
      { path: "/private/tmp/relative", pid: expect.any(Number), assess: false },
    ]);
    expect(live.session.coverage().looks).toMatchObject({ asked: 3, skipped: 0 });
  });

  it("is not asked for by a pid that may be another's by now, and of unsigned code again after a minute", () => {
    const live = openLive();
    begin(live);
    const unsigned = { cdhash: null, codesigning_flags: 0 };
    live.helper.exec("/tmp/tool", unsigned);
    live.pass(30);
    live.helper.exec("/tmp/tool", unsigned);
    live.pass(50);
    live.helper.exec("/tmp/tool", unsigned);
    expect(live.helper.inspected.map(({ path }) => path)).toEqual(["/tmp/tool", "/tmp/tool"]);
    live.clock.time += 60 * SECOND;
    const old = new Date((live.clock.time - 50 * SECOND) / 1000).toISOString();
    live.helper.event("es", execAt(old));
    expect(live.helper.inspected.at(-1)).toEqual({ path: "/tmp/old", pid: null, assess: false });
  });

  it("waits its turn, and what waits too long is given up and counted", () => {
    const live = openLive();
    begin(live);
    for (let i = 0; i < 2000; i += 1) live.helper.exec(`/tmp/t${i}`, { cdhash: i.toString(16).padStart(40, "0") });
    expect(live.helper.inspected.length).toBeLessThanOrEqual(41);
    live.pass(2);
    expect(live.helper.inspected.length).toBeGreaterThan(60);
    expect(live.helper.inspected.length).toBeLessThan(90);
    expect(live.session.coverage().looks?.skipped).toBeGreaterThan(900);
    live.helper.canBeAsked = false;
    const before = live.helper.inspected.length;
    live.pass(5);
    expect(live.helper.inspected).toHaveLength(before);
    live.helper.canBeAsked = true;
    live.pass(60);
    const { asked, skipped } = live.session.coverage().looks ?? { asked: 0, skipped: 0 };
    expect(asked + skipped).toBe(2000);
  });

  it("becomes part of the answer before it is stored or recorded, and holds nothing else up", async () => {
    const lines: string[] = [];
    const { promise, resolve } = Promise.withResolvers<InspectionSummary | null>();
    const live = openLive({ summariseFile: () => promise, onLine: (line) => lines.push(Buffer.from(line).toString()) });
    begin(live);
    live.helper.send({ ...FILE, at: live.helper.at() });
    live.helper.exec();
    live.pass(1);
    expect(eventsOf(live)).toBe(2);
    resolve(SUMMARY);
    await promise;
    await Promise.resolve();
    live.pass(1);
    expect(eventsOf(live)).toBe(3);
    expect(lines.map((line) => /"t":"([a-z]+)"/.exec(line)?.[1])).toEqual(["hello", "event", "file"]);
    expect(JSON.parse(lines[2] ?? "")).toMatchObject({ path: "/Users/ana/tool", inspection: { class: "ad-hoc" } });
  });

  it("goes without, and says why, when it takes too long, fails, or too many wait", async () => {
    const answers = { summariseFile: () => new Promise<null>(() => undefined) };
    const slow = openLive(answers);
    begin(slow);
    for (let i = 0; i < 70; i += 1) slow.helper.send({ ...FILE, path: `/tmp/${i}`, at: slow.helper.at() });
    expect(slow.session.coverage().looks?.notInspected).toEqual({ tooMany: 6, tookTooLong: 0, failed: 0 });
    slow.pass(21);
    expect(slow.session.coverage().looks?.notInspected).toEqual({ tooMany: 6, tookTooLong: 64, failed: 0 });
    expect(eventsOf(slow)).toBe(71);
    const failing = openLive({ summariseFile: () => Promise.reject(new Error("no")) });
    begin(failing);
    failing.helper.send({ ...FILE, at: failing.helper.at() }, { ...FILE, error: "ENOENT", at: failing.helper.at() });
    await new Promise((resolve) => setImmediate(resolve));
    failing.pass(1);
    expect(failing.session.coverage().looks?.notInspected).toEqual({ tooMany: 0, tookTooLong: 0, failed: 1 });
    expect(eventsOf(failing)).toBe(3);
  });
});

describe("a helper that ends", () => {
  const next = "22222222-2222-4333-8444-555555555555";

  it("without a bye leaves a gap in the timeline, and the log is filled in from where it stopped", () => {
    const live = openLive();
    begin(live);
    live.helper.log("one");
    live.pass(1);
    live.helper.pong();
    expect(live.helper.asked.filter((what) => what.startsWith("since"))).toEqual([]);
    live.helper.listener.state({ phase: "waiting", reason: "It ended.", retryAt: START });
    live.pass(10);
    live.helper.counts.clear();
    live.helper.connect("full", next);
    live.helper.hello(undefined, next);
    live.helper.log("two");
    live.helper.pong();
    live.helper.pong();
    live.pass(1);
    expect(live.helper.asked.filter((what) => what.startsWith("since"))).toEqual(["since 2026-11-21T10:00:00.000000Z"]);
    // hello, log, gap, hello, log
    expect(eventsOf(live)).toBe(5);
  });

  it("with a bye leaves none, and a session that goes on over another connection neither", () => {
    const live = openLive();
    begin(live);
    live.helper.listener.state({ phase: "waiting", reason: "The connection was lost.", retryAt: START });
    live.helper.connect();
    live.helper.exec();
    live.helper.send({ t: "bye", at: live.helper.at() });
    live.helper.hello(undefined, next);
    live.pass(1);
    expect(eventsOf(live)).toBe(4);
  });

  it("asks again while the helper is busy, and fills in a day at most", () => {
    const ports = newStore();
    const first = openLive({}, ports);
    begin(first);
    first.helper.log("one");
    first.pass(1);
    const live = openLive({}, ports);
    live.clock.time = START + 3 * 86_400 * SECOND;
    live.helper.canBeAsked = false;
    live.session.start();
    live.helper.connect("standard", next);
    live.helper.hello(["log"], next);
    live.helper.pong();
    live.helper.canBeAsked = true;
    live.helper.pong();
    expect(live.helper.asked).toEqual(["since 2026-11-23T10:00:00.000000Z"]);
  });

  it("asks for nothing of a session that went on without us", () => {
    const ports = newStore();
    const first = openLive({}, ports);
    begin(first);
    first.helper.log("one");
    first.pass(1);
    const again = openLive({}, ports);
    begin(again);
    again.helper.pong();
    expect(again.helper.asked).toEqual([]);
  });

  it("re-reads of the log add nothing that was delivered live, also after a restart", () => {
    const ports = newStore();
    const live = openLive({}, ports);
    begin(live);
    live.helper.log("one");
    live.helper.log("two");
    live.pass(1);
    const before = eventsOf(live);
    const again = openLive({}, ports);
    again.session.start();
    again.helper.connect("full", next);
    again.helper.hello(undefined, next);
    again.helper.event("log", logTwin("one", 0), { replayed: true });
    again.helper.event("log", logTwin("three", 3), { replayed: true });
    again.pass(1);
    expect(eventsOf(again)).toBe(before + 2);
    expect(again.session.coverage().duplicates).toBe(1);
  });
});

it("ends in the open when the store fails for good, and takes nothing more", () => {
  const live = openLive();
  begin(live);
  live.monitor.flush = () => {
    throw new Error("the database is damaged");
  };
  live.pass(1);
  expect(live.faults).toHaveLength(1);
  live.helper.exec();
  live.pass(2);
  expect(live.faults).toHaveLength(1);
});

it("commits what came, and what still waits for a look, when it is stopped", async () => {
  const live = openLive({ summariseFile: () => new Promise<null>(() => undefined) });
  begin(live);
  live.helper.exec();
  live.helper.send({ ...FILE, at: live.helper.at() });
  await live.session.stop();
  expect(live.helper.stopped).toBe(true);
  // hello, exec, bye, file
  expect(eventsOf(live)).toBe(4);
});

it("gives the same database when it is killed and everything comes again", () => {
  const feed = (live: ReturnType<typeof openLive>, from: number, to: number) => {
    live.session.start();
    live.helper.connect();
    live.helper.hello();
    for (let i = 0; i < to; i += 1) {
      live.clock.time = START + i * SECOND;
      live.helper.log(`line ${i}`);
      if (i >= from && i % 7 === 0) live.timers.advance(60);
    }
  };
  const whole = openLive();
  feed(whole, 0, 40);
  whole.pass(1);
  const ports = newStore();
  // Not committed to the end: the rest is lost with it.
  feed(openLive({}, ports), 0, 25);
  const again = openLive({}, ports);
  feed(again, 0, 40);
  again.pass(1);
  expect(again.ports.totals()).toEqual(whole.ports.totals());
  expect(again.ports.counts()).toEqual(whole.ports.counts());
});

it("is all good only once every source of the tier has proved itself", () => {
  const live = openLive();
  expect(isAllGood(live.session.coverage())).toBe(false);
  begin(live);
  live.helper.exec();
  live.helper.line("Filtering the log data");
  live.helper.event("proc", { change: "new", pid: 1, path: "/sbin/launchd", args: [] });
  expect(isAllGood(live.session.coverage())).toBe(false);
  live.helper.probe();
  expect(isAllGood(live.session.coverage())).toBe(true);
  expect(live.session.helper).toEqual({ phase: "connected", tier: "full", reason: null, retryAt: null });
});

function execAt(time: string): object {
  return {
    schema_version: 1,
    version: 10,
    time,
    event_type: 9,
    process: { audit_token: { pid: 9, pidversion: 9 }, executable: { path: "/bin/zsh" } },
    event: {
      exec: {
        target: {
          audit_token: { pid: 10, pidversion: 10 },
          executable: { path: "/tmp/old" },
          codesigning_flags: 0,
          cdhash: null,
        },
        args: ["old"],
      },
    },
  };
}

function logTwin(eventMessage: string, machTimestamp: number): object {
  return {
    timestamp: "2026-11-21 10:00:00.000000+0000",
    machTimestamp,
    threadID: 77,
    processID: 300,
    processImagePath: "/usr/libexec/amfid",
    senderImagePath: "/usr/libexec/amfid",
    eventMessage,
  };
}
