import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ManualClock, SECOND } from "#core/base/clock.ts";
import { silentLogger } from "#core/base/logger.ts";
import { ManualTimers } from "#core/pipeline/timers.ts";
import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fault, SESSION } from "./fake-helper.ts";
import type { ClientSource, SourceSession } from "./fs-watch.ts";
import type { LiveHelper } from "#core/base/live-helper.ts";
import { createHelper, type HelperOptions } from "./supervised-helper.ts";
import { DAEMON_SESSION, FakeDaemon, installFake, remove, temporaryFolder, Witness } from "./test-support.ts";

const ME = process.getuid?.() ?? 0;

let folder: string;
let timers: ManualTimers;
let clock: ManualClock;
let witness: Witness;
let helper: LiveHelper;
let daemon: FakeDaemon;

beforeEach(() => {
  folder = temporaryFolder();
  chmodSync(folder, 0o755);
  timers = new ManualTimers();
  clock = new ManualClock(1_763_719_200 * SECOND);
  witness = new Witness();
});

afterEach(async () => {
  await helper.stop();
  await daemon.close();
  remove(folder);
});

async function start(faults: readonly Fault[], more: Partial<HelperOptions> = {}, listens = true): Promise<void> {
  daemon = new FakeDaemon(folder, ...faults);
  if (listens) await daemon.listen();
  helper = createHelper({
    binary: installFake(folder),
    client: "sealbar test",
    clock,
    timers,
    logger: silentLogger,
    daemonSocket: daemon.path,
    socketOwner: ME,
    ...more,
  });
  helper.start(witness);
}

function advance(ms: number): void {
  clock.advanceTo(clock.now() + ms * 1000);
  timers.advance(ms);
}

function degraded(): string | null {
  const state = witness.states.findLast(({ phase }) => phase === "connected");
  return state?.phase === "connected" ? state.degraded : null;
}

const sessions = () =>
  witness.lines.flatMap((line) => {
    const frame = JSON.parse(line) as { t: string; session?: string };
    return frame.t === "hello" ? [frame.session] : [frame.t];
  });

const FULL = ["connecting -", "connecting full", "connected full"];
const DOWN = ["connecting standard", "connected standard degraded"];

