import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  type MonitorAnswerOf,
  type MonitorChange,
  type MonitorRequestOf,
  type MonitorVerb,
  monitorVerbs,
  type PortMessage,
} from "#contract/monitor-port.ts";
import { ManualClock } from "#core/base/clock.ts";
import { silentLogger } from "#core/base/logger.ts";
import { parseTime } from "#core/base/time.ts";
import { FakeHelper, SettableClock } from "./live.fixture.ts";
import { createMonitorService, type MonitorService, type MonitorServiceOptions } from "./monitor-service.ts";
import { OUR_RULES } from "./rules-folder.ts";
import { ManualTimers } from "./timers.ts";

const SCENARIOS = join(import.meta.dirname, "../../e2e/scenarios");
const G1 = join(SCENARIOS, "g1-fires.sealcap.jsonl");
const EVERYTHING = { filter: { origins: [], minSeverity: null, text: "" }, before: null, limit: 200 };

const folders: string[] = [];
const services: MonitorService[] = [];

afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sealbar-service-"));
  folders.push(folder);
  return folder;
}

/** The service with its port in hand: asks a verb and waits for what came back. */
function open(dataDir: string, restartedAfter: string | null = null, more: Partial<MonitorServiceOptions> = {}) {
  const messages: PortMessage[] = [];
  const listeners = new Set<() => void>();
  const service = createMonitorService({
    start: { dataDir, rulesDir: OUR_RULES, restartedAfter },
    post: (message) => {
      // As on the real port: only what survives cloning arrives.
      messages.push(structuredClone(message));
      for (const listener of listeners) listener();
    },
    clock: new ManualClock(parseTime("2026-11-21T12:00:00Z") ?? 0),
    logger: silentLogger,
    ...more,
  });
  services.push(service);
  let nextId = 1;
  const changes = (): MonitorChange[] =>
    messages.flatMap((message) => (message.t === "change" ? [message.change] : []));
  return {
    service,
    messages,
    changes,
    async raw(verb: string, payload: unknown): Promise<PortMessage> {
      const id = nextId++;
      await service.handle({ t: "request", id, verb, payload });
      const reply = messages.find((message) => "id" in message && message.id === id);
      if (reply === undefined) throw new Error("no reply");
      return reply;
    },
    async ask<V extends MonitorVerb>(verb: V, payload: MonitorRequestOf<V>): Promise<MonitorAnswerOf<V>> {
      const reply = await this.raw(verb, payload);
      if (reply.t !== "answer") throw new Error(`refused: ${JSON.stringify(reply)}`);
      return monitorVerbs[verb].answer.parse(reply.value) as MonitorAnswerOf<V>;
    },
    /** Resolves with the first change that fits. */
    until(fits: (change: MonitorChange) => boolean): Promise<MonitorChange> {
      return new Promise((resolve) => {
        const look = () => {
          const found = changes().find(fits);
          if (found === undefined) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      });
    },
  };
}

const isDone = (change: MonitorChange): boolean => change.recording?.state === "done";

describe("the monitor service", () => {
  it("starts empty, says that it is ready, and answers a snapshot", async () => {
    const port = open(newFolder());
    expect(port.messages[0]).toEqual({ t: "ready" });
    const snapshot = await port.ask("snapshot", null);
    expect(snapshot).toMatchObject({
      totals: { events: 0, findings: 0 },
      findings: [],
      recording: null,
      trouble: null,
    });
    expect(snapshot.coverage.skippedRules).toEqual([]);
  });

  it("shows a recording from a database of its own, and this Mac's again when it is closed", async () => {
    const port = open(newFolder());
    await port.ask("openRecording", { path: G1, speed: null });
    const done = await port.until(isDone);
    expect(done.recording).toMatchObject({ name: "g1-fires.sealcap.jsonl", progress: 1, problem: null });
    const page = await port.ask("timelinePage", EVERYTHING);
    expect(page.rows.length).toBeGreaterThan(5);
    const { findings } = await port.ask("findingsPage", { limit: 10, before: null });
    expect(findings.flatMap((finding) => finding.behaviours)).toContain("G1");
    const evidence = findings.flatMap((finding) => finding.evidence).find((one) => one.rowId !== null);
    const detail = await port.ask("eventDetail", { rowId: evidence?.rowId ?? 0 });
    expect(detail?.facts.length).toBeGreaterThan(3);
    expect(detail?.findings.length).toBeGreaterThan(0);
    expect(JSON.parse(detail?.raw ?? "")).toMatchObject({ v: 1 });
    expect(port.changes().some((change) => change.notifications !== undefined)).toBe(false);
    await port.ask("closeRecording", null);
    expect((await port.ask("timelinePage", EVERYTHING)).total).toBe(0);
  });

  it("numbers its changes without a hole, and a snapshot fits the next one", async () => {
    const port = open(newFolder());
    await port.ask("openRecording", { path: G1, speed: null });
    await port.until(isDone);
    const revisions = port.changes().map((change) => change.revision);
    expect(revisions).toEqual(revisions.map((_, index) => index + 1));
    const { revision } = await port.ask("snapshot", null);
    expect(revision).toBe(revisions.at(-1));
  });

  it("opens two recordings asked for at once one after the other, and leaves none behind", async () => {
    const folder = newFolder();
    const port = open(folder);
    const other = join(SCENARIOS, "g7-fires.sealcap.jsonl");
    await Promise.all([
      port.ask("openRecording", { path: G1, speed: 1 }),
      port.ask("openRecording", { path: other, speed: null }),
      port.ask("openRecording", { path: G1, speed: null }),
    ]);
    const { recording } = await port.until(
      (change) => isDone(change) && change.recording?.name === "g1-fires.sealcap.jsonl",
    );
    expect(recording?.id).toMatch(/^3 /);
    await port.service.stop();
    const left = readdirSync(join(folder, "recordings"));
    expect(left.filter((name) => !name.endsWith(".db"))).toEqual([]);
    expect(await port.raw("openRecording", { path: G1, speed: null })).toMatchObject({ t: "refusal" });
  });

  it("refuses a file that is no capture with its sentence, and goes on showing what it showed", async () => {
    const folder = newFolder();
    const path = join(folder, "notes.txt");
    writeFileSync(path, "hello\n");
    const port = open(folder);
    expect(await port.raw("openRecording", { path, speed: null })).toMatchObject({
      t: "refusal",
      message: expect.stringContaining("not a Sealbar capture"),
    });
    expect((await port.ask("snapshot", null)).recording).toBeNull();
  });

  it.each([
    ["an unknown verb", "dropEverything", null],
    ["a prototype's name", "constructor", null],
    ["a malformed payload", "eventDetail", { rowId: "1; DROP TABLE event" }],
    ["no payload", "timelinePage", undefined],
  ])("refuses %s", async (_why, verb, payload) => {
    expect((await open(newFolder()).raw(verb, payload)).t).toBe("refusal");
  });

  it("leaves out what is no request", async () => {
    const port = open(newFolder());
    const before = port.messages.length;
    for (const message of [null, 7, "stop", { t: "request" }, { t: "answer", id: 1 }])
      await port.service.handle(message);
    expect(port.messages).toHaveLength(before);
  });

  it("writes a gap record when it takes over from one that died, once", async () => {
    const folder = newFolder();
    await open(folder).service.stop();
    for (let i = 0; i < 2; i += 1) {
      const port = open(folder, "2026-11-21T11:59:00.000000Z");
      const { rows } = await port.ask("timelinePage", EVERYTHING);
      expect(rows.map((row) => [row.kind, row.at])).toEqual([["gap", "2026-11-21T11:59:00.000000Z"]]);
      await port.service.stop();
    }
  });

  it("resumes a recording after it died, without a row too many", async () => {
    const folder = newFolder();
    const first = open(folder);
    await first.ask("openRecording", { path: G1, speed: null });
    await first.until(isDone);
    const whole = await first.ask("timelinePage", EVERYTHING);
    await first.service.stop();
    const second = open(folder, "2026-11-21T11:59:00.000000Z");
    await second.ask("openRecording", { path: G1, speed: null });
    await second.until(isDone);
    expect((await second.ask("timelinePage", EVERYTHING)).rows).toEqual(whole.rows);
  });
});

describe("a database that another process writes", () => {
  it("is shown and left alone, and says who holds it", async () => {
    const folder = newFolder();
    const first = open(folder);
    const second = open(folder);
    const { trouble } = await second.ask("snapshot", null);
    expect(trouble).toMatchObject({ kind: "read-only", message: expect.stringContaining(String(process.pid)) });
    expect((await second.ask("timelinePage", EVERYTHING)).total).toBe(0);
    expect((await first.ask("snapshot", null)).trouble).toBeNull();
  });
});

describe("with a helper", () => {
  /** A Mac that is watched, and its time in hand. */
  function watched(dataDir: string, more: Partial<MonitorServiceOptions> = {}) {
    const clock = new SettableClock();
    const timers = new ManualTimers();
    const helper = new FakeHelper(clock);
    const port = open(dataDir, null, { helper, clock, timers, ...more });
    return { port, helper, timers };
  }
  const begin = (helper: FakeHelper) => {
    helper.connect();
    helper.hello(["es"]);
    helper.exec();
    helper.pong();
  };

  /** Gatekeeper is read as on, then as off. */
  const turnOffGatekeeper = (helper: FakeHelper, timers: ManualTimers) => {
    for (const state of ["enabled", "disabled"]) {
      helper.probe("spctl-status", `assessments ${state}\n`);
      timers.advance(300);
    }
  };

  it("tells this Mac's notifications once, with the finding, and knows the latest afterwards", async () => {
    const folder = newFolder();
    const { port, helper, timers } = watched(folder);
    begin(helper);
    timers.advance(300);
    turnOffGatekeeper(helper, timers);
    const told = port.changes().filter((change) => change.notifications !== undefined);
    expect(told).toHaveLength(1);
    const [notification] = told[0]?.notifications ?? [];
    expect(told[0]?.findings?.map(({ key }) => key)).toEqual(notification?.findings);
    expect(notification).toMatchObject({ tag: "findings-1", silent: false });
    helper.probe("spctl-status", "assessments disabled\n");
    timers.advance(300);
    await port.service.stop();
    const next = open(folder);
    expect((await next.ask("snapshot", null)).notifications).toMatchObject([{ title: notification?.title }]);
    expect(next.changes().flatMap((change) => change.notifications ?? [])).toEqual([]);
  });

  it("tells them while a recording is shown, and never the recording's", async () => {
    const { port, helper, timers } = watched(newFolder());
    begin(helper);
    timers.advance(300);
    await port.ask("openRecording", { path: G1, speed: null });
    turnOffGatekeeper(helper, timers);
    const told = port.changes().flatMap((change) => change.notifications ?? []);
    expect(told.map(({ title }) => title)).toEqual([expect.stringContaining("Gatekeeper")]);
    expect((await port.ask("snapshot", null)).digest).toBeUndefined();
  });

  it("stores what comes, and tells how far it can be trusted", async () => {
    const { port, helper, timers } = watched(newFolder());
    expect((await port.ask("snapshot", null)).live).toEqual({
      helper: { phase: "connecting", tier: null, reason: null, retryAt: null },
      allGood: false,
    });
    begin(helper);
    timers.advance(0);
    timers.advance(200);
    const change = port.changes().at(-1);
    expect(change).toMatchObject({ totals: { events: 2 }, live: { allGood: true, helper: { phase: "connected" } } });
    expect(change?.coverage.sources[0]).toMatchObject({ source: "es", state: "running", provedBy: "event" });
    expect((await port.ask("timelinePage", EVERYTHING)).total).toBe(2);
    expect(await port.ask("retrySource", { source: "es" })).toBe(true);
    expect(helper.asked).toContain("retry es");
  });

  it("goes on while a recording is shown, whose coverage is its own", async () => {
    const { port, helper, timers } = watched(newFolder());
    begin(helper);
    await port.ask("openRecording", { path: G1, speed: null });
    while (!port.changes().some(isDone)) {
      await new Promise((resolve) => setImmediate(resolve));
      timers.advance(100);
    }
    helper.listener.state({ phase: "refused", reason: "Others can write to the helper." });
    helper.exec();
    timers.advance(500);
    const { live, coverage } = await port.ask("snapshot", null);
    expect(live).toMatchObject({ allGood: false, helper: { phase: "refused" } });
    expect(coverage.helper).toBeUndefined();
    await port.ask("closeRecording", null);
    expect((await port.ask("timelinePage", EVERYTHING)).total).toBe(3);
  });

  it("stops the helper and keeps what it said last", async () => {
    const folder = newFolder();
    const { port, helper } = watched(folder);
    begin(helper);
    await port.ask("shutdown", null);
    expect(helper.stopped).toBe(true);
    expect((await open(folder).ask("timelinePage", EVERYTHING)).rows.map(({ kind }) => kind)).toEqual([
      "session_end",
      "exec",
      "session_start",
    ]);
  });

  it("does not collect beside another process that does", async () => {
    const folder = newFolder();
    open(folder);
    const { port, helper } = watched(folder);
    expect(() => helper.listener).toThrow("not started");
    expect((await port.ask("snapshot", null)).live).toBeUndefined();
    expect(await port.ask("retrySource", { source: "es" })).toBe(false);
  });

  it("leaves Sealbar's own tools out of the findings", async () => {
    const cdhash = "ab".repeat(20);
    const { port, helper, timers } = watched(newFolder(), { own: { cdhashes: [cdhash], teamId: null } });
    begin(helper);
    for (const hash of [cdhash, "cd".repeat(20)]) {
      const adHoc = { codesigning_flags: 0x22000003, is_platform_binary: false, cdhash: hash.toUpperCase() };
      helper.exec(`/Users/ana/Downloads/${hash.slice(0, 2)}`, adHoc);
    }
    timers.advance(0);
    const { findings } = await port.ask("findingsPage", { limit: 10, before: null });
    expect(findings.map(({ subject }) => subject.path)).toEqual(["/Users/ana/Downloads/cd"]);
  });
});
