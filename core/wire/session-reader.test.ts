import { describe, expect, it } from "vitest";
import { SessionReader } from "./session-reader.ts";
import type { SessionRecord } from "./session-record.ts";
import { esFrame, HELLO, linesOf } from "./test-support.ts";

const NEXT_BOOT = { ...HELLO, session: "22222222-2222-4333-8444-555555555555" };
const probe = { v: 1, t: "probe", name: "sysctl", at: "2026-11-21T10:00:02Z", exit: 0, out: "", err: "" };

const AT = Date.parse("2026-11-21T10:00:00Z") * 1000;

function read(...items: (object | string)[]): SessionRecord[] {
  return readAs("desk.sealcap.jsonl", ...items);
}

function readAs(name: string, ...items: (object | string)[]): SessionRecord[] {
  const reader = new SessionReader({ name });
  const records = linesOf(...items).flatMap((line) => reader.read(line));
  return [...records, ...reader.end()];
}

/** Of what has no number of its own, by the microseconds since the hello. */
function idsByTime(records: SessionRecord[]): string[] {
  return records.map(({ id }) => `${id.session.slice(0, 4)} ${id.src} ${id.n - AT}`);
}

function keys(records: SessionRecord[]): string[] {
  return records.map(({ id }) => JSON.stringify(id));
}

function ids(records: SessionRecord[]): string[] {
  return records.map(({ kind, id }) => `${kind} ${id.session.slice(0, 4)} ${id.src} ${id.n}`);
}