describe("the full tier", { timeout: 30_000 }, () => {
  it("is preferred when the daemon is there", async () => {
    await start([]);
    await witness.untilSaid("connected full");
    await witness.until(() => witness.lines.length === 1);
    expect(witness.words()).toEqual(FULL);
    expect(witness.states.at(-1)).toMatchObject({ session: DAEMON_SESSION, degraded: null });
    await helper.stop();
    expect(sessions()).toEqual([DAEMON_SESSION, "bye"]);
  });

  it("has heads of journals kept by the daemon alone", async () => {
    const head = { journal: "0a".repeat(32), seq: 41, hash: "f9".repeat(32) };
    await start([], {}, false);
    await witness.untilSaid("connected standard");
    expect([helper.anchors(() => undefined), helper.anchor(head, () => undefined)]).toEqual([false, false]);
    await daemon.listen();
    advance(10_000);
    await witness.untilSaid("connected full");
    const said = await new Promise((resolve) => helper.anchor(head, resolve));
    const heads = await new Promise((resolve) => helper.anchors(resolve));
    expect([said, heads]).toEqual([{ ...head, kept: true }, [head]]);
    // Answers are no records.
    expect(sessions()).toEqual([SESSION, "bye", DAEMON_SESSION]);
    const refused = new Promise((resolve) => helper.anchors(resolve));
    await helper.stop();
    expect([null, [head]]).toContainEqual(await refused);
    expect(helper.anchor(head, () => undefined)).toBe(false);
  });

  it("degrades to the standard tier when the daemon goes, and comes back by itself", async () => {
    await start([]);
    await witness.untilSaid("connected full");
    daemon.cut();
    await witness.untilSaid("connected standard degraded");
    expect(degraded()).toMatch(/^The launch daemon closed the connection|^The connection to the launch daemon failed/);
    advance(1000);
    await witness.untilSaid("connected full", 2);
    expect(witness.words()).toEqual([...FULL, ...DOWN, "connecting full", "connected full"]);
    await witness.until(() => sessions().filter((word) => word === DAEMON_SESSION).length === 2);
    // The standard session is over before the daemon's goes on, so that no line is told in the wrong one.
    expect(sessions()).toEqual([DAEMON_SESSION, SESSION, "bye", DAEMON_SESSION]);
    expect(daemon.clients.size).toBe(1);
  });

  it("keeps what the daemon says during the hand-over for after it", async () => {
    await start(["flood"], {}, false);
    await witness.untilSaid("connected standard");
    await daemon.listen();
    advance(10_000);
    await witness.until(() => witness.pongs.some((counts) => (counts.get("log")?.n ?? 0) > 0));
    const reader = new SessionReader({ name: "live" });
    const lines = new LineSplitter().push(Buffer.from(`${witness.lines.join("\n")}\n`));
    const records = [...lines.flatMap((line) => reader.read(line)), ...reader.end()];
    const events = records.filter(({ kind, raw }) => kind === "frame" && raw.includes('"t":"event"'));
    expect(events).toHaveLength(daemon.helpers[0]?.n ?? -1);
    expect(records.filter(({ kind }) => kind === "fault" || kind === "gap")).toEqual([]);
  });

  it("takes up a daemon that is installed later, without a word of degradation before", async () => {
    await start([], {}, false);
    await witness.untilSaid("connected standard");
    expect(degraded()).toBeNull();
    advance(10_000);
    expect(witness.words().at(-1)).toBe("connected standard");
    await daemon.listen();
    advance(10_000);
    await witness.untilSaid("connected full");
  });

  it.each<[Fault, string[], RegExp, number[]]>([
    ["never-pong", [...FULL, ...DOWN], /stopped answering/, [20_000, 1000]],
    ["die-at-ping", [...FULL, ...DOWN], /closed the connection|connection to the launch daemon failed/, []],
    ["never-welcome", ["connecting -", "connecting full", ...DOWN], /did not answer the greeting/, [10_000]],
    [
      "other-version",
      ["connecting -", "connecting full", "refused", ...DOWN],
      /speaks versions 2, 3 of the protocol/,
      [],
    ],
    ["refuse-version", ["connecting -", "connecting full", "refused", ...DOWN], /speaks another version/, []],
    ["refuse-peer", ["connecting -", "connecting full", "refused", ...DOWN], /does not talk to this user/, []],
  ])("%s: degrades visibly", async (fault, words, reason, waits) => {
    await start([fault]);
    await (words.includes("connected full") ? witness.untilSaid("connected full") : untilGreeted());
    for (const ms of waits) advance(ms);
    await witness.untilSaid("connected standard degraded");
    expect(witness.words()).toEqual(words);
    expect(degraded()).toMatch(reason);
  });

  /** The daemon has the request; what it does not answer, only time can tell. */
  function untilGreeted(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (daemon.helpers.length > 0) resolve();
        else setImmediate(look);
      };
      look();
    });
  }

  it("does not connect to a socket that is not root's, and says so", async () => {
    await start([], { socketOwner: ME + 4242 });
    await witness.untilSaid("connected standard degraded");
    expect(degraded()).toMatch(/does not belong to root.*full tier is not used/);
    expect(daemon.helpers).toEqual([]);
  });

  it("leaves a socket alone that was replaced by something else", async () => {
    await start([]);
    await witness.untilSaid("connected full");
    await daemon.close();
    rmSync(daemon.path, { force: true });
    writeFileSync(daemon.path, "not a socket");
    await witness.untilSaid("connected standard degraded");
    advance(1000);
    expect(degraded()).toMatch(/is not the launch daemon's socket/);
    expect(witness.words().at(-1)).toBe("connected standard degraded");
  });

  it("is used even when there is no helper to start", async () => {
    await start([], { binary: join(folder, "missing") }, false);
    expect(witness.words()).toEqual(["connecting -", "refused"]);
    await daemon.listen();
    advance(10_000);
    await witness.untilSaid("connected full");
    expect(witness.words()).toEqual(["connecting -", "refused", "connecting full", "connected full"]);
  });

  it("acknowledges a mark on the connection it came on, and on no other", async () => {
    await start([]);
    await witness.untilSaid("connected full");
    daemon.say({ v: 1, t: "mark", mark: 4711 });
    daemon.say({ v: 1, t: "mark", mark: 4712 });
    await witness.until(() => witness.marks.length === 2);
    const [first = 0, second = 0] = witness.marks;
    helper.ack(first);
    await witness.until(() => witness.lines.some((line) => line.includes('"acknowledged":4711')));
    daemon.cut();
    await witness.untilSaid("connected standard degraded");
    advance(1000);
    await witness.untilSaid("connected full", 2);
    daemon.say({ v: 1, t: "mark", mark: 3 });
    await witness.until(() => witness.marks.length === 3);
    helper.ack(second);
    helper.ack(witness.marks[2] ?? 0);
    await witness.until(() => witness.lines.some((line) => line.includes('"acknowledged":3')));
    expect(witness.lines.some((line) => line.includes('"acknowledged":4712'))).toBe(false);
  });

  it("can be stopped in the middle of a hand-over", async () => {
    await start([], {}, false);
    await witness.untilSaid("connected standard");
    await daemon.listen();
    advance(10_000);
    await witness.untilSaid("connecting full");
    await helper.stop();
    const { length } = witness.states;
    advance(600_000);
    expect(witness.states).toHaveLength(length);
    expect(sessions().filter((word) => word === "bye").length).toBeGreaterThan(0);
  });
});

