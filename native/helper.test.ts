import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Frame, type ProbeFrame } from "#contract/frames.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alive, LIMIT_DIVISOR, Sandbox, until } from "./test/sandbox.ts";

/** Stand-ins for macOS programs, under a folder that the test build has compiled in. Constructed. */
const machine = new Sandbox();
const { helper } = machine;
const marks = machine.at("marks");
/** Bytes of every kind, the same each time, weighted towards those that begin and go on UTF-8 sequences. */
const anyBytes = Uint8Array.from({ length: 60_000 }, (_, i) => {
  const mixed = Math.imul(i + 1, 0x9e3779b1) >>> 0;
  return mixed % 3 === 0 ? 0x80 + ((mixed >>> 8) % 0x80) : (mixed >>> 16) & 0xff;
});
const STREAM_LIMIT = 256 * 1024;
const REPLACEMENT = "\uFFFD";

interface Output {
  frames: Frame[];
  lines: string[];
  status: number | null;
}

function runOnce(): Output {
  const run = spawnSync(helper, ["--once"], { timeout: 40_000, maxBuffer: 64 * 1024 * 1024 });
  const text = new TextDecoder("utf-8", { fatal: true }).decode(run.stdout);
  const lines = text.trimEnd().split("\n");
  expect(run.stderr.toString()).toBe("");
  return { lines, status: run.status, frames: lines.map((line) => Frame.parse(JSON.parse(line))) };
}

function probeOf(frames: readonly Frame[], name: string): ProbeFrame {
  const found = frames.find((frame) => frame.t === "probe" && frame.name === name);
  if (found?.t !== "probe") throw new Error(`no probe frame named ${name}`);
  return found;
}

let output: Output;

beforeAll(() => {
  machine.build();

  // It hangs, and so does a child it started: both must be gone afterwards.
  machine.standIn(
    "usr/bin/csrutil",
    `echo asking; sleep 300 & echo $! > ${marks}/grandchild; echo $$ > ${marks}/hung; wait`,
  );
  machine.standIn("usr/sbin/spctl", "echo 'assessments disabled'; exit 1");
  machine.standIn("usr/sbin/sysctl", 'echo "args: $#"; cat; env | sort >&2');
  machine.standIn(
    "usr/sbin/nvram",
    "echo \"nvram: Error getting variable - 'boot-args': (iokit/common) data was not found\" >&2; exit 1",
  );
  machine.standIn("usr/sbin/system_profiler", "head -c 1000000 /dev/zero | tr '\\0' 'x'; head -c 300000 /dev/zero >&2");
  machine.standIn(
    "sbin/mount",
    "printf 'ok \\303\\251 \\377 cut \\342\\202 over \\300\\257 half \\355\\240\\200 nul \\000 esc \\033 \"q\" \\\\ end\\303'",
  );
  // It ends at once and leaves a child behind that holds the pipe open.
  machine.standIn("usr/bin/sw_vers", `echo 'ProductName: macOS'; sleep 300 & echo $! > ${marks}/stray; exit 0`);
  machine.standIn("usr/bin/xprotect", "kill -9 $$");
  machine.standIn("usr/sbin/DevToolsSecurity", "exit 3");
  writeFileSync(machine.at("any-bytes"), anyBytes);
  machine.standIn("usr/bin/defaults", `cat ${machine.at("any-bytes")}`);
  output = runOnce();
}, 120_000);

afterAll(() => machine.clear());

