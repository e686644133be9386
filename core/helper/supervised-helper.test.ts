import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ManualClock, MINUTE, SECOND } from "#core/base/clock.ts";
import { silentLogger } from "#core/base/logger.ts";
import type { LiveHelper as PipelinePort } from "#core/base/live-helper.ts";
import { ManualTimers } from "#core/pipeline/timers.ts";
import { LineSplitter, OVERSIZED_HEAD_BYTES } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fault, FLOOD, SESSION } from "./fake-helper.ts";
import type { LiveHelper } from "#core/base/live-helper.ts";
import { createHelper, type HelperOptions } from "./supervised-helper.ts";
import { installFake, remove, temporaryFolder, Witness } from "./test-support.ts";

const START = 1_763_719_200 * SECOND;

let folder: string;
let timers: ManualTimers;
let clock: ManualClock;
let witness: Witness;
let helper: LiveHelper | null;

beforeEach(() => {
  folder = temporaryFolder();
  timers = new ManualTimers();
  clock = new ManualClock(START);
  witness = new Witness();
  helper = null;
});

afterEach(async () => {
  await helper?.stop();
  remove(folder);
});

function startWith(faults: readonly Fault[], more: Partial<HelperOptions> = {}): LiveHelper {
  const binary = more.binary ?? installFake(folder, ...faults);
  helper = createHelper({
    binary,
    client: "sealbar test",
    clock,
    timers,
    logger: silentLogger,
    daemonSocket: null,
    ...more,
  });
  helper.start(witness);
  return helper;
}

function advance(ms: number): void {
  clock.advanceTo(clock.now() + ms * 1000);
  timers.advance(ms);
}

function lastReason(): string {
  const state = witness.states.findLast(({ phase }) => phase === "waiting" || phase === "refused");
  return state !== undefined && "reason" in state ? state.reason : "";
}

