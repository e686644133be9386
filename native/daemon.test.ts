import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { account, type AnyFrame, Connection, HelperProcess } from "./test/reader.ts";
import { alive, Sandbox, until } from "./test/sandbox.ts";

const SPOOL_BYTES = 1024 * 1024;
const NOBODY = 65_534;

const machine = new Sandbox();
const socket = machine.at("var/run/sealbar/helper.sock");
const spool = machine.at("var/db/sealbar");
const isRoot = process.getuid?.() === 0;
let flood: string;
const started: HelperProcess[] = [];
const connections: Connection[] = [];

async function start(): Promise<HelperProcess> {
  const daemon = new HelperProcess(machine.helper, ["--daemon"]);
  started.push(daemon);
  if (!(await until(() => existsSync(socket) || daemon.ended))) throw new Error(`no socket: ${daemon.errors}`);
  return daemon;
}

/** A daemon that was killed leaves its socket there; the next one needs a moment to put its own in that place. */
async function knock(): Promise<Connection> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await Connection.open(socket);
    } catch (error) {
      if (tries === 100) throw error;
      await pause(50);
    }
  }
}

async function open(): Promise<Connection> {
  const connection = await knock();
  connections.push(connection);
  return connection;
}

async function greet(): Promise<Connection> {
  const connection = await open();
  connection.send({ r: "hello", id: "hello", protocol: [1] });
  await connection.wait("welcome", ({ t }) => t === "welcome");
  return connection;
}

/** All that is in the spool; a file may be given up between being listed and being read. */
function spooled(): string {
  const texts = segments().map((name) => {
    try {
      return readFileSync(`${spool}/${name}`, "utf8");
    } catch {
      return "";
    }
  });
  return texts.join("");
}

async function stop(daemon: HelperProcess, signal: NodeJS.Signals): Promise<void> {
  daemon.kill(signal);
  await daemon.exit();
}

const segments = () => (existsSync(spool) ? readdirSync(spool).filter((name) => name.startsWith("seg-")) : []);
const hellos = (frames: readonly AnyFrame[]) => frames.filter(({ t }) => t === "hello").map(({ session }) => session);
const es = (frames: readonly AnyFrame[]) => frames.filter(({ t, src }) => t === "event" && src === "es");
const body = (frame: AnyFrame | undefined) => frame?.["body"] as Record<string, unknown> | undefined;
const eslogger = (script: string) =>
  machine.standIn("usr/bin/eslogger", `[ "$1" = --list-events ] && { echo exec; exit 0; }; ${script}; exec sleep 300`);

async function newestMark(connection: Connection): Promise<number> {
  const before = connection.of("mark").length;
  await until(() => connection.of("mark").length > before, 1500);
  return Number(connection.of("mark").at(-1)?.["mark"]);
}

beforeAll(() => {
  machine.build({ extra: [`-DSEALBAR_SPOOL_BYTES=UINT64_C(${SPOOL_BYTES})`] });
  flood = machine.tool("flood");
}, 120_000);

beforeEach(() => {
  for (const path of ["usr", "var/db/sealbar", "var/run/sealbar", "console-uid", "peer-is-foreign", "marks"])
    machine.remove(path);
  machine.standIn("marks/.keep", "");
  machine.write("as-root", "");
  machine.write("console-uid", `${process.getuid?.() ?? 0}`);
  machine.standIn("usr/bin/log", "exec sleep 300");
  eslogger('for i in 1 2 3; do echo "{\\"boot\\":$i}"; done');
});

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.socket.destroy();
  for (const daemon of started.splice(0)) {
    await stop(daemon, "SIGKILL");
    // Where a sanitizer would have said that something is wrong.
    if (daemon.errors !== "") throw new Error(daemon.errors);
  }
});

afterAll(() => machine.clear());

