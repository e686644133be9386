import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { account, type AnyFrame, HelperProcess } from "./test/reader.ts";
import { alive, Sandbox, until } from "./test/sandbox.ts";

const machine = new Sandbox();
const onLinux = process.platform === "linux";
let flood: string;
let attribute: string;
const started: HelperProcess[] = [];

function start(sources: string): HelperProcess {
  const helper = new HelperProcess(machine.helper, ["--standard", `--sources=${sources}`]);
  started.push(helper);
  return helper;
}

function children(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => {
      try {
        return new RegExp(`\\) . ${pid} `).test(readFileSync(`/proc/${other}/stat`, "utf8"));
      } catch {
        return false;
      }
    });
}

const event = (frame: AnyFrame, src: string) => frame.t === "event" && frame.src === src;

/** The helper's own processes beside the helper: its guardian, and the one that looks at files. */
function ownProcesses(helper: HelperProcess): number[] {
  return children(helper.pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--standard");
    } catch {
      return false;
    }
  });
}

/** Waits until a pong has come behind everything that was sent, and accounts for it all. */
async function settled(helper: HelperProcess, src: string, atLeast: number) {
  for (;;) {
    const pong = await helper.ask({ r: "ping" }, 30_000);
    const { n } = (pong["counts"] as Record<string, { n: number }>)[src] ?? { n: 0 };
    if (n >= atLeast) return { n, ledger: account(helper.frames, src, n), pong };
    await pause(50);
  }
}

beforeAll(() => {
  machine.build();
  flood = machine.tool("flood");
  attribute = machine.tool("attribute");
}, 120_000);

beforeEach(() => {
  machine.remove("marks");
  machine.remove("as-root");
  machine.remove("clock");
  machine.remove("usr");
  machine.standIn("marks/.keep", "");
  machine.standIn("usr/bin/log", "echo 'Filtering the log data using \"x\"'; exec sleep 300");
});

afterEach(async () => {
  for (const helper of started.splice(0)) {
    helper.kill("SIGKILL");
    await helper.exit();
    // Where a sanitizer would have said that something is wrong.
    if (helper.errors !== "") throw new Error(helper.errors);
  }
});

afterAll(() => machine.clear());