const types = () => witness.lines.map((line) => /^\{"v":\d+,"t":"([a-z]+)"/.exec(line)?.[1] ?? "?");

const BEGIN = ["connecting -", "connecting standard"];

describe("a helper in the standard tier", { timeout: 30_000 }, () => {
  it("is the port that core/pipeline asks for", async () => {
    const port: PipelinePort = startWith([]);
    await witness.untilSaid("connected standard");
    expect(witness.words()).toEqual([...BEGIN, "connected standard"]);
    expect(witness.states.at(-1)).toEqual({ phase: "connected", tier: "standard", session: SESSION, degraded: null });
    await port.stop();
    expect(types()).toEqual(["hello", "bye"]);
  });

  it("gives lines on and keeps answers to itself", async () => {
    const asked = startWith(["unknown-type"]);
    expect(asked.inspect({ path: "/tmp/a", pid: null, assess: false })).toBe(false);
    await witness.untilSaid("connected standard");
    expect(asked.inspect({ path: "/tmp/a", pid: 7, assess: false })).toBe(true);
    expect([asked.since(START), asked.probes(), asked.retry("log")]).toEqual([true, true, true]);
    await witness.until(() => types().includes("file"));
    expect(types()).toEqual(["hello", "weather", "?", "pong", "file"]);
    expect(witness.lines[2]).toBe("no frame at all");
    await asked.stop();
    expect(asked.inspect({ path: "/tmp/a", pid: 7, assess: false })).toBe(false);
  });

  it("gets fixed arguments, an environment of its own and no folder of ours", async () => {
    process.env["SEALBAR_TEST_SECRET"] = "must not leave";
    startWith(["environment"], { sources: ["log", "proc"] });
    await witness.until(() => witness.lines.length > 1);
    delete process.env["SEALBAR_TEST_SECRET"];
    const event = JSON.parse(witness.lines[1] ?? "") as {
      body: { environment: Record<string, string>; argv: string[]; cwd: string };
    };
    const { environment, argv, cwd } = event.body;
    expect(argv.slice(argv.indexOf("--") + 1)).toEqual(["--standard", "--sources=log,proc"]);
    expect(cwd).toBe("/");
    // What a shell adds of its own is not ours.
    const handedDown = Object.keys(environment).filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name));
    expect(handedDown.toSorted()).toEqual(["LANG", "LC_ALL", "PATH"]);
  });

  it("passes each heartbeat on with its counts", async () => {
    startWith([]);
    await witness.until(() => witness.pongs.length === 1);
    advance(5000);
    await witness.until(() => witness.pongs.length === 2);
    expect(witness.pongs[1]?.get("log")).toEqual({ n: 0, lines: 0, shed: 0, unreadable: 0 });
  });

  it.each<[Fault, string[], string, number[]]>([
    ["die-at-once", [...BEGIN, "waiting"], "The helper ended (exit code 3). It said: cannot go on‹U+001B›[31m", []],
    ["die-at-ping", [...BEGIN, "connected standard", "waiting"], "The helper ended (exit code 4).", []],
    ["die-in-a-line", [...BEGIN, "connected standard", "waiting"], "The helper ended (exit code 4).", []],
    ["stall", [...BEGIN, "connected standard", "waiting"], "The helper stopped answering.", [20_000, 1000]],
    ["never-pong", [...BEGIN, "connected standard", "waiting"], "The helper stopped answering.", [20_000, 1000]],
    ["never-welcome", [...BEGIN, "waiting"], "The helper did not answer the greeting.", [10_000]],
  ])("%s: is started again after a pause", async (fault, words, reason, waits) => {
    startWith([fault]);
    await witness.until(() => witness.lines.length > 0 || witness.words().includes("waiting"));
    if (words.includes("connected standard")) await witness.untilSaid("connected standard");
    for (const ms of waits) advance(ms);
    await witness.untilSaid("waiting");
    expect(witness.words()).toEqual(words);
    expect(lastReason()).toBe(reason);
    expect(witness.states.at(-1)).toMatchObject({ retryAt: clock.now() + SECOND });
    advance(1000);
    await witness.untilSaid("connecting standard", 2);
  });

  it("waits longer each time, and anew after a healthy minute", async () => {
    startWith(["die-at-once"]);
    await witness.untilSaid("waiting");
    advance(1000);
    await witness.untilSaid("waiting", 2);
    expect(witness.states.at(-1)).toMatchObject({ retryAt: clock.now() + 2 * SECOND });
    installFake(folder, "die-at-ping");
    clock.advanceTo(clock.now() + MINUTE);
    advance(2000);
    await witness.untilSaid("waiting", 3);
    expect(witness.states.at(-1)).toMatchObject({ retryAt: clock.now() + 4 * SECOND });
  });

  it.each<Fault>(["other-version", "refuse-version", "other-hello-version"])(
    "%s: is refused until it is replaced",
    async (fault) => {
      startWith([fault]);
      await witness.untilSaid("refused");
      expect(witness.words()).toEqual([...BEGIN, "refused"]);
      expect(lastReason()).toMatch(/^The helper speaks .* of the protocol, Sealbar version 1\. Install both/);
      advance(10_000);
      advance(10_000);
      expect(witness.words()).toEqual([...BEGIN, "refused"]);
      installFake(folder);
      advance(10_000);
      await witness.untilSaid("connected standard");
    },
  );

  it("is not started when others may change it, and is when that has been put right", async () => {
    const binary = installFake(folder);
    chmodSync(binary, 0o775);
    startWith([], { binary });
    expect(witness.words()).toEqual(["connecting -", "refused"]);
    expect(lastReason()).toMatch(/Other users may change the helper/);
    chmodSync(binary, 0o755);
    advance(10_000);
    await witness.untilSaid("connected standard");
  });

  it("is not started again when it was made writable for others while it ran", async () => {
    startWith(["die-at-ping"]);
    chmodSync(join(folder, "sealbar-helper"), 0o777);
    await witness.untilSaid("waiting");
    advance(1000);
    expect(witness.words().slice(2)).toEqual(["connected standard", "waiting", "refused"]);
  });

  it("says so when the file is no program", async () => {
    const binary = join(folder, "sealbar-helper");
    writeFileSync(binary, "\0\0\0not a program", { mode: 0o755 });
    startWith([], { binary });
    await witness.untilSaid("waiting");
    expect(lastReason()).toMatch(/^The helper (cannot be started|ended)/);
  });

  it("hands on what it said last when it dies within a line", async () => {
    startWith(["die-in-a-line"]);
    await witness.untilSaid("waiting");
    expect(witness.lines.at(-1)).toBe('{"v":1,"t":"event","src":"log","n":1,"at":"cut');
  });

  it("accounts for every line of a flood", async () => {
    startWith(["flood"]);
    await witness.until(() => witness.pongs.length === 1);
    expect(witness.lines).toHaveLength(FLOOD + 1);
    expect(witness.pongs[0]?.get("log")?.n).toBe(FLOOD);
  });

  it("accounts for a line of 100 MB, and goes on after it", async () => {
    startWith(["huge"]);
    await witness.until(() => witness.pongs.length === 1);
    expect(types()).toEqual(["hello", "event", "event"]);
    expect(witness.lines[1]).toHaveLength(OVERSIZED_HEAD_BYTES);
    const sent = witness.pongs[0]?.get("log")?.n ?? 0;
    const reader = new SessionReader({ name: "live" });
    const splitter = new LineSplitter();
    const lines = splitter.push(Buffer.from(`${witness.lines.join("\n")}\n`));
    const records = [...lines.flatMap((line) => reader.read(line)), ...reader.end()];
    const received = records.filter((record) => record.kind === "frame" && record.frame.t === "event").length;
    const unreadable = records.filter((record) => record.kind === "fault" && record.source === "log").length;
    expect([sent, received, unreadable]).toEqual([2, 1, 1]);
  });

  it("hands on invalid UTF-8 as it came", async () => {
    startWith(["invalid-utf8"]);
    await witness.until(() => witness.lines.length === 2);
    expect(witness.lines[1]).toBe('{"v":1,"t":"line","src":"log","n":1,"text":"\uFFFD\uFFFD"}');
  });

  it("does not ask again at once when the helper is busy", async () => {
    const asked = startWith(["busy"]);
    await witness.until(() => witness.pongs.length === 1);
    expect(asked.probes()).toBe(true);
    advance(5000);
    await witness.until(() => witness.pongs.length === 2);
    expect(asked.probes()).toBe(false);
    advance(1000);
    expect(asked.probes()).toBe(true);
  });
});

