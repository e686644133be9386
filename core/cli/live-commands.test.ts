import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { silentLogger } from "#core/base/logger.ts";
import { FakeHelper, SettableClock } from "#core/pipeline/live.fixture.ts";
import { ManualTimers } from "#core/pipeline/timers.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { doctorCommand } from "./doctor.ts";
import { CliError } from "./exit-codes.ts";
import type { LiveDeps } from "./live.ts";
import { recordCommand } from "./record.ts";
import { replayCommand } from "./replay.ts";
import { watchCommand } from "./watch.ts";

const folder = mkdtempSync(join(tmpdir(), "sealbar-live-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Mac for the commands: a helper in memory, time that the test passes, and a terminal that keeps its lines. */
function mac(platform: NodeJS.Platform = "darwin") {
  const clock = new SettableClock();
  const timers = new ManualTimers();
  const helper = new FakeHelper(clock);
  const lines: string[] = [];
  const wanted: unknown[] = [];
  let interrupt: () => void = () => undefined;
  let closed = 0;
  const deps: LiveDeps = {
    platform,
    createHelper: (sources) => {
      wanted.push(sources);
      return helper;
    },
    summariseFile: () => Promise.resolve(null),
    settings: DEFAULT_MONITOR_SETTINGS,
    clock,
    timers,
    logger: silentLogger,
    terminal: { columns: 100, write: (line) => lines.push(line), style: (_style, text) => text },
    progress: null,
    onInterrupt: (end) => {
      interrupt = end;
      return () => undefined;
    },
    close: () => {
      closed += 1;
      return Promise.resolve();
    },
  };
  return {
    deps,
    helper,
    lines,
    wanted,
    interrupt: () => interrupt(),
    closed: () => closed,
    pass(seconds: number) {
      for (let step = 0; step < seconds * 4; step += 1) {
        clock.time += 250_000;
        timers.advance(250);
      }
    },
    /** All of the tier prove themselves. */
    begin(sources = ["es", "log", "proc", "probe"]) {
      helper.connect();
      helper.hello(sources);
      for (const source of sources) helper.status(source, "running");
      helper.exec();
      helper.line("Filtering the log data");
      helper.event("proc", { change: "new", pid: 1, path: "/sbin/launchd", args: [] });
      helper.probe();
      helper.pong();
    },
  };
}

const jsonOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe("on a machine that is not a Mac", () => {
  it.each([
    ["watch", (deps: LiveDeps) => watchCommand([], deps)],
    ["doctor", (deps: LiveDeps) => doctorCommand(["--json"], deps)],
    ["record", (deps: LiveDeps) => recordCommand([join(folder, "linux.sealcap.jsonl")], deps)],
  ])("%s ends with one sentence and touches nothing", async (_name, run) => {
    const machine = mac("linux");
    await expect(run(machine.deps)).rejects.toThrow(
      /^This is not a Mac \(linux\), so there is nothing to [^.]+\. [^.]+\.$/,
    );
    await expect(run(machine.deps)).rejects.toMatchObject({ code: 2 });
    expect([machine.wanted, machine.lines, readdirSync(folder)]).toEqual([[], [], []]);
  });
});

describe("wrong usage", () => {
  it.each([
    ["watch", "--sources", "es,camera"],
    ["watch", "now"],
    ["watch", "--loud"],
    ["record"],
    ["record", "a", "b"],
    ["doctor", "please"],
  ])("%s %s %s", async (command, ...args) => {
    const commands = { watch: watchCommand, record: recordCommand, doctor: doctorCommand };
    const run = commands[command as keyof typeof commands];
    await expect(run(args, mac().deps)).rejects.toMatchObject({ code: 64 });
  });
});

describe("sealbar watch", () => {
  it("shows rows, findings and coverage as they come, and ends cleanly at Ctrl-C", async () => {
    const machine = mac();
    const ended = watchCommand(["--sources", "log,proc"], machine.deps);
    machine.begin();
    machine.pass(1);
    const tool = { codesigning_flags: 0, is_platform_binary: false, cdhash: null, signing_id: null };
    machine.helper.exec("/Users/ana/Downloads/viewer", tool);
    machine.pass(1);
    expect(machine.lines[0]).toMatch(/^Sealbar is watching this Mac with \d+ rules\./);
    expect(machine.lines.join("\n")).toContain("Ran viewer");
    expect(machine.lines.join("\n")).toContain("/Users/ana/Downloads/viewer");
    const coverage = machine.lines.filter((line) => line.startsWith("Coverage:"));
    expect(coverage.at(-1)).toContain("● es running  ● log running  ● proc running  ● probe running");
    machine.helper.status("es", "denied", "full-disk-access");
    machine.pass(2);
    expect(machine.lines.at(-1)).toContain("✕ es denied");
    machine.interrupt();
    expect(await ended).toBe(0);
    expect(machine.helper.stopped).toBe(true);
    expect(machine.closed()).toBe(1);
    expect(machine.lines.at(-1)).toMatch(/^Ended: \d+ records, 1 findings\.$/);
    expect(machine.wanted).toEqual([["log", "proc"]]);
    expect(machine.helper.acked).toEqual([]);
  });

  it("--json gives one object a line and nothing else", async () => {
    const machine = mac();
    const ended = watchCommand(["--json"], machine.deps);
    machine.begin();
    machine.pass(1);
    machine.helper.exec("/Users/ana/Downloads/viewer", {
      codesigning_flags: 0,
      is_platform_binary: false,
      cdhash: null,
    });
    machine.helper.log("\ud800 lone surrogate");
    machine.pass(1);
    machine.interrupt();
    await ended;
    const objects = jsonOf(machine.lines);
    expect(new Set(objects.map(({ t }) => t))).toEqual(new Set(["coverage", "event", "finding"]));
    expect(objects.filter(({ t }) => t === "coverage").map(({ standing }) => standing)).toContain("good");
    expect(objects.find(({ t, origin }) => t === "event" && origin === "es")).toMatchObject({ src: "es", n: 1 });
  });

  it("fails with what failed, and stops the helper's sources", async () => {
    const machine = mac();
    machine.deps.terminal.write = () => {
      throw new Error("the terminal is gone");
    };
    await expect(watchCommand([], machine.deps)).rejects.toThrow("the terminal is gone");
    expect([machine.closed(), machine.helper.stopped]).toEqual([1, true]);
  });
});

describe("sealbar doctor", () => {
  it("is good as soon as everything has proved itself", async () => {
    const machine = mac();
    const ended = doctorCommand(["--json"], machine.deps);
    machine.begin();
    machine.pass(1);
    expect(await ended).toBe(0);
    const [report] = jsonOf(machine.lines);
    expect(report).toMatchObject({
      t: "doctor",
      standing: "good",
      helper: { phase: "connected", tier: "full" },
      versions: { helper: "1.0.0", macos: "26.1", build: "25B78" },
      permissions: [
        { name: "Full Disk Access for the helper", proof: "proved" },
        { name: "Root, for Endpoint Security", proof: "proved" },
        { name: "An administrator's account, for the unified log", proof: "proved" },
      ],
    });
    expect(machine.helper.stopped).toBe(true);
  });

  it("is degraded when something was refused, and says what to do, in one screen", async () => {
    const machine = mac();
    const ended = doctorCommand([], machine.deps);
    machine.begin();
    machine.helper.status("es", "denied", "full-disk-access");
    machine.pass(1);
    expect(await ended).toBe(1);
    const text = machine.lines.join("\n");
    expect(text).toContain("Sealbar sees only a part");
    expect(text).toMatch(/✕ Endpoint Security +denied/);
    expect(text).toContain("Give Sealbar's helper Full Disk Access");
    expect(text).toMatch(/refused +Full Disk Access for the helper/);
    expect(text).toMatch(/gatekeeper/);
    expect(machine.lines.length).toBeLessThan(40);
  });

  it("waits ten seconds and no longer for a source that does not prove itself", async () => {
    const machine = mac();
    const ended = doctorCommand([], machine.deps);
    machine.helper.connect();
    machine.helper.hello(["es", "log"]);
    machine.helper.status("es", "running");
    machine.helper.line("Filtering the log data");
    machine.helper.pong();
    machine.pass(9);
    expect(machine.lines).toEqual([]);
    machine.pass(2);
    expect(await ended).toBe(1);
  });

  it.each([
    [
      "the helper is refused",
      (helper: FakeHelper) => helper.listener.state({ phase: "refused", reason: "Others can write to it." }),
      "Others can write to it.",
    ],
    ["nobody answers", () => undefined, "connecting to the helper"],
  ])("is blind when %s", async (_why, happen, words) => {
    const machine = mac();
    const ended = doctorCommand([], machine.deps);
    happen(machine.helper);
    machine.pass(11);
    expect(await ended).toBe(2);
    expect(machine.lines[0]).toContain("blind");
    expect(machine.lines.join("\n")).toContain(words);
  });
});

describe("sealbar record", () => {
  const replayed = async (file: string) => {
    const written: string[] = [];
    const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
    expect(await replayCommand(["--json", file])).toBe(0);
    spy.mockRestore();
    return JSON.parse(written.join("").trimEnd().split("\n").at(-1) ?? "") as { events: number; bySource: object };
  };

  it.each(["plain.sealcap.jsonl", "packed.sealcap.jsonl.gz"])("writes what can be replayed: %s", async (name) => {
    const file = join(folder, name);
    const machine = mac();
    const ended = recordCommand([file], machine.deps);
    machine.begin();
    machine.pass(1);
    for (let i = 0; i < 5; i += 1) {
      machine.helper.exec();
      machine.pass(1);
    }
    machine.helper.exec("/Users/ana/Downloads/viewer", {
      codesigning_flags: 0,
      is_platform_binary: false,
      cdhash: null,
    });
    machine.pass(1);
    // Killed here, the file can be read already.
    expect(await replayed(file)).toMatchObject({ events: 8, bySource: { es: 7, proc: 1 } });
    machine.interrupt();
    expect(await ended).toBe(0);
    expect(await replayed(file)).toMatchObject({ events: 8 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(machine.lines.join("\n")).toContain("Goes by Apple's name");
    expect(machine.lines.at(-1)).toMatch(/^16 lines, 0\.0 MB in /);
  });

  it("never writes over a file, and leaves none behind when nothing came", async () => {
    const there = join(folder, "there.jsonl");
    writeFileSync(there, "mine\n");
    await expect(recordCommand([there], mac().deps)).rejects.toMatchObject({ code: 64 });
    expect(readFileSync(there, "utf8")).toBe("mine\n");
    const empty = join(folder, "empty.sealcap.jsonl");
    const machine = mac();
    machine.helper.stop = () => Promise.resolve();
    const ended = recordCommand([empty], machine.deps);
    machine.pass(2);
    machine.interrupt();
    expect(await ended).toBe(2);
    expect(readdirSync(folder)).not.toContain("empty.sealcap.jsonl");
    await expect(recordCommand([join(folder, "no/such/folder.jsonl")], mac().deps)).rejects.toBeInstanceOf(CliError);
  });
});