describe("sealbar-helper --standard: requests", () => {
  it("says hello unasked, answers, and says goodbye when it is told to", async () => {
    const helper = start("log");
    const hello = await helper.wait("hello", ({ t }) => t === "hello");
    expect(hello).toMatchObject({
      helper: { privileged: false, tier: "standard" },
      sources: ["es", "log", "proc", "probe"],
    });
    expect(helper.frames[0]).toBe(hello);
    const welcome = await helper.ask({ r: "hello", protocol: [1, 2], client: "test" });
    expect(welcome).toMatchObject({ t: "welcome", protocol: [1], session: hello["session"], spool: null });
    expect(await helper.ask({ r: "ping" })).toMatchObject({ t: "pong", session: hello["session"], refused: 0 });
    helper.send({ r: "bye" });
    expect(await helper.exit()).toBe(0);
    expect(helper.frames.at(-1)).toMatchObject({ t: "bye" });
    expect(helper.errors).toBe("");
  });

  it("ends when its standard input ends", async () => {
    const helper = start("log");
    await helper.status("log", "running");
    helper.end();
    expect(await helper.exit()).toBe(0);
    expect(helper.frames.at(-1)).toMatchObject({ t: "bye" });
  });

  it.each([
    ["{", "malformed"],
    ["[]", "malformed"],
    ['"hello"', "malformed"],
    ["{}", "malformed"],
    ['{"v":1}', "malformed"],
    ['{"v":2,"r":"ping"}', "malformed"],
    ['{"v":1,"r":7}', "malformed"],
    ['{"v":1,"r":"ping","r":"ping"}', "malformed"],
    ['{"v":1,"r":"ping"} x', "malformed"],
    ['{"v":1,"r":"ping","id":-1}', "malformed"],
    ['{"v":1,"r":"ping","id":""}', "malformed"],
    ['{"v":1,"r":"ping","id":1e9}', "malformed"],
    ['{"v":1,"r":"ping\\ud800"}', "malformed"],
    [`{"v":1,"r":"ping","x":${"[".repeat(20)}${"]".repeat(20)}}`, "malformed"],
    ['{"v":1,"r":"run","path":"/bin/sh"}', "unknown-request"],
    ['{"v":1,"r":"inspect","path":"relative"}', "malformed"],
    ['{"v":1,"r":"inspect"}', "malformed"],
    ['{"v":1,"r":"inspect","path":"/a\\u0000b"}', "malformed"],
    [`{"v":1,"r":"inspect","path":"/${"a".repeat(4096)}"}`, "malformed"],
    ['{"v":1,"r":"since","time":"yesterday"}', "malformed"],
    ['{"v":1,"r":"probes","names":["rm"]}', "malformed"],
    ['{"v":1,"r":"sources","want":["fs"]}', "not-supported"],
    ['{"v":1,"r":"retry","src":"proc"}', "not-supported"],
    ['{"v":1,"r":"prove","src":"log"}', "not-supported"],
    ['{"v":1,"r":"anchors"}', "not-in-this-tier"],
    [`{"v":1,"r":"anchor","journal":"${"a".repeat(64)}","seq":1,"hash":"${"b".repeat(64)}"}`, "not-in-this-tier"],
    [`{"v":1,"r":"${"x".repeat(40_000)}"}`, "too-long"],
  ])("refuses %.60s: %s", async (line, why) => {
    const helper = start("log");
    helper.send(`${line}\n`);
    const refused = await helper.wait("refusal", ({ t }) => t === "refused");
    expect(refused).toMatchObject({ why, count: 1 });
    expect(await helper.ask({ r: "ping" })).toMatchObject({ t: "pong", refused: 1 });
  });

  it("gives ids back as they were, and ignores keys it does not know", async () => {
    const helper = start("log");
    helper.send('{"r":"ping","id":9007199254740991,"later":{"a":[1,-2.5e3,"\\n",null]},"path":null}\n');
    helper.send('{"r":"ping","id":"a\\u00e9\\"\\ud83d\\ude00"}\n');
    await helper.wait("pong", (frame) => frame.id === 'aé"😀');
    expect(helper.of("pong").map(({ id }) => id)).toEqual([9_007_199_254_740_991, 'aé"😀']);
  });

  it("counts a flood of refusals and does not say them all", async () => {
    const helper = start("log");
    helper.send('{"r":"nonsense"}\n'.repeat(5000));
    const pong = await helper.ask({ r: "ping" });
    expect(pong["refused"]).toBe(5000);
    expect(helper.of("refused").length).toBeLessThan(300);
  });

  it("ends with a version that it does not speak, after saying so", async () => {
    const helper = start("log");
    helper.send({ r: "hello", protocol: [2] });
    await helper.wait("refusal", (frame) => frame.t === "refused" && frame["why"] === "version");
    expect(await helper.exit()).toBe(0);
  });
});