describe("stopping", { timeout: 30_000 }, () => {
  /** One that ended and that nobody has collected yet (a container without an init) does not run. */
  function isAlive(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return !existsSync("/proc/self/stat") || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return false;
    }
  }

  /** A signal that was sent arrives when the system gets to it. */
  async function dead(pid: number): Promise<void> {
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
  }

  it("ends one that heeds neither the end of its input nor SIGTERM", async () => {
    startWith(["stubborn", "stall", "environment"]);
    await witness.untilSaid("connected standard");
    const stopped = helper?.stop();
    timers.advance(2000);
    timers.advance(2000);
    await stopped;
    const words = witness.words();
    advance(600_000);
    expect(witness.words()).toEqual(words);
  });

  it("does not wait for a child that holds the output, and ends it", async () => {
    const pidFile = join(folder, "child");
    const path = join(folder, "sealbar-helper");
    installFake(folder, "die-at-ping");
    // The child is in the helper's group and has its output.
    const script = readFileSync(path, "utf8").replace("exec", `/bin/sleep 300 & echo $! > ${pidFile}\nexec`);
    writeFileSync(path, script);
    startWith([], { binary: path });
    await witness.untilSaid("connected standard");
    const child = Number(readFileSync(pidFile, "utf8"));
    expect(isAlive(child)).toBe(true);
    const stopped = helper?.stop();
    const poll = setInterval(() => {
      timers.advance(2000);
    }, 5);
    await stopped;
    clearInterval(poll);
    await dead(child);
  });

  it("may be asked before it was started, and twice", async () => {
    const never = createHelper({
      binary: "/nowhere/sealbar-helper",
      client: "sealbar test",
      clock,
      timers,
      logger: silentLogger,
      daemonSocket: null,
    });
    await never.stop();
    await never.stop();
    never.start(witness);
    expect(witness.states).toEqual([]);
  });
});