describe("the source on our side", { timeout: 30_000 }, () => {
  class Source implements ClientSource {
    readonly calls: string[] = [];
    session: SourceSession | null = null;
    begin(session: SourceSession): void {
      this.session = session;
      this.calls.push("begin");
      session.line(Buffer.from('{"v":1,"t":"status","src":"fs","state":"running"}'));
    }
    suspend(): void {
      this.calls.push("suspend");
    }
    stop(): void {
      this.calls.push("stop");
    }
    retry(): boolean {
      return true;
    }
    counts(): { n: number; lines: number; shed: number; unreadable: number } {
      return { n: 3, lines: 3, shed: 0, unreadable: 0 };
    }
  }

  it("belongs to the standard tier alone, and speaks after the hello", async () => {
    const fs = new Source();
    await start([], { fs });
    await witness.untilSaid("connected full");
    expect(fs.calls).toEqual(["stop"]);
    expect(witness.pongs.some((counts) => counts.has("fs"))).toBe(false);
    daemon.cut();
    await witness.untilSaid("connected standard degraded");
    await witness.until(() => witness.lines.some((line) => line.includes('"src":"fs"')));
    expect(sessions().slice(-2)).toEqual([SESSION, "status"]);
    await witness.until(() => witness.pongs.some((counts) => counts.get("fs")?.n === 3));
    advance(1000);
    await witness.untilSaid("connected full", 2);
    expect(fs.calls.slice(0, 3)).toEqual(["stop", "suspend", "begin"]);
    expect(fs.calls.at(-1)).toBe("stop");
  });

  it("asks the helper about files, and may keep the answer from the capture", async () => {
    const fs = new Source();
    await start([], { fs }, false);
    await witness.untilSaid("connected standard");
    const answers: unknown[] = [];
    const ask = (path: string, isPrivate: boolean) =>
      fs.session?.look(path, isPrivate, (answer) => answers.push(answer?.quarantine));
    expect([ask("/tmp/private", true), ask("/tmp/told", false)]).toEqual([true, true]);
    await witness.until(() => witness.lines.some((line) => line.includes("/tmp/told")));
    expect(answers).toEqual([null, null]);
    expect(witness.lines.some((line) => line.includes("/tmp/private"))).toBe(false);
  });
});