describe("sealbar-helper --once", () => {
  it("says hello, the state of each source, the probes and goodbye, in that order", () => {
    expect(output.status).toBe(0);
    const kinds = output.frames.map(({ t }) => t);
    expect(kinds.slice(0, 6)).toEqual(["hello", "status", "status", "status", "status", "status"]);
    expect(kinds.slice(6, -1).every((kind) => kind === "probe")).toBe(true);
    expect(kinds.at(-1)).toBe("bye");
    const [hello] = output.frames;
    expect(hello).toMatchObject({ sources: ["es", "log", "fs", "proc", "probe"] });
    expect(hello?.t === "hello" && hello.session).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it("says what it does not collect", () => {
    const states = output.frames.flatMap((frame) =>
      frame.t === "status" ? [[frame.src, frame.state, frame.reason ?? null]] : [],
    );
    expect(states).toEqual([
      ["es", "stopped", "not-built-in"],
      ["log", "stopped", "not-built-in"],
      ["fs", "stopped", "not-built-in"],
      ["proc", "stopped", "not-built-in"],
      ["probe", "running", null],
    ]);
  });

  it("ends a program that hangs at its limit, with what it started", async () => {
    const probe = probeOf(output.frames, "csrutil-status");
    expect(probe).toMatchObject({ exit: null, timedOut: true, out: "asking\n" });
    expect(probe.ms).toBeGreaterThanOrEqual(5000 / LIMIT_DIVISOR);
    expect(await until(() => !alive(machine.marked("hung")) && !alive(machine.marked("grandchild")))).toBe(true);
  });

  it("does not wait for a stray child that holds the pipe, and ends it", async () => {
    expect(probeOf(output.frames, "sw-vers")).toMatchObject({ exit: 0, timedOut: false, out: "ProductName: macOS\n" });
    expect(await until(() => !alive(machine.marked("stray")))).toBe(true);
  });

  it("keeps a bounded part of a flood and counts the rest", () => {
    const probe = probeOf(output.frames, "system-profiler-ibridge");
    expect(probe.out).toBe("x".repeat(STREAM_LIMIT));
    expect(probe["outDropped"]).toBe(1_000_000 - STREAM_LIMIT);
    expect(probe.err).toBe("\0".repeat(STREAM_LIMIT));
    expect(probe["errDropped"]).toBe(300_000 - STREAM_LIMIT);
    expect(probe.exit).toBe(0);
  });

  it("makes valid JSON of any bytes", () => {
    const r = REPLACEMENT;
    const { out } = probeOf(output.frames, "mount");
    expect(out).toBe(`ok é ${r} cut ${r} over ${r}${r} half ${r}${r}${r} nul \0 esc \u001B "q" \\ end${r}`);
  });

  it("replaces what is not UTF-8 exactly as the WHATWG decoder does", () => {
    const expected = new TextDecoder("utf-8", { ignoreBOM: true }).decode(anyBytes);
    expect(probeOf(output.frames, "library-validation").out === expected).toBe(true);
  });

  it("gives programs no input, their own arguments only, and a small fixed environment", () => {
    const probe = probeOf(output.frames, "sysctl");
    expect(probe.out).toBe("args: 13\n");
    const names = probe.err
      .trimEnd()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(names.filter((name) => !["_", "PWD", "OLDPWD", "SHLVL"].includes(name ?? ""))).toEqual([
      "LANG",
      "LC_ALL",
      "PATH",
    ]);
  });

  it.each([
    ["spctl-status", { exit: 1, out: "assessments disabled\n", err: "" }],
    [
      "nvram",
      { exit: 1, out: "", err: "nvram: Error getting variable - 'boot-args': (iokit/common) data was not found\n" },
    ],
    ["devtools-security", { exit: 3, out: "", err: "" }],
    ["xprotect-version", { exit: null, timedOut: false }],
    ["profiles", { exit: null, timedOut: false, startError: "No such file or directory" }],
  ])("%s: reports how it ended", (name, expected) => {
    expect(probeOf(output.frames, name)).toMatchObject(expected);
  });
});

describe("the protocol's tables", () => {
  const read = (name: string) => readFileSync(join(import.meta.dirname, name), "utf8");
  const protocol = read("PROTOCOL.md");
  const probes = [
    ...read("src/probes.c").matchAll(
      /\{"([a-z-]+)",\s+MS\((\d+)\),\s+([01]),\s+COMMAND\(AT\("([^"]+)"\)((?:,\s+"[^"]+")*)\)\}/g,
    ),
  ].map(([, name = "", ms, root, program = "", args = ""]) => {
    const words = [...args.matchAll(/"([^"]+)"/g)].map(([, word]) => word);
    const only = root === "1" ? ", only as root" : name === "nvram-csr-active-config" ? ", only on Intel" : "";
    return { name, limit: `${Number(ms) / 1000} s${only}`, program, words };
  });

  it("name each probe with its command and its limit", () => {
    const rows = [...protocol.matchAll(/^\| ([a-z-]+) \| ([^|]+) \| (\d+ s[^|]*) \|$/gm)].map(([, ...row]) => row);
    expect(probes.length).toBeGreaterThan(10);
    expect(rows.filter(([name]) => probes.some((probe) => probe.name === name))).toEqual(
      probes.map(({ name, program, words, limit }) => [
        name,
        name === "sysctl" ? `${program}, with the thirteen names of \`src/probes.c\`` : [program, ...words].join(" "),
        limit,
      ]),
    );
    expect(probes.find(({ name }) => name === "sysctl")?.words).toHaveLength(13);
  });

  it("name each event that is left out, and none that is asked for", () => {
    const asked = /WANTED\[\] = \{([^}]+)\}/.exec(read("src/es.c"))?.[1] ?? "";
    const wanted = [...asked.matchAll(/"([a-z_]+)"/g)].map(([, name]) => name);
    const words = /asked of eslogger leave out ([^:]+), which/.exec(protocol)?.[1] ?? "";
    const leftOut = [...words.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name);
    expect(leftOut).toEqual(["open", "close", "write", "unlink", "stat"]);
    expect(wanted).toEqual(expect.arrayContaining(["exec", "signal", "profile_remove", "setacl", "create", "link"]));
    expect(wanted.filter((name) => leftOut.includes(name))).toEqual([]);
    expect(new Set(wanted).size).toBe(wanted.length);
  });
});

describe("sealbar-helper and its owner", () => {
  it("ends the running program when it is told to end", async () => {
    rmSync(machine.at("marks/hung"));
    const running = spawn(helper, ["--once"], { stdio: ["ignore", "ignore", "ignore"] });
    const ended = new Promise((resolve) => running.once("exit", resolve));
    expect(await until(() => existsSync(machine.at("marks/hung")))).toBe(true);
    running.kill("SIGTERM");
    await ended;
    expect(await until(() => !alive(machine.marked("hung")))).toBe(true);
  });

  it("stops when nobody reads any more", async () => {
    const running = spawn(helper, ["--once"], { stdio: ["ignore", "pipe", "ignore"] });
    const ended = new Promise<number | null>((resolve) => running.once("exit", resolve));
    running.stdout.destroy();
    expect(await ended).not.toBe(0);
  });

  it("starts without standard streams and mixes nothing up", () => {
    const run = spawnSync("/bin/sh", ["-c", `exec "${helper}" --version <&- 2>&-`], { encoding: "utf8" });
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^sealbar-helper \d+\.\d+\.\d+\n$/);
  });

  it.each([
    [["--help"], 0],
    [["--version"], 0],
    [[], 64],
    [["--once", "/bin/sh"], 64],
    [["/bin/sh"], 64],
  ])("%j ends with %i", (args, status) => {
    expect(spawnSync(helper, args).status).toBe(status);
  });
});