describe("sealbar-helper --standard: what a source says", () => {
  it("keeps an object as it is, and lets nothing in it change the frame", async () => {
    const injected = '{"a":1},"n":99,"x":{"b":2}';
    machine.write(
      "log-says",
      [
        'Filtering the log data using "x"',
        '  {"a" : "\\u2028 \u2028 }{", "b":[1,{"c":"\\"}"}]}\t\r',
        injected,
        "[1]",
        '{"unbalanced":',
        "",
      ].join("\n"),
    );
    machine.standIn("usr/bin/log", `cat ${machine.at("log-says")}; printf '{"bad":"\\377 \\303"}\\n'; exec sleep 300`);
    const helper = start("log");
    await helper.wait("event 6", (frame) => frame.n === 6);
    expect(
      helper.frames
        .filter(({ src, n }) => src === "log" && n !== undefined)
        .map(({ t, n, body, text }) => [t, n, body ?? text]),
    ).toEqual([
      ["line", 1, 'Filtering the log data using "x"'],
      ["event", 2, { a: "\u2028 \u2028 }{", b: [1, { c: '"}' }] }],
      ["line", 3, injected],
      ["line", 4, "[1]"],
      ["line", 5, '{"unbalanced":'],
      ["event", 6, { bad: "\uFFFD \uFFFD" }],
    ]);
  });

  it("accounts for a record that was not finished", async () => {
    machine.standIn("usr/bin/log", 'printf \'{"whole":1}\\n{"half":"x\'; exit 3');
    const helper = start("log");
    const gap = await helper.wait("gap", (frame) => frame.t === "gap" && frame["why"] === "unreadable");
    expect(gap).toMatchObject({ src: "log", from: 2, to: 2, count: 1, head: '{"half":"x', bytes: 10 });
  });

  it("leaves out a line of 100 MB, says so, and goes on", async () => {
    machine.standIn("usr/bin/log", `exec ${flood} 100000000 0 0`);
    const helper = start("log");
    await helper.wait(
      "event after",
      (frame) => frame.t === "event" && (frame["body"] as { after?: boolean }).after === true,
      30_000,
    );
    expect(helper.of("gap")).toMatchObject([
      { src: "log", from: 1, to: 1, count: 1, why: "unreadable", bytes: 100_000_000 },
    ]);
    const { ledger } = await settled(helper, "log", 2);
    expect(ledger).toEqual({ delivered: 1, shed: 0, unreadable: 1, twice: 0, missing: [] });
  });

  it("delivers a line of nearly 16 MB", async () => {
    machine.standIn("usr/bin/log", `exec ${flood} 16000000 0 0`);
    const helper = start("log");
    const first = await helper.wait("long event", (frame) => event(frame, "log"), 30_000);
    expect((first["body"] as { long: string }).long.length).toBeGreaterThan(15_900_000);
  });

  it("loses nothing silently in a flood, to a reader that keeps up or not", async () => {
    const sent = 100_000;
    machine.standIn("usr/bin/log", `exec ${flood} ${sent} 200 0`);
    const helper = start("log");
    const { n, ledger } = await settled(helper, "log", sent);
    expect(n).toBe(sent);
    expect(ledger).toMatchObject({ unreadable: 0, twice: 0, missing: [] });
    expect(ledger.delivered + ledger.shed).toBe(sent);
  });

  it("says nothing that core/wire does not read, and counts as it does", async () => {
    const sent = 20_000;
    machine.standIn("usr/bin/log", `echo Filtering; echo '{"broken":'; exec ${flood} ${sent} 2000 0`);
    const child = spawn(machine.helper, ["--standard", "--sources=log,proc,probe"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const splitter = new LineSplitter();
    const reader = new SessionReader({ name: "live" });
    const records: SessionRecord[] = [];
    const ended = new Promise((resolve) => {
      child.once("close", resolve);
    });
    child.stdout.on("data", (chunk: Buffer) =>
      records.push(...splitter.push(chunk).flatMap((line) => reader.read(line))),
    );
    child.stdout.pause();
    await pause(1500);
    child.stdout.resume();
    const isLast = (record: SessionRecord) =>
      record.kind === "frame" && record.frame.t === "event" && record.frame.body["i"] === sent;
    expect(await until(() => records.some(isLast), 30_000)).toBe(true);
    child.stdin.end();
    await ended;
    records.push(...reader.end());
    expect(records.filter(({ kind }) => kind === "fault" || kind === "unknown")).toEqual([]);
    const delivered = records.filter(
      (record) =>
        record.kind === "frame" &&
        (record.frame.t === "event" || record.frame.t === "line") &&
        record.frame.src === "log",
    );
    const gaps = records.filter((record) => record.kind === "gap" && record.source === "log");
    const shed = gaps.reduce((sum, gap) => sum + (gap.kind === "gap" ? (gap.count ?? 0) : 0), 0);
    expect(gaps.filter((gap) => gap.kind === "gap" && gap.derived)).toEqual([]);
    expect(shed).toBeGreaterThan(1000);
    expect(delivered.length + shed).toBe(sent + 2);
  }, 60_000);

  it("never waits for a reader that hangs: it sheds the oldest and tells how many", async () => {
    const sent = 60_000;
    machine.standIn("usr/bin/log", `exec ${flood} ${sent} 1000 0`);
    const helper = start("log");
    await helper.wait("first event", (frame) => event(frame, "log"));
    helper.stall();
    await pause(4000);
    helper.goOn();
    const { ledger, pong } = await settled(helper, "log", sent);
    expect(ledger.shed).toBeGreaterThan(10_000);
    expect(ledger).toMatchObject({ unreadable: 0, twice: 0, missing: [] });
    expect(ledger.delivered + ledger.shed).toBe(sent);
    expect((pong["counts"] as { log: { shed: number } }).log.shed).toBe(ledger.shed);
    // The oldest went: the newest came.
    expect(helper.of("event", "log").at(-1)?.["body"]).toMatchObject({ i: sent });
    expect(helper.of("gap")[0]).toMatchObject({ why: "helper-overflow" });
  }, 60_000);
});

describe("sealbar-helper --standard: a source in trouble", () => {
  it("missing", async () => {
    machine.remove("usr/bin/log");
    expect(await start("log").status("log", "failed")).toMatchObject({
      reason: "missing",
      detail: "No such file or directory",
    });
  });

  it("denied: not an admin", async () => {
    machine.standIn("usr/bin/log", "echo \"log: Must be admin to run 'stream' command\" >&2; exit 77");
    expect(await start("log").status("log", "denied")).toMatchObject({ reason: "not-admin" });
  });

  it("denied: not root, without trying", async () => {
    machine.standIn("usr/bin/eslogger", `echo > ${machine.at("marks/tried")}`);
    expect(await start("es").status("es", "denied")).toMatchObject({ reason: "not-root" });
    expect(machine.hasMark("tried")).toBe(false);
  });

  it.each([
    [
      "full-disk-access",
      "Not permitted to create an ES Client, responsible process needs TCC Full Disk Access authorization (ES_NEW_CLIENT_RESULT_ERR_NOT_PERMITTED)",
      "exit 1",
    ],
    [
      "not-root",
      "Not privileged to create an ES client, need to be superuser (ES_NEW_CLIENT_RESULT_ERR_NOT_PRIVILEGED)",
      "exec sleep 300",
    ],
  ])("denied: %s; then tried again when asked", async (reason, text, then) => {
    machine.write("as-root", "");
    const list =
      "[ \"$1\" = --list-events ] && { printf 'exec\\nexit\\nfork\\nsudo_x\\nsignal\\nwrite\\ncreate\\n'; exit 0; }";
    machine.standIn("usr/bin/eslogger", `${list}; echo 'Failed to create ES client: ${text}' >&2; ${then}`);
    const helper = start("es");
    const denied = await helper.status("es", "denied");
    expect(denied).toMatchObject({ reason });
    expect(denied["detail"]).toContain("Failed to create ES client");
    machine.standIn("usr/bin/eslogger", `${list}; echo "{\\"asked\\":\\"$*\\"}"; exec sleep 300`);
    expect(await helper.ask({ r: "retry", src: "es" })).toMatchObject({ t: "done", r: "retry" });
    // Only those that both we and this eslogger know.
    expect((await helper.wait("event", (frame) => event(frame, "es")))["body"]).toEqual({
      asked: "exec fork exit signal create",
    });
    await helper.status("es", "running");
  });

  it("dies at once, again and again", async () => {
    machine.standIn("usr/bin/log", "echo 'out of luck' >&2; exit 9");
    const helper = start("log");
    expect(await helper.status("log", "restarting")).toMatchObject({ reason: "exit", detail: "exit 9: out of luck\n" });
    expect(await helper.status("log", "failed")).toMatchObject({ reason: "exit" });
    expect(helper.of("status", "log").filter(({ state }) => state === "restarting")).toHaveLength(4);
  });

  it("dies after a while, and comes back", async () => {
    machine.standIn("usr/bin/log", `echo '{"a":1}'; sleep 0.3; kill -9 $$`);
    const helper = start("log");
    await helper.wait("second run", ({ n }) => n === 2);
    const told = helper.frames
      .filter(({ t, src }) => src === "log" && t !== "event")
      .map(({ t, state, reason, why }) => [t, state ?? why, reason]);
    expect(told.slice(0, 5)).toEqual([
      ["status", "starting", undefined],
      ["status", "running", undefined],
      ["gap", "source-dropped", undefined],
      ["status", "restarting", "signal"],
      ["status", "starting", undefined],
    ]);
  });

  it("closes its output and stays", async () => {
    machine.standIn("usr/bin/log", "exec sleep 300 >&- 2>&-");
    expect(await start("log").status("log", "restarting")).toMatchObject({ reason: "signal" });
  });

  it("falls silent: it goes on running, and the pong tells since when", async () => {
    machine.standIn("usr/bin/log", "echo '{}'; exec sleep 300");
    const helper = start("log");
    await helper.status("log", "running");
    const one = await helper.ask({ r: "ping" });
    await pause(300);
    const other = await helper.ask({ r: "ping" });
    expect(other["counts"]).toEqual(one["counts"]);
    expect((one["counts"] as { log: unknown }).log).toMatchObject({ n: 1, lines: 1 });
  });

  it("talks on standard error without end", async () => {
    machine.standIn("usr/bin/log", "yes 'complaint' >&2 & echo '{}'; sleep 1; kill $!; exit 1");
    const restarting = await start("log").status("log", "restarting");
    expect(String(restarting["detail"]).length).toBeLessThan(1200);
  });
});

describe("sealbar-helper --standard: the log's store", () => {
  const marker = "=== Messages dropped during live streaming (use `log show` to see what they were)";

  it("reads again what was dropped, and says that it is a second reading", async () => {
    machine.write("stream", `{"live":1}\n${marker}\n${marker}\n`);
    const show = `echo "$*" >> ${machine.at("marks/show")}; echo '{"again":1}'; echo '{"count":1,"finished":1}'`;
    machine.standIn(
      "usr/bin/log",
      `[ "$1" = show ] && { ${show}; exit 0; }; cat ${machine.at("stream")}; exec sleep 300`,
    );
    const helper = start("log");
    const again = await helper.wait("replayed event", (frame) => frame["replayed"] === true);
    expect(again).toMatchObject({ t: "event", src: "log", n: 4, body: { again: 1 } });
    expect(helper.of("line", "log").map(({ text }) => text)).toEqual([marker, marker]);
    expect(helper.of("gap", "log")).toMatchObject([
      { why: "source-dropped", count: null },
      { why: "source-dropped", count: null },
    ]);
    await pause(1500);
    const asked = readFileSync(machine.at("marks/show"), "utf8").trimEnd().split("\n");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^show --style ndjson --start @\d+ --end @\d+ --predicate subsystem == /);
  });

  it("goes back to a time, one at a time, and says when it is done", async () => {
    const show = 'echo \'{"old":1}\'; echo \'{"count":1,"finished":1}\'; sleep 0.3; exit 0';
    machine.standIn("usr/bin/log", `[ "$1" = show ] && { echo "{\\"from\\":\\"$5\\"}"; ${show}; }; exec sleep 300`);
    const helper = start("log");
    const time = new Date(Date.now() - 3_600_000).toISOString();
    const answer = helper.ask({ r: "since", time });
    expect(await helper.ask({ r: "since", time })).toMatchObject({ t: "refused", why: "busy" });
    expect(await answer).toMatchObject({ t: "done", r: "since", exit: 0, timedOut: false, lines: 3 });
    expect(helper.of("event", "log").map(({ body, replayed }) => [body, replayed])[0]).toEqual([
      { from: `@${Math.floor(Date.parse(time) / 1000)}` },
      true,
    ]);
  });

  it("cuts off a store that does not answer, and says that something is missing", async () => {
    machine.standIn(
      "usr/bin/log",
      '[ "$1" = show ] && { echo \'{"old":1}\'; exec yes \'{"x":"0123456789012345678901234567890123456789"}\'; }; exec sleep 300',
    );
    const helper = start("log");
    const done = await helper.ask({ r: "since", time: new Date().toISOString() }, 50_000);
    expect(done).toMatchObject({ t: "done", exit: null });
    expect(helper.of("gap", "log").some(({ why, count }) => why === "source-dropped" && count === null)).toBe(true);
    const { ledger } = await settled(helper, "log", Number(done["lines"]));
    expect(ledger.missing).toEqual([]);
  }, 60_000);
});

describe("sealbar-helper --standard: clocks", () => {
  it("a clock that is set back hurts nothing", async () => {
    machine.standIn("usr/bin/log", "while :; do echo '{}'; sleep 0.05; done");
    const helper = start("log");
    await helper.wait("events", ({ n }) => n === 3);
    machine.write("clock", "-7200000 0\n");
    await helper.wait("later events", ({ n }) => n === 12);
    expect(helper.of("sleep")).toEqual([]);
    const times = helper.of("event", "log").map(({ at }) => Date.parse(String(at)));
    expect(Math.min(...times)).toBeLessThan(Date.now() - 3_600_000);
  });

  it("a sleep is told, with its length", async () => {
    const helper = start("log");
    await helper.status("log", "running");
    machine.write("clock", "0 1800000\n");
    const sleep = await helper.wait("sleep", ({ t }) => t === "sleep");
    const length = Date.parse(String(sleep["to"])) - Date.parse(String(sleep["from"]));
    // Two clocks are read one after the other, and both in whole milliseconds.
    expect(Math.abs(length - 1_800_000)).toBeLessThan(100);
  });
});

describe("sealbar-helper --standard: files and programs", () => {
  it("looks at a file", async () => {
    const path = machine.at('some "app"\u00e9');
    writeFileSync(path, "12345", { mode: 0o755 });
    const tagged =
      spawnSync(attribute, [
        path,
        onLinux ? "user.com.apple.quarantine" : "com.apple.quarantine",
        "0081;6a988290;Safari;X",
      ]).status === 0;
    const file = await start("log").ask({ r: "inspect", path, pid: process.pid });
    expect(file).toMatchObject({
      t: "file",
      path,
      size: 5,
      mode: 0o100755,
      cdhash: null,
      assessment: null,
      pid: process.pid,
    });
    expect(file["quarantine"]).toBe(tagged ? "0081;6a988290;Safari;X" : null);
    expect(file["provenance"]).toBe(false);
    expect(file["mtime"]).toMatch(/Z$/);
  });

  it("says why it cannot look", async () => {
    expect(await start("log").ask({ r: "inspect", path: "/no/such/file" })).toMatchObject({
      t: "file",
      error: "ENOENT",
      size: null,
      mode: null,
    });
  });

  it("asks spctl, whose path argument is an argument and nothing else", async () => {
    machine.standIn("usr/sbin/spctl", 'printf "%s|" "$@"; echo; echo rejected >&2; exit 3');
    const path = "/tmp/$(touch x); --help `id` 'q'";
    const file = await start("log").ask({ r: "inspect", path, assess: true });
    expect(file["assessment"]).toEqual({
      verdict: false,
      source: null,
      authority: null,
      error: "rejected\n",
      exit: 3,
      timedOut: false,
      out: `--assess|--raw|--type|execute|--|${path}|\n`,
    });
  });

  it("gives up an assessment that hangs; the next one is answered; too many are refused", async () => {
    machine.standIn("usr/sbin/spctl", `[ "$6" = /hangs ] && exec sleep 300; echo ok`);
    const helper = start("log");
    const [hangs, next, ...many] = await Promise.all([
      helper.ask({ r: "inspect", path: "/hangs", assess: true }),
      helper.ask({ r: "inspect", path: "/fine", assess: true }),
      ...Array.from({ length: 40 }, () => helper.ask({ r: "inspect", path: "/fine", assess: true })),
    ]);
    expect(hangs["assessment"]).toMatchObject({ verdict: null, exit: null, timedOut: true });
    expect(next["assessment"]).toMatchObject({ verdict: true, exit: 0 });
    expect(many.filter(({ why }) => why === "busy")).toHaveLength(10);
  });

  it.runIf(onLinux)("gives up a volume that does not answer, and looks at the next file", async () => {
    const helper = start("log");
    await helper.ask({ r: "inspect", path: "/" });
    // The guardian was the first.
    const looker = ownProcesses(helper).toSorted((a, b) => a - b)[1];
    if (looker === undefined) throw new Error("no looking process");
    process.kill(looker, "SIGSTOP");
    expect(await helper.ask({ r: "inspect", path: "/stuck" })).toMatchObject({ t: "file", error: "ETIMEDOUT" });
    expect(await helper.ask({ r: "inspect", path: "/" })).not.toHaveProperty("error");
    expect(await until(() => !alive(looker))).toBe(true);
  });

  it("reads the probes that are asked for, and the others go on meanwhile", async () => {
    machine.standIn("usr/bin/csrutil", "exec sleep 300");
    machine.standIn("sbin/mount", "echo mounted");
    const helper = start("log");
    expect(await helper.ask({ r: "probes", names: ["mount", "csrutil-status"] })).toMatchObject({
      t: "done",
      r: "probes",
    });
    expect(helper.of("probe").map(({ name, timedOut }) => [name, timedOut])).toEqual([
      ["mount", false],
      ["csrutil-status", true],
    ]);
  });

  it("reads every setting at the start, a program that hangs or not", async () => {
    machine.standIn("usr/bin/csrutil", "exec sleep 300");
    const helper = start("probe");
    await helper.wait("last probe", (frame) => frame.t === "probe" && frame["name"] === "csrutil-authenticated-root");
    expect(new Set(helper.of("probe").map(({ name }) => name)).size).toBe(14);
  });

  it("runs a program whose exec can be seen, once a while", async () => {
    machine.standIn("usr/bin/true", `echo > ${machine.at("marks/proof")}`);
    const helper = start("log");
    expect(await helper.ask({ r: "prove", src: "es" })).toMatchObject({ t: "done", r: "prove", exit: 0 });
    expect(machine.hasMark("proof")).toBe(true);
    expect(await helper.ask({ r: "prove", src: "es" })).toMatchObject({ t: "refused", why: "busy" });
  });

  it("starts and stops sources", async () => {
    const helper = start("log");
    await helper.status("log", "running");
    expect(await helper.ask({ r: "sources", want: ["proc"] })).toMatchObject({ t: "done" });
    await helper.status("log", "stopped");
    await helper.status("proc", "running");
    expect(await helper.ask({ r: "sources", want: [] })).toMatchObject({ t: "done" });
    await helper.status("proc", "stopped");
  });

  it("tells of processes that come and go", async () => {
    const helper = start("proc");
    await helper.wait(
      "ourselves",
      (frame) => event(frame, "proc") && (frame["body"] as { pid: number }).pid === process.pid,
    );
    const stays = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)", "x\ny \u202e"], { stdio: "ignore" });
    const isNew = (frame: AnyFrame) => (frame["body"] as { pid?: number } | undefined)?.pid === stays.pid;
    const found = await helper.wait("new process", isNew);
    expect(found["body"]).toMatchObject({ change: "new", ppid: process.pid, uid: process.getuid?.(), cdhash: null });
    expect(found["body"]).not.toHaveProperty("initial");
    stays.kill("SIGKILL");
    await helper.wait(
      "gone process",
      (frame) => isNew(frame) && (frame["body"] as { change: string }).change === "gone",
    );
  });
});

