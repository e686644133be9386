import { ManualClock, SECOND } from "#core/base/clock.ts";
import { beforeEach, describe, expect, it } from "vitest";
import type { FileAnswerHead } from "./answers.ts";
import { BackOff } from "./back-off.ts";
import { Marks } from "./marks.ts";
import { MAX_OUTSTANDING, MAX_OUTSTANDING_ASSESSMENTS, Requests } from "./requests.ts";

interface Written {
  v: number;
  r: string;
  id: number;
  [key: string]: unknown;
}

let clock: ManualClock;
let written: Written[];
let raw: string[];
let canWrite: boolean;
let requests: Requests;

beforeEach(() => {
  clock = new ManualClock(1_763_719_200 * SECOND);
  written = [];
  raw = [];
  canWrite = true;
  requests = new Requests((line) => {
    raw.push(line);
    if (canWrite) written.push(JSON.parse(line) as Written);
    return canWrite;
  }, clock);
});

function advance(micros: number): void {
  clock.advanceTo(clock.now() + micros);
}

const PATH = "/Users/ana/Downloads/Ledger.app";
const file = { path: PATH, pid: null, assess: false };
const lastId = () => written.at(-1)?.id ?? -1;

describe("Requests", () => {
  it("writes each request as the protocol has it", () => {
    requests.greet("sealbar 1.0.0");
    requests.ping();
    requests.inspect({ path: PATH, pid: 501, assess: true });
    requests.inspect(file);
    requests.since(clock.now());
    requests.probes();
    requests.retry("log");
    requests.prove("es");
    requests.ack(4711);
    requests.bye();
    const keys = written.map((request) => Object.entries(request).filter(([key]) => key !== "v" && key !== "id"));
    expect(keys.map((entries) => Object.fromEntries(entries))).toEqual([
      { r: "hello", protocol: [1], client: "sealbar 1.0.0" },
      { r: "ping" },
      { r: "inspect", path: PATH, pid: 501, assess: true },
      { r: "inspect", path: PATH },
      { r: "since", time: "2025-11-21T10:00:00.000000Z" },
      { r: "probes" },
      { r: "retry", src: "log" },
      { r: "prove", src: "es" },
      { r: "ack", mark: 4711 },
      { r: "bye" },
    ]);
    expect(new Set(written.map(({ id }) => id)).size).toBe(written.length);
    expect(written.every(({ v }) => v === 1)).toBe(true);
  });

  it.each([
    ["relative", "Downloads/x"],
    ["empty", ""],
    ["with a NUL", "/tmp/a\0b"],
    ["too long", `/${"x".repeat(4096)}`],
    ["too long in bytes", `/${"é".repeat(2048)}`],
  ])("does not ask about a path that is %s", (_, path) => {
    expect(requests.inspect({ path, pid: null, assess: false })).toBe(false);
    expect(written).toEqual([]);
  });

  it("escapes hostile paths so that a request stays one line", () => {
    const path = '/tmp/a\nb\u2028\u202e"';
    requests.inspect({ path, pid: null, assess: false });
    expect(written[0]?.["path"]).toBe(path);
    expect(raw.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  });

  it("leaves only so many open, and goes on when answers come", () => {
    for (let asked = 0; asked < MAX_OUTSTANDING; asked += 1) {
      advance(SECOND);
      expect(requests.inspect(file)).toBe(true);
    }
    advance(SECOND);
    expect(requests.inspect(file)).toBe(false);
    requests.settleFile({ id: lastId(), quarantine: null });
    expect(requests.open).toBe(MAX_OUTSTANDING - 1);
    expect(requests.inspect(file)).toBe(true);
  });

  it("asks for no more assessments than the helper lets wait", () => {
    const assess = { ...file, assess: true };
    const asked = Array.from({ length: MAX_OUTSTANDING_ASSESSMENTS + 5 }, () => requests.inspect(assess));
    expect(asked.filter(Boolean)).toHaveLength(MAX_OUTSTANDING_ASSESSMENTS);
    expect(requests.inspect(file)).toBe(true);
  });

  it("limits the rate of inspections", () => {
    const ask = () => {
      const asked = requests.inspect(file);
      if (asked) requests.settleFile({ id: lastId(), quarantine: null });
      return asked;
    };
    const burst = Array.from({ length: 1000 }, ask).filter(Boolean).length;
    expect(burst).toBe(256);
    advance(SECOND);
    expect(Array.from({ length: 1000 }, ask).filter(Boolean)).toHaveLength(100);
  });

  it("lets our own bookkeeping not take anybody else's turn", () => {
    const ours = Array.from({ length: 100 }, () => requests.inspect(file, null, true)).filter(Boolean).length;
    expect([ours, requests.inspect(file)]).toEqual([20, true]);
  });

  it("asks some things one at a time", () => {
    expect([requests.since(0), requests.since(0), requests.probes(), requests.probes()]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    const since = written.find(({ r }) => r === "since");
    requests.settle({ t: "done", id: since?.id ?? 0, r: "since" });
    expect(requests.since(0)).toBe(true);
  });

  it("proves at most once a second", () => {
    expect(requests.prove("es")).toBe(true);
    requests.settle({ t: "done", id: lastId(), r: "prove" });
    expect(requests.prove("es")).toBe(false);
    advance(SECOND);
    expect(requests.prove("es")).toBe(true);
  });

  it("does not ask again at once after `busy`, and tells whoever asked", () => {
    const answers: (FileAnswerHead | null)[] = [];
    requests.inspect(file, (answer) => answers.push(answer));
    requests.settle({ t: "refused", id: lastId(), r: "inspect", why: "busy" });
    expect(answers).toEqual([null]);
    expect(requests.inspect(file)).toBe(false);
    expect(requests.retry("log")).toBe(true);
    advance(SECOND);
    expect(requests.inspect(file)).toBe(true);
  });

  it("gives answers to whoever asked, and says which are no records", () => {
    const answers: (FileAnswerHead | null)[] = [];
    requests.inspect(file, (answer) => answers.push(answer), true);
    const id = lastId();
    const answer = { id, quarantine: "0081;0;Safari;" };
    expect(requests.settleFile(answer)).toBe(true);
    expect(requests.settleFile(answer)).toBe(false);
    expect(requests.settleFile({ id: null, quarantine: null })).toBe(false);
    expect(answers).toEqual([answer]);
  });

  it("asks for and about the heads of journals, and gives each answer once", () => {
    const head = { journal: "0a".repeat(32), seq: 41, hash: "f9".repeat(32) };
    const answers: unknown[] = [];
    expect(requests.anchors((heads) => answers.push(heads))).toBe(true);
    expect(requests.anchors((heads) => answers.push(heads))).toBe(false);
    const asked = lastId();
    expect(requests.anchor({ ...head, more: "not written" } as typeof head, (said) => answers.push(said))).toBe(true);
    expect(written.map(({ v: _v, id: _id, ...keys }) => keys)).toEqual([{ r: "anchors" }, { r: "anchor", ...head }]);
    requests.settleAnchors({ t: "anchored", id: lastId(), ...head, kept: true });
    requests.settleAnchors({ t: "anchored", id: lastId(), ...head, kept: false });
    requests.settleAnchors({ t: "anchors", id: asked, heads: [head] });
    requests.settleAnchors({ t: "anchors", id: null, heads: [] });
    expect(answers).toEqual([{ ...head, kept: true }, [head]]);
  });

  it("says that there is no answer about a head: refused, late, of another kind, or the connection is over", () => {
    const head = { journal: "0a".repeat(32), seq: 41, hash: "f9".repeat(32) };
    const answers: unknown[] = [];
    const ask = () => requests.anchor(head, (said) => answers.push(said));
    ask();
    requests.settle({ t: "refused", id: lastId(), r: "anchor", why: "full" });
    ask();
    requests.settleAnchors({ t: "anchors", id: lastId(), heads: [] });
    ask();
    requests.settleFile({ id: lastId(), quarantine: null });
    ask();
    advance(60 * SECOND);
    requests.expire();
    ask();
    requests.abandon();
    expect(answers).toEqual([null, null, null, null, null]);
  });

  it("gives up on what is never answered, because refusals may go unsent", () => {
    const answers: (FileAnswerHead | null)[] = [];
    requests.inspect(file, (answer) => answers.push(answer));
    requests.since(0);
    advance(59 * SECOND);
    requests.expire();
    expect([answers, requests.open]).toEqual([[], 2]);
    advance(SECOND);
    requests.expire();
    expect([answers, requests.open]).toEqual([[null], 1]);
    requests.abandon();
    expect(requests.open).toBe(0);
  });

  it("is not held up by a clock that is set back", () => {
    const late = new ManualClock(clock.now() + 86_400 * SECOND);
    let isBack = false;
    const jumping = new Requests(() => true, { now: () => (isBack ? clock.now() : late.now()) });
    expect([jumping.since(0), jumping.prove("es")]).toEqual([true, true]);
    isBack = true;
    jumping.expire();
    expect([jumping.open, jumping.since(0), jumping.prove("es")]).toEqual([0, true, true]);
  });

  it("keeps nothing open that could not be written", () => {
    canWrite = false;
    expect([requests.inspect(file), requests.since(0), requests.ping(), requests.ack(1)]).toEqual([
      false,
      false,
      null,
      false,
    ]);
    expect(requests.open).toBe(0);
  });
});

describe("Marks", () => {
  it("acknowledges the newest mark that is covered, once", () => {
    const marks = new Marks();
    const [first, second, third] = [marks.came(100), marks.came(300), marks.came(200)];
    expect(marks.acknowledge(second)).toBe(300);
    expect(marks.acknowledge(first)).toBeNull();
    expect(marks.acknowledge(third)).toBe(200);
  });

  it("never acknowledges on one connection what came on another", () => {
    const marks = new Marks();
    const old = marks.came(5000);
    marks.connectionEnded();
    const fresh = marks.came(7);
    expect(marks.acknowledge(old)).toBeNull();
    expect(marks.acknowledge(fresh)).toBe(7);
  });

  it("keeps a bounded number for whoever never acknowledges", () => {
    const marks = new Marks();
    let last = 0;
    for (let mark = 0; mark < 100_000; mark += 1) last = marks.came(mark);
    expect(marks.acknowledge(last)).toBe(99_999);
  });
});

describe("BackOff", () => {
  it("doubles up to a minute and begins anew after a healthy minute", () => {
    const backOff = new BackOff();
    expect(Array.from({ length: 8 }, () => backOff.next(0))).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ]);
    backOff.connected(0);
    expect(backOff.next(59 * SECOND)).toBe(60_000);
    backOff.connected(0);
    expect(backOff.next(60 * SECOND)).toBe(1000);
    expect(backOff.next(200 * SECOND)).toBe(2000);
  });
});