describe("SessionReader", () => {
  it("names numbered frames by their number, others by their time, and by the next number when it is used", () => {
    const line = { v: 1, t: "line", src: "log", text: "x" };
    const records = read(HELLO, esFrame(7), probe, { ...line, n: 3 }, line, probe, NEXT_BOOT, probe, esFrame(1));
    expect(ids(records)).toEqual([
      `frame 1111 hello ${AT}`,
      "frame 1111 es 7",
      `frame 1111 probe ${AT + 2_000_000}`,
      "frame 1111 log 3",
      `frame 1111 line ${AT + 2_000_000}`,
      `frame 1111 probe ${AT + 2_000_001}`,
      `frame 2222 hello ${AT}`,
      `frame 2222 probe ${AT + 2_000_000}`,
      "frame 2222 es 1",
    ]);
  });

  it("knows what a session has used when it is resumed", () => {
    const records = read(HELLO, probe, esFrame(1), NEXT_BOOT, HELLO, probe, esFrame(2));
    expect(ids(records).slice(4)).toEqual([
      `frame 1111 hello ${AT + 1}`,
      `frame 1111 probe ${AT + 2_000_001}`,
      "frame 1111 es 2",
    ]);
  });

  it("names each type by its own time, a sleep by its beginning, what has no time by the frame before it", () => {
    const at = "2026-11-21T10:00:03.000005Z";
    const records = read(
      HELLO,
      { v: 1, t: "status", src: "es", state: "running", at },
      { v: 1, t: "gap", src: "log", count: 1, why: "source-dropped" },
      { v: 1, t: "gap", src: "es", count: 1, why: "source-dropped", at: null },
      { v: 1, t: "sleep", from: "2026-11-21T10:00:04Z", to: "2026-11-21T11:00:00Z" },
      { v: 1, t: "sleep", from: "some time", to: "2026-11-21T12:00:00Z" },
      { v: 1, t: "file", path: "/a", at: "never" },
      { v: 1, t: "thermal", at },
      { v: 1, t: "thermal" },
      { v: 1, t: "bye", at },
    );
    expect(idsByTime(records)).toEqual([
      "1111 hello 0",
      "1111 status 3000005",
      "1111 gap 3000005",
      "1111 gap 3000006",
      "1111 sleep 4000000",
      "1111 sleep 3600000000",
      "1111 file 7200000000",
      "1111 unknown 3000005",
      "1111 unknown 3000006",
      "1111 bye 3000005",
    ]);
    expect(records.map(({ at: time }) => time - AT)).toEqual([
      0, 3_000_005, 3_000_005, 3_000_005, 3_600_000_000, 7_200_000_000, 7_200_000_000, 3_000_005, 3_000_005, 3_000_005,
    ]);
  });

  it("gives the same ids again, and a cut copy those of the whole", () => {
    const status = { v: 1, t: "status", src: "es", state: "running" };
    const whole = [
      HELLO,
      probe,
      "rubbish",
      status,
      esFrame(1),
      status,
      "rubbish",
      "more rubbish",
      probe,
      { v: 9, t: "x" },
    ];
    const all = read(...whole);
    expect(read(...whole)).toEqual(all);
    for (let length = 1; length < whole.length; length += 1) {
      expect(read(...whole.slice(0, length))).toEqual(all.slice(0, length));
    }
  });

  it("lets a session go on in another file without using an id again", () => {
    const later = (frame: object) => ({ ...frame, at: "2026-11-21T10:30:00.000000000Z" });
    const gap = { v: 1, t: "gap", src: "log", count: 1, why: "source-dropped" };
    const status = { v: 1, t: "status", src: "es", state: "denied" };
    const numberless = [probe, later(gap), later(status), "rubbish", { v: 1, t: "thermal" }];
    const first = read(HELLO, ...numberless, esFrame(1));
    const second = read(later(HELLO), later(probe), { ...gap, at: "2026-11-21T10:31:00Z" }, status, "rubbish", {
      v: 1,
      t: "thermal",
    });
    expect(new Set(keys([...first, ...second])).size).toBe(first.length + second.length);
  });

  it("keeps faults of two files apart that stand in the same place of the same session", () => {
    const first = read(HELLO, "one half of", "a line");
    const second = read(HELLO, "another half of", "a line");
    const [, cut] = first;
    expect(keys(second)).not.toContain(JSON.stringify(cut?.id));
    expect(keys(second).filter((key) => keys(first).includes(key))).toEqual([keys(first)[0], keys(first)[2]]);
  });

  it("does not let the end of a cut copy stand in the place of a fault of the whole", () => {
    const cut = read(HELLO, probe, '{"v":1,"t":"probe","name":"my');
    const whole = read(HELLO, probe, probe, "rubbish");
    expect(keys(whole)).not.toContain(keys(cut)[2]);
  });

  it("keeps every number a safe integer, whatever the time", () => {
    const times = ["9999-12-31T23:59:59Z", "2255-06-05T23:47:33Z", "1901-01-01T00:00:00Z", "0001-01-01T00:00:00Z"];
    const hello = { ...HELLO, at: times[1] };
    const records = read(
      ...times.map((at) => ({ ...probe, at })),
      hello,
      ...times.map((at) => ({ ...probe, at })),
      "x",
    );
    for (const { id, at } of records) {
      expect({ id, safe: Number.isSafeInteger(id.n) && id.n >= 0 }).toEqual({ id, safe: true });
      expect(Number.isSafeInteger(at)).toBe(true);
    }
    expect(new Set(keys(records)).size).toBe(records.length);
  });

  it("does not believe a time far ahead that a single frame tells, and believes two that agree", () => {
    const at = (time: string) => ({ ...probe, at: time });
    const times = (...frames: object[]) =>
      read(HELLO, ...frames).map((record) => new Date(record.at / 1000).toISOString().slice(0, 10));
    const wrong = at("2099-01-01T00:00:00Z");
    expect(times(wrong, probe, wrong, probe)).toEqual(Array(5).fill("2026-11-21"));
    const set = at("2028-03-01T00:00:05Z");
    expect(times(at("2028-03-01T00:00:00Z"), set, set)).toEqual([
      "2026-11-21",
      "2026-11-21",
      "2028-03-01",
      "2028-03-01",
    ]);
    expect(times({ ...NEXT_BOOT, at: "2099-01-01T00:00:00Z" }, probe)).toEqual([
      "2026-11-21",
      "2099-01-01",
      "2026-11-21",
    ]);
  });

  describe("after another boot of the same session", () => {
    const boot = (bootUUID: string | null) => ({ ...HELLO, host: { bootUUID } });
    const sessions = (...items: object[]) => [...new Set(read(...items).map(({ id }) => id.session))];
    const [A, B, C] = [boot("AAAA"), boot("BBBB"), boot("CCCC")];
    const own = HELLO.session;

    it("gives the later incarnations ids of their own, and leaves the first one's as they are", () => {
      const records = read(A, esFrame(1), probe, B, esFrame(1), probe, C, esFrame(1));
      expect(new Set(keys(records)).size).toBe(records.length);
      expect([...new Set(records.map(({ id }) => id.session))]).toEqual([own, `${own}@BBBB`, `${own}@CCCC`]);
    });

    it("counts what is missing anew", () => {
      const records = read(A, esFrame(1, 0), esFrame(90, 89), B, esFrame(1, 0), esFrame(2, 3), A, esFrame(91, 90));
      expect(ids(records).filter((id) => id.startsWith("gap"))).toEqual([
        "gap 1111 gap:es 2",
        "gap 1111 gap:es:lost 2",
      ]);
      expect(records.filter(({ kind }) => kind === "gap").map(({ id }) => id.session)).toEqual([own, `${own}@BBBB`]);
    });

    it.each<[string, object[], string[]]>([
      ["the same boot", [A, A], [own]],
      ["the same boot in small letters", [A, boot("aaaa")], [own]],
      ["a boot that is not told", [A, boot(null)], [own]],
      ["a boot that was not told before", [boot(null), A], [own]],
      ["but then another", [boot(null), A, B], [own, `${own}@BBBB`]],
      ["a boot that comes back", [A, B, A, B], [own, `${own}@BBBB`]],
      ["a boot that is not told goes on with the last", [A, B, boot(null), probe], [own, `${own}@BBBB`]],
    ])("%s", (_name, items, expected) => {
      expect(sessions(...items)).toEqual(expected);
    });

    it("bounds what a hostile boot adds to an id, and still tells two of them apart", () => {
      const names = sessions(A, boot(`${"x".repeat(5000)}1`), boot(`${"x".repeat(5000)}2`));
      expect(names).toHaveLength(3);
      for (const name of names) expect(name.length).toBeLessThan(own.length + 66);
    });
  });

  it("takes a compressed copy of a capture that names no session for the same one", () => {
    const { session: _session, ...old } = HELLO;
    const plain = readAs("desk.sealcap.jsonl", "rubbish", old, probe);
    expect(readAs("desk.sealcap.jsonl.gz", "rubbish", old, probe)).toEqual(plain);
    expect(readAs("desk.sealcap.jsonl.GZ", "rubbish", old, probe)).toEqual(plain);
    expect(readAs("other.gz.jsonl", old, probe)[0]?.id.session).toContain("other.gz.jsonl");
    expect(readAs("x", { ...old, session: null }, probe)).toHaveLength(2);
  });

  it("names a session that has no name by file, hello and position, the same each time", () => {
    const { session: _session, ...old } = HELLO;
    const first = read(old, esFrame(1), old, esFrame(1));
    const again = read(old, esFrame(1), old, esFrame(1));
    expect(first).toEqual(again);
    const names = new Set(first.map((record) => record.id.session));
    expect(names.size).toBe(2);
    for (const name of names) expect(name).toMatch(/^file:desk\.sealcap\.jsonl:[0-9a-f]{16}:[12]$/);
  });

  it("keeps what comes before any hello as faults of its own", () => {
    const records = read(esFrame(1), "rubbish", HELLO);
    expect(records.slice(0, 2)).toMatchObject([
      { kind: "fault", id: { session: "no-hello:desk.sealcap.jsonl", src: "fault" }, at: 0, source: "es" },
      { kind: "fault", id: { session: "no-hello:desk.sealcap.jsonl", src: "fault" }, at: 0, source: "session" },
    ]);
    expect(records[2]?.kind).toBe("frame");
  });

  it("derives a gap from a hole in the numbers, once and with a durable id", () => {
    const records = read(HELLO, esFrame(1), esFrame(5), esFrame(6));
    expect(records.at(-1)).toMatchObject({
      kind: "gap",
      id: { src: "gap:es", n: 2 },
      source: "es",
      from: 2,
      to: 4,
      count: 3,
      why: "helper-overflow",
      derived: true,
    });
    expect(records.filter((record) => record.kind === "gap")).toHaveLength(1);
  });

  it("tells what macOS lost from what the helper shed", () => {
    const gap = { v: 1, t: "gap", src: "es", from: 3, to: 4, count: 2, why: "helper-overflow" };
    const records = read(HELLO, esFrame(1, 0), esFrame(2, 1), gap, esFrame(5, 9), esFrame(6, 10));
    expect(records.filter((record) => record.kind === "gap")).toMatchObject([
      { count: 2, why: "helper-overflow", derived: false },
      { count: 5, why: "source-dropped", derived: true, id: { src: "gap:es:lost", n: 5 } },
    ]);
  });

  it("ignores eslogger's count over a restart and in re-read events", () => {
    const restart = { v: 1, t: "status", src: "es", state: "restarting", at: "2026-11-21T10:00:02Z" };
    const records = read(
      HELLO,
      esFrame(1, 500),
      restart,
      esFrame(2, 4),
      esFrame(3, 90, { replayed: true }),
      esFrame(4, 6),
    );
    expect(records.filter((record) => record.kind === "gap")).toEqual([]);
  });

  it("does not also call a frame missing that arrived unreadable", () => {
    const records = read(HELLO, esFrame(1), '{"v":1,"t":"event","src":"es","n":2,"at":"2026', esFrame(3));
    expect(records.map(({ kind }) => kind)).toEqual(["frame", "frame", "fault", "frame"]);
    expect(records[2]).toMatchObject({ id: { src: "fault" }, source: "es" });
  });

  it("lets a number pass twice, for the store to drop", () => {
    expect(ids(read(HELLO, esFrame(1), esFrame(1)))).toEqual([
      `frame 1111 hello ${AT}`,
      "frame 1111 es 1",
      "frame 1111 es 1",
    ]);
  });

  it("takes the time of the frame before where a frame has none that can be read", () => {
    const gap = { v: 1, t: "gap", src: "log", count: null, why: "source-dropped" };
    const records = read(HELLO, esFrame(1), gap, esFrame(2, null, { at: "soon" }), "rubbish");
    const [, first] = records;
    expect(records.slice(2).map(({ at }) => at)).toEqual([first?.at, first?.at, first?.at]);
    expect(first?.at).toBe(Date.parse("2026-11-21T10:00:01Z") * 1000);
  });

  it("reports what is missing when the session says goodbye, not once more at the end", () => {
    const bye = { v: 1, t: "bye", at: "2026-11-21T11:00:00Z" };
    const records = read(HELLO, esFrame(1), esFrame(3), bye);
    expect(records.map(({ kind }) => kind)).toEqual(["frame", "frame", "frame", "gap", "frame"]);
  });

  it("reports what is missing when another session begins", () => {
    const records = read(HELLO, esFrame(1), esFrame(4), NEXT_BOOT, esFrame(1));
    expect(ids(records).slice(3)).toEqual(["gap 1111 gap:es 2", `frame 2222 hello ${AT}`, "frame 2222 es 1"]);
  });

  it("bounds the sessions that it remembers", () => {
    const hellos = Array.from({ length: 3000 }, (_, index) => ({ ...HELLO, session: `s-${index}` }));
    expect(read(...hellos)).toHaveLength(3000);
  });

  it("takes a flood of frames at one time without walking through the numbers", () => {
    const gap = { v: 1, t: "gap", src: "es", count: 0, why: "unreadable" };
    const records = read(HELLO, ...Array.from({ length: 5000 }, () => gap));
    expect(records.at(-1)?.id.n).toBe(AT + 4999);
  });
});