describe("sealbar-helper --standard leaves nobody behind", () => {
  const hanging = () => {
    machine.standIn(
      "usr/bin/log",
      `sleep 300 & echo $! > ${machine.at("marks/grandchild")}; echo $$ > ${machine.at("marks/log")}; echo '{}'; wait`,
    );
    machine.standIn("usr/bin/csrutil", `echo $$ > ${machine.at("marks/csrutil")}; exec sleep 300`);
  };
  const hung = async (helper: HelperProcess) => {
    expect(await until(() => ["log", "grandchild", "csrutil"].every((name) => machine.hasMark(name)))).toBe(true);
    return [
      ...["log", "grandchild", "csrutil"].map((name) => machine.marked(name)),
      ...(onLinux ? children(helper.pid) : []),
    ];
  };
  const allGone = (pids: readonly number[]) => until(() => pids.every((pid) => !alive(pid)));

  it.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"] as const)("when it gets %s", async (signal) => {
    hanging();
    const helper = start("log,probe");
    const pids = await hung(helper);
    helper.kill(signal);
    await helper.exit();
    expect(await allGone(pids)).toBe(true);
  });

  it("when its parent is killed", async () => {
    hanging();
    const script = `const { spawn } = require("node:child_process");
      const child = spawn(${JSON.stringify(machine.helper)}, ["--standard", "--sources=log,probe"], { stdio: ["pipe", "pipe", "inherit"] });
      child.stdout.on("data", () => {});
      process.stdout.write(child.pid + "\\n");`;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    parent.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    expect(await until(() => said.includes("\n"))).toBe(true);
    const helper = Number(said);
    expect(await until(() => ["log", "grandchild", "csrutil"].every((name) => machine.hasMark(name)))).toBe(true);
    const pids = [helper, ...["log", "grandchild", "csrutil"].map((name) => machine.marked(name))];
    parent.kill("SIGKILL");
    expect(await allGone(pids)).toBe(true);
  });

  it("when its parent is killed and somebody else holds its standard input open", async () => {
    hanging();
    const fifo = machine.at("fifo");
    expect(spawnSync("mkfifo", [fifo]).status).toBe(0);
    const open = `exec 3<>${fifo}; "${machine.helper}" --standard --sources=log <&3 > /dev/null & echo $! > ${machine.at("marks/helper")}; wait`;
    const holder = spawn("sh", ["-c", `exec 3<>${fifo}; exec sleep 300`], { stdio: "ignore" });
    const parent = spawn("sh", ["-c", open], { stdio: "ignore" });
    const marks = ["helper", "log", "grandchild"];
    expect(await until(() => marks.every((name) => machine.hasMark(name)))).toBe(true);
    parent.kill("SIGKILL");
    expect(await allGone(marks.map((name) => machine.marked(name)))).toBe(true);
    holder.kill("SIGKILL");
  });

  it("when nobody reads any more", async () => {
    machine.standIn("usr/bin/log", "while :; do echo '{}'; sleep 0.02; done");
    const helper = start("log");
    await helper.status("log", "running");
    helper.process.stdout?.destroy();
    expect(await helper.exit()).toBe(70);
  });

  it.runIf(onLinux)("when its guardian was killed before", async () => {
    hanging();
    const helper = start("log,probe");
    await hung(helper);
    const [guardian = 0] = ownProcesses(helper);
    process.kill(guardian, "SIGKILL");
    expect(await until(() => !alive(guardian) && ownProcesses(helper).some((pid) => pid !== guardian))).toBe(true);
    await pause(200);
    const pids = [...["log", "grandchild"].map((name) => machine.marked(name)), ...children(helper.pid)];
    helper.kill("SIGKILL");
    await helper.exit();
    expect(await allGone(pids)).toBe(true);
  });
});

describe("sealbar-helper as it is shipped", () => {
  it("knows nothing of the tests' ways to move its programs and clocks", () => {
    const shipped = machine.at("shipped");
    machine.buildShipped(shipped);
    const bytes = readFileSync(shipped).toString("latin1");
    for (const trace of ["/as-root", "/console-uid", "/peer-is-foreign", "/clock", machine.folder]) {
      expect(bytes).not.toContain(trace);
    }
    expect(bytes).toContain("/var/run/sealbar/helper.sock");
  });
});