describe("sealbar-helper --daemon: who may", () => {
  it("is root, or nothing", () => {
    machine.remove("as-root");
    const run = spawnSync(machine.helper, ["--daemon"], { encoding: "utf8" });
    expect([run.status, run.stderr]).toEqual([77, "sealbar-helper: the daemon of the full tier needs root.\n"]);
  });

  it.each([
    ["spool", "var/db/sealbar", 0o770],
    ["socket", "var/run/sealbar", 0o777],
  ])("does not use a %s folder that others can write to", (what, path, mode) => {
    mkdirSync(machine.at(path));
    chmodSync(machine.at(path), mode);
    const run = spawnSync(machine.helper, ["--daemon"], { encoding: "utf8" });
    expect(run.status).toBe(77);
    expect(run.stderr).toContain(`the ${what}'s folder`);
  });

  it("does not use a folder that is a link", () => {
    mkdirSync(machine.at("elsewhere"), { recursive: true, mode: 0o700 });
    symlinkSync(machine.at("elsewhere"), spool);
    expect(spawnSync(machine.helper, ["--daemon"]).status).toBe(77);
  });

  it("is alone", async () => {
    await start();
    const second = spawnSync(machine.helper, ["--daemon"], { encoding: "utf8" });
    expect([second.status, second.stderr]).toEqual([77, "sealbar-helper: another daemon is running.\n"]);
    await greet();
  });

  it("keeps what it wrote to itself", async () => {
    const daemon = await start();
    await until(() => segments().length > 0);
    expect(lstatSync(spool).mode & 0o777).toBe(0o700);
    for (const name of segments()) expect(lstatSync(`${spool}/${name}`).mode & 0o777).toBe(0o600);
    await stop(daemon, "SIGTERM");
    expect(existsSync(socket)).toBe(false);
    expect(await daemon.exit()).toBe(128 + 15);
  });

  it("turns away a program that is not signed as we are", async () => {
    machine.write("peer-is-foreign", "");
    await start();
    const connection = await open();
    expect(await connection.wait("refusal", ({ t }) => t === "refused")).toMatchObject({ why: "peer" });
    expect(await until(() => connection.ended)).toBe(true);
  });

  it("turns away a user who is neither admin nor at the console", async () => {
    // Root may always: as root, another user knocks. It becomes that user only when it runs: Node itself may lie where only
    // root may go.
    const become = isRoot ? `process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY});` : "";
    const script = `${become} const socket = require("node:net").connect(${JSON.stringify(socket)});
      socket.write('{"v":1,"r":"hello"}\\n'); socket.pipe(process.stdout); socket.on("error", () => {});`;
    const run = () =>
      new Promise<string>((resolve) => {
        const other = spawn(process.execPath, ["-e", script], { cwd: "/", stdio: ["ignore", "pipe", "ignore"] });
        let said = "";
        other.stdout.on("data", (chunk: Buffer) => {
          said += chunk.toString();
          if (said.includes("welcome")) other.kill();
        });
        other.once("close", () => resolve(said));
      });
    machine.write("console-uid", "1");
    await start();
    const turnedAway = await run();
    expect(turnedAway).toContain('"why":"peer"');
    expect(turnedAway).not.toContain('"t":"hello"');
    machine.write("console-uid", `${isRoot ? NOBODY : process.getuid?.()}`);
    expect(await run()).toContain('"t":"welcome"');
  }, 30_000);

  it("says nothing before it was greeted, and does not wait for ever", async () => {
    await start();
    const silent = await open();
    expect(await until(() => silent.ended, 5000)).toBe(true);
    expect(silent.frames).toEqual([]);
    const rude = await open();
    expect(await rude.ask({ r: "ping" })).toMatchObject({ t: "refused", why: "not-allowed" });
  });

  it("ends a connection that speaks another version", async () => {
    await start();
    const connection = await open();
    expect(await connection.ask({ r: "hello", protocol: [2, 3] })).toMatchObject({ t: "refused", why: "version" });
    expect(await until(() => connection.ended)).toBe(true);
    expect(connection.frames).toHaveLength(1);
  });

  it("has places for eight", async () => {
    await start();
    const eight: Connection[] = [];
    for (let place = 0; place < 8; place += 1) eight.push(await greet());
    const ninth = await open();
    expect(await until(() => ninth.ended)).toBe(true);
    eight[0]?.send({ r: "bye" });
    expect(await until(() => eight[0]?.ended === true)).toBe(true);
    expect(eight[0]?.frames.at(-1)).toMatchObject({ t: "bye" });
    await greet();
  });

  it("keeps places free from who only knocks", async () => {
    await start();
    const knocking = await Promise.all(Array.from({ length: 12 }, () => open()));
    expect(await until(() => knocking.filter(({ ended }) => ended).length === 8)).toBe(true);
    knocking.find(({ ended }) => !ended)?.socket.destroy();
    await pause(50);
    await greet();
  });

  it("lets nobody change its sources, or acknowledge what was not sent", async () => {
    await start();
    const connection = await greet();
    expect(await connection.ask({ r: "sources", want: [] })).toMatchObject({ t: "refused", why: "not-in-this-tier" });
    expect(await connection.ask({ r: "ack", mark: 2 ** 40 })).toMatchObject({ t: "refused", why: "not-allowed" });
  });
});

