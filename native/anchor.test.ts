import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AnyFrame, Connection, HelperProcess } from "./test/reader.ts";
import { LIMIT_DIVISOR, Sandbox, until } from "./test/sandbox.ts";

const machine = new Sandbox();
const socket = machine.at("var/run/sealbar/helper.sock");
const folder = machine.at("var/db/sealbar");
const file = `${folder}/posture-anchor`;
const ME = process.getuid?.() ?? 0;
const HEAD = "sealbar-posture-anchor 1\n";
const PLACES_OF_ONE = 16;
const EVERY_MS = 1000 / LIMIT_DIVISOR;

const started: HelperProcess[] = [];
const connections: Connection[] = [];

async function start(): Promise<HelperProcess> {
  rmSync(socket, { force: true });
  const daemon = new HelperProcess(machine.helper, ["--daemon"]);
  started.push(daemon);
  if (!(await until(() => existsSync(socket) || daemon.ended))) throw new Error(`no socket: ${daemon.errors}`);
  return daemon;
}

async function greet(): Promise<Connection> {
  for (let tries = 0; ; tries += 1) {
    try {
      const connection = await Connection.open(socket);
      connections.push(connection);
      connection.send({ r: "hello", id: "hello", protocol: [1] });
      await connection.wait("welcome", ({ t }) => t === "welcome");
      return connection;
    } catch (error) {
      if (tries === 100) throw error;
      await pause(50);
    }
  }
}

/** Invented hashes: the same sign, 64 times. */
const hashOf = (sign: number) => (sign % 16).toString(16).repeat(64);
const journal = hashOf(10);
const head = (seq: number, sign: number, of = journal) => ({ journal: of, seq, hash: hashOf(sign) });

/** Waits for its turn: a new head is taken once a second at most. */
async function keep(connection: Connection, one: object): Promise<AnyFrame> {
  for (;;) {
    const answer = await connection.ask({ r: "anchor", ...one });
    if (answer["why"] !== "busy") return answer;
    await pause(EVERY_MS / 4);
  }
}
const kept = async (connection: Connection) => (await connection.ask({ r: "anchors" }))["heads"];

beforeAll(() => machine.build(), 120_000);

beforeEach(() => {
  for (const path of ["usr", "var/db/sealbar", "var/run/sealbar"]) machine.remove(path);
  machine.write("as-root", "");
  machine.write("console-uid", `${ME}`);
  for (const program of ["eslogger", "log"]) machine.standIn(`usr/bin/${program}`, "exec sleep 300");
});

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.socket.destroy();
  for (const daemon of started.splice(0)) {
    daemon.kill("SIGKILL");
    await daemon.exit();
    // Where a sanitizer would have said that something is wrong.
    if (daemon.errors !== "") throw new Error(daemon.errors);
  }
});

afterAll(() => machine.clear());

describe("sealbar-helper --daemon: the heads of journals", () => {
  it("are kept for nobody but root to change, and only go on", async () => {
    await start();
    const connection = await greet();
    expect(await connection.ask({ r: "anchors" })).toMatchObject({ t: "anchors", heads: [] });
    expect(existsSync(file)).toBe(false);
    expect(await keep(connection, head(3, 1))).toMatchObject({ t: "anchored", ...head(3, 1), kept: true });
    expect(readFileSync(file, "utf8")).toBe(`${HEAD}${ME} 3 ${journal} ${hashOf(1)}\n`);
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
    // Said again, nothing happens; another one of that number, or an older one, is answered with what is kept.
    expect(await connection.ask({ r: "anchor", ...head(3, 1) })).toMatchObject({ ...head(3, 1), kept: true });
    expect(await connection.ask({ r: "anchor", ...head(3, 2) })).toMatchObject({ ...head(3, 1), kept: false });
    expect(await connection.ask({ r: "anchor", ...head(2, 1) })).toMatchObject({ ...head(3, 1), kept: false });
    expect(await keep(connection, head(9, 4))).toMatchObject({ ...head(9, 4), kept: true });
    expect(await keep(connection, head(1, 5, hashOf(11)))).toMatchObject({ journal: hashOf(11), kept: true });
    expect(await kept(connection)).toEqual([head(9, 4), head(1, 5, hashOf(11))]);
    const other = await greet();
    expect(await kept(other)).toEqual([head(9, 4), head(1, 5, hashOf(11))]);
    expect(connection.of("anchored").every(({ id }) => typeof id === "string")).toBe(true);
  });

  it("are of one user each", async () => {
    const theirs = `${ME + 1} 7 ${journal} ${hashOf(7)}\n`;
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(file, `${HEAD}${theirs}`, { mode: 0o600 });
    await start();
    const connection = await greet();
    expect(await kept(connection)).toEqual([]);
    expect(await keep(connection, head(2, 2))).toMatchObject({ ...head(2, 2), kept: true });
    expect(readFileSync(file, "utf8")).toBe(`${HEAD}${theirs}${ME} 2 ${journal} ${hashOf(2)}\n`);
  });

  it("have a bounded number of places, and none is given away", async () => {
    const lines = Array.from({ length: PLACES_OF_ONE }, (_, i) => `${ME} 5 ${hashOf(i)} ${hashOf(1)}\n`).join("");
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(file, `${HEAD}${lines}`, { mode: 0o600 });
    await start();
    const connection = await greet();
    const one = { journal: `${"0".repeat(63)}1`, seq: 1, hash: hashOf(1) };
    expect(await keep(connection, one)).toMatchObject({ t: "refused", why: "full" });
    expect(readFileSync(file, "utf8")).toBe(`${HEAD}${lines}`);
    expect(await keep(connection, head(6, 2))).toMatchObject({ kept: true });
  });

  it("are written once a second at most", async () => {
    await start();
    const connection = await greet();
    await keep(connection, head(1, 1));
    for (let seq = 2; seq < 50; seq += 1) connection.send({ r: "anchor", id: `n${seq}`, ...head(seq, seq) });
    await connection.ask({ r: "ping" });
    const busy = connection.of("refused").filter(({ why }) => why === "busy");
    expect(busy.length).toBeGreaterThan(40);
    const taken = connection.of("anchored").map(({ seq }) => Number(seq));
    expect(await kept(connection)).toEqual([head(Math.max(...taken), Math.max(...taken))]);
  });

  it.each([
    ["nothing", {}],
    ["no number", { journal, hash: hashOf(1) }],
    ["zero", { journal, seq: 0, hash: hashOf(1) }],
    ["a negative number", { journal, seq: -1, hash: hashOf(1) }],
    ["a number that is not whole", { journal, seq: 1.5, hash: hashOf(1) }],
    ["a number that is too high", { journal, seq: 2 ** 53, hash: hashOf(1) }],
    ["a number as text", { journal, seq: "1", hash: hashOf(1) }],
    ["a hash that is too short", { journal, seq: 1, hash: "a".repeat(63) }],
    ["a hash that is too long", { journal, seq: 1, hash: "a".repeat(65) }],
    ["a hash in capitals", { journal, seq: 1, hash: "A".repeat(64) }],
    ["a line's end in a hash", { journal, seq: 1, hash: `${"a".repeat(63)}\n` }],
    ["a path for a journal", { journal: "../../etc/passwd", seq: 1, hash: hashOf(1) }],
    ["a NUL", { journal: `${"a".repeat(32)}\0${"a".repeat(31)}`, seq: 1, hash: hashOf(1) }],
  ])("are refused for %s", async (_what, keys) => {
    await start();
    const connection = await greet();
    connection.send({ r: "anchor", ...keys });
    expect(await connection.wait("refusal", ({ t }) => t === "refused")).toMatchObject({ why: "malformed" });
    expect(existsSync(file)).toBe(false);
    expect(await kept(connection)).toEqual([]);
  });

  it("are there again after SIGKILL at any moment, none older than what was answered", async () => {
    let seq = 0;
    for (let round = 0; round < 6; round += 1) {
      const daemon = await start();
      const connection = await greet();
      const before = (await kept(connection)) as { seq: number }[];
      expect(before[0]?.seq ?? 0).toBeGreaterThanOrEqual(seq);
      seq = before[0]?.seq ?? 0;
      for (let i = 1; i < 200; i += 1) connection.send({ r: "anchor", id: i, ...head(seq + i, seq + i) });
      await pause(round * 7);
      daemon.kill("SIGKILL");
      await daemon.exit();
      seq = Math.max(seq, ...connection.of("anchored").map((frame) => Number(frame["seq"])));
      // What a kill in the middle of writing leaves.
      writeFileSync(`${file}.new`, `${HEAD}${ME} 9`, { mode: 0o600 });
    }
    await start();
    const connection = await greet();
    const [last] = (await kept(connection)) as { seq: number; hash: string }[];
    expect(last?.seq).toBeGreaterThanOrEqual(seq);
    expect(last?.hash).toBe(hashOf(last?.seq ?? 0));
    expect(await keep(connection, head(1000, 1))).toMatchObject({ kept: true });
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it("stay as they were where nothing can be written", async () => {
    await start();
    const connection = await greet();
    await keep(connection, head(3, 1));
    mkdirSync(`${file}.new`);
    expect(await keep(connection, head(4, 2))).toMatchObject({ t: "refused", why: "not-stored" });
    expect(await kept(connection)).toEqual([head(3, 1)]);
    rmSync(`${file}.new`, { recursive: true });
    expect(await keep(connection, head(4, 2))).toMatchObject({ kept: true });
  });

  it.each([
    ["cut", `${HEAD}${ME} 3 ${journal}`],
    ["of another form", "{}\n"],
    ["empty", ""],
    ["of a journal that is there twice", HEAD + `${ME} 3 ${journal} ${hashOf(1)}\n`.repeat(2)],
    ["longer than any that we write", HEAD + "0".repeat(100_000)],
  ])("are not begun anew over a file that is %s", async (_what, text) => {
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
    await start();
    const connection = await greet();
    expect(await connection.ask({ r: "anchors" })).toMatchObject({ t: "refused", why: "damaged" });
    expect(await connection.ask({ r: "anchor", ...head(1, 1) })).toMatchObject({ t: "refused", why: "damaged" });
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it.each(["a link", "open to others"])("are not read from a file that is %s", async (what) => {
    mkdirSync(folder, { mode: 0o700 });
    const text = `${HEAD}${ME} 3 ${journal} ${hashOf(1)}\n`;
    const place = what === "a link" ? machine.at("elsewhere") : file;
    writeFileSync(place, text, { mode: 0o600 });
    if (what === "a link") symlinkSync(place, file);
    else chmodSync(file, 0o644);
    await start();
    expect(await (await greet()).ask({ r: "anchors" })).toMatchObject({ why: "damaged" });
  });
});