describe("sealbar-helper --daemon: the spool", () => {
  it("keeps what happened before anyone came, and delivers it first", async () => {
    await start();
    expect(await until(() => spooled().includes('{"boot":3}'))).toBe(true);
    const connection = await greet();
    await connection.wait("boot event", (frame) => body(frame)?.["boot"] === 3);
    expect(connection.frames[0]).toMatchObject({ t: "welcome", helper: { tier: "full" } });
    expect(connection.frames[1]).toMatchObject({ t: "hello", session: connection.frames[0]?.["session"] });
    expect(es(connection.frames).map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(hellos(connection.frames)).toHaveLength(1);
  });

  it("says it again until it is acknowledged, and not after", async () => {
    await start();
    const first = await greet();
    await first.wait("boot event", (frame) => body(frame)?.["boot"] === 3);
    const mark = await newestMark(first);
    first.socket.destroy();
    const second = await greet();
    await second.wait("boot event", (frame) => body(frame)?.["boot"] === 3);
    expect(mark).toBeGreaterThan(3);
    second.send({ r: "ack", mark: await newestMark(second) });
    await second.ask({ r: "ping" });
    second.socket.destroy();
    const third = await greet();
    await third.wait("status", ({ t, src }) => t === "status" && src === "es");
    await third.ask({ r: "ping" });
    expect(es(third.frames)).toEqual([]);
    expect(hellos(third.frames)).toHaveLength(1);
  });

  it("spares the disk while somebody acknowledges", async () => {
    eslogger('i=0; while :; do i=$((i+1)); echo "{\\"i\\":$i}"; sleep 0.02; done');
    await start();
    const connection = await greet();
    await connection.wait("events", ({ n, src }) => src === "es" && n === 5);
    for (let times = 0; times < 8; times += 1) connection.send({ r: "ack", mark: await newestMark(connection) });
    expect(segments()).toEqual([]);
    connection.socket.destroy();
    expect(await until(() => segments().length > 0)).toBe(true);
  });

  it("survives SIGKILL, and a last record that was torn", async () => {
    eslogger('for i in 1 2 3; do echo "{\\"boot\\":$i}"; done');
    const first = await start();
    expect(await until(() => spooled().includes('{"boot":3}'))).toBe(true);
    await stop(first, "SIGKILL");
    const newest = segments().sort().at(-1) ?? "";
    appendFileSync(`${spool}/${newest}`, '{"v":1,"t":"event","src":"es","n":4,"at":"2026-01-01T0');
    await start();
    const connection = await greet();
    await until(() => es(connection.frames).length >= 6);
    expect(es(connection.frames).map((frame) => [frame.n, body(frame)])).toEqual(
      [1, 2, 3, 1, 2, 3].map((i) => [i, { boot: i }]),
    );
    const sessions = hellos(connection.frames);
    expect(sessions).toHaveLength(2);
    expect(sessions[1]).toBe(connection.frames[0]?.["session"]);
    expect(connection.frames.findIndex(({ session, t }) => t === "hello" && session === sessions[1])).toBeGreaterThan(
      connection.frames.findIndex((frame) => body(frame)?.["boot"] === 3),
    );
    // What is acknowledged is gone for good, over the end of the daemon too.
    connection.send({ r: "ack", mark: await newestMark(connection) });
    await connection.ask({ r: "ping" });
    expect(spooled()).not.toContain('"boot"');
  });

  it("stays within its limit, and tells what it gave up", async () => {
    const sent = 20_000;
    eslogger(`exec ${flood} ${sent} 200 0`);
    await start();
    expect(await until(() => spooled().includes(`{"i":${sent},`), 20_000)).toBe(true);
    const bytes = segments().reduce((sum, name) => sum + lstatSync(`${spool}/${name}`).size, 0);
    expect(bytes).toBeLessThanOrEqual(SPOOL_BYTES);
    const connection = await greet();
    await connection.wait("last event", (frame) => body(frame)?.["i"] === sent);
    const ledger = account(connection.frames, "es", sent);
    expect(ledger.missing).toEqual([]);
    expect(ledger.shed).toBeGreaterThan(1000);
    expect(ledger.delivered + ledger.shed).toBe(sent);
    expect(connection.frames[0]).toMatchObject({ t: "welcome", spool: { shed: expect.any(Number) } });
    connection.send({ r: "ack", mark: await newestMark(connection) });
    await connection.ask({ r: "ping" });
    expect(existsSync(`${spool}/lost.jsonl`)).toBe(false);
  }, 60_000);

  it("tells what it gave up also after it was killed", async () => {
    const sent = 20_000;
    eslogger(`exec ${flood} ${sent} 200 0`);
    const first = await start();
    expect(await until(() => spooled().includes(`{"i":${sent},`), 20_000)).toBe(true);
    await stop(first, "SIGKILL");
    eslogger("true");
    await start();
    const connection = await greet();
    await connection.wait("last event", (frame) => body(frame)?.["i"] === sent);
    const ledger = account(connection.frames, "es", sent);
    expect(ledger.missing).toEqual([]);
    expect(ledger.delivered + ledger.shed).toBe(sent);
  }, 60_000);
});

describe("sealbar-helper --daemon: several clients", () => {
  it("gives each everything, and lets none hold up another", async () => {
    const sent = 40_000;
    eslogger(`while [ ! -e ${machine.at("marks/go")} ]; do sleep 0.05; done; exec ${flood} ${sent} 1000 0`);
    await start();
    const quick = await greet();
    const slow = await greet();
    for (const client of [quick, slow]) await client.wait("es status", ({ t, src }) => t === "status" && src === "es");
    await slow.ask({ r: "ping" });
    slow.stall();
    machine.write("marks/go", "");
    await quick.wait("last event", (frame) => body(frame)?.["i"] === sent, 40_000);
    const first = account(quick.frames, "es", sent);
    expect(first.missing).toEqual([]);
    expect(first.delivered + first.shed).toBe(sent);
    slow.goOn();
    await slow.wait("last event", (frame) => body(frame)?.["i"] === sent, 40_000);
    const second = account(slow.frames, "es", sent);
    expect(second.missing).toEqual([]);
    expect(second.shed).toBeGreaterThan(5000);
    expect(second.delivered + second.shed).toBe(sent);
  }, 90_000);

  it("answers only who asked", async () => {
    await start();
    const one = await greet();
    const other = await greet();
    await one.ask({ r: "inspect", path: "/" });
    await other.ask({ r: "ping" });
    expect(other.of("file")).toEqual([]);
  });

  it("goes on when a client vanishes in the middle of everything", async () => {
    machine.standIn("usr/sbin/spctl", "exec sleep 300");
    await start();
    const client = await greet();
    for (let i = 0; i < 20; i += 1) client.send({ r: "inspect", path: "/x", assess: true, id: i });
    client.send({ r: "probes", id: "p" });
    client.send({ r: "since", time: new Date().toISOString(), id: "s" });
    client.send({ r: "prove", src: "es", id: "e" });
    client.send('{"v":1,"r":"pi');
    await pause(50);
    client.socket.destroy();
    const next = await greet();
    expect(await next.ask({ r: "inspect", path: "/" })).toMatchObject({ t: "file" });
  });
});

describe("sealbar-helper --daemon ends", () => {
  it.each(["SIGTERM", "SIGKILL"] as const)("with %s, leaving nobody behind", async (signal) => {
    eslogger(`echo $$ > ${machine.at("marks/eslogger")}; echo '{}'`);
    const daemon = await start();
    const connection = await greet();
    await connection.wait("event", ({ src }) => src === "es");
    expect(await until(() => machine.hasMark("eslogger"))).toBe(true);
    await stop(daemon, signal);
    expect(await until(() => !alive(machine.marked("eslogger")))).toBe(true);
    expect(await until(() => connection.ended)).toBe(true);
    expect(connection.frames.at(-1)?.t === "bye").toBe(signal === "SIGTERM");
    await start();
    await greet();
  });
});
