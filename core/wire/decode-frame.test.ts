import { describe, expect, it } from "vitest";
import { decodeFrame, whyNoHello } from "./decode-frame.ts";
import type { Line } from "./line-splitter.ts";
import { bytesOf, esFrame, HELLO } from "./test-support.ts";

function lineOf(content: string | Uint8Array, terminated = true): Line {
  return { kind: "line", number: 1, bytes: typeof content === "string" ? bytesOf(content) : content, terminated };
}

describe("decodeFrame", () => {
  const at = "2026-11-21T10:00:00Z";
  it.each([
    HELLO,
    esFrame(1, 5),
    esFrame(2, 6, { replayed: true, extra: [1] }),
    { v: 1, t: "file", at, path: "/a", quarantine: null, assessment: null },
    { v: 1, t: "probe", name: "csrutil-status", at, exit: 0, ms: 12, timedOut: false, out: "", err: "" },
    { v: 1, t: "line", src: "log", n: 2, at, text: "=== x" },
    { v: 1, t: "gap", src: "es", from: 1, to: 2, count: 2, why: "helper-overflow" },
    { v: 1, t: "sleep", from: at, to: at },
    { v: 1, t: "status", src: "es", state: "denied", reason: "full-disk-access" },
    { v: 1, t: "bye", at },
    { v: 1, t: "gap", src: "es", from: null, to: null, count: 4, why: "thermal-pressure", at: null },
    { v: 1, t: "status", src: "log", state: "throttled", reason: null, detail: null, at: null },
    { v: 1, t: "line", src: "log", n: null, at: null, text: "" },
    { v: 1, t: "hello", session: null, at, host: {}, helper: null, sources: null },
    { v: 1, t: "hello", at, host: { os: null, build: null, arch: null, model: null, bootUUID: null, bootTime: null } },
    { v: 1, t: "hello", at, host: {}, helper: { version: null, privileged: null } },
    esFrame(3, 7, { replayed: null }),
    {
      v: 1,
      t: "file",
      at,
      path: "/a",
      quarantine: null,
      provenance: null,
      mode: null,
      size: null,
      mtime: null,
      cdhash: null,
      assessment: { verdict: null, source: null, authority: null, error: null, exit: null, timedOut: null },
    },
  ])("keeps a frame as it is, unknown keys too: $t", (frame) => {
    const raw = JSON.stringify(frame);
    expect(decodeFrame(lineOf(raw))).toEqual({ kind: "frame", frame, raw });
  });

  it.each([
    ["a newer version", { ...esFrame(1), v: 2 }, "unknown version 2"],
    ["a new type", { v: 1, t: "thermal", at }, 'unknown type "thermal"'],
    ["a new source", { ...esFrame(1), src: "net" }, 'unknown source "net"'],
  ])("keeps what only a newer reader knows: %s", (_name, frame, reason) => {
    const decoded = decodeFrame(lineOf(JSON.stringify(frame)));
    expect(decoded.kind).toBe("unknown");
    expect(decoded.kind === "unknown" && decoded.reason).toContain(reason);
    expect(decoded.raw).toBe(JSON.stringify(frame));
  });

  it.each([{ exit: null, ms: null, timedOut: null, out: null, err: null }, {}])(
    "reads a probe that printed nothing and did not end: %j",
    (more) => {
      const decoded = decodeFrame(lineOf(JSON.stringify({ v: 1, t: "probe", name: "sw-vers", at, ...more })));
      expect(decoded).toMatchObject({ kind: "frame", frame: { exit: null, out: "", err: "" } });
    },
  );

  it("tells the time of what only a newer reader knows", () => {
    const timeOf = (frame: object) => decodeFrame(lineOf(JSON.stringify({ v: 2, t: "x", ...frame })));
    expect(timeOf({ at })).toMatchObject({ at });
    expect(timeOf({ at: 5 })).toMatchObject({ at: null });
    expect(timeOf({ at: "9".repeat(65) })).toMatchObject({ at: null });
  });

  it("says what is wrong with a line that calls itself a hello", () => {
    const why = (frame: object) => whyNoHello(JSON.stringify(frame));
    expect(why({ ...HELLO, at: 5 })).toContain("at: ");
    expect(why({ ...HELLO, v: 2 })).toContain("v: ");
    expect(why({ ...HELLO, host: { os: 26 } })).toContain("host.os: ");
    expect(why({ ...HELLO, host: null })).toContain("host: ");
    expect(why(esFrame(1))).toBeNull();
    expect(whyNoHello('{"t":"hello"')).toBeNull();
  });

  it.each([
    ["not JSON", "hello there", "not valid JSON"],
    ["an array", "[1]", "not an object"],
    ["null", "null", "not an object"],
    ["an object of another kind", '{"event":{}}', "not a Sealbar frame"],
    ["a version as text", '{"v":"1","t":"event"}', "not a Sealbar frame"],
    ["an event without a number", '{"v":1,"t":"event","src":"es","at":"x","body":{}}', "n: "],
    ["a negative number", '{"v":1,"t":"event","src":"es","n":-1,"at":"x","body":{}}', "n: "],
    ["a number beyond 2^53", '{"v":1,"t":"event","src":"es","n":1e300,"at":"x","body":{}}', "n: "],
    ["an event whose body is a list", '{"v":1,"t":"event","src":"es","n":1,"at":"x","body":[]}', "body: "],
    ["a time that is a novel", JSON.stringify({ v: 1, t: "bye", at: "9".repeat(65) }), "at: "],
  ])("names the fault: %s", (_name, text, reason) => {
    const decoded = decodeFrame(lineOf(text));
    expect(decoded.kind).toBe("fault");
    expect(decoded.kind === "fault" && decoded.reason).toContain(reason);
  });

  it("reads the place of a broken event from its head, and from nowhere else", () => {
    const broken = decodeFrame(lineOf('{"v":1,"t":"event","src":"es","n":12,"at":"2026', false));
    expect(broken).toMatchObject({ kind: "fault", origin: { source: "es", n: 12 } });
    expect(broken.kind === "fault" && broken.reason).toContain("cut off");
    const forged = decodeFrame(lineOf('x {"v":1,"t":"event","src":"es","n":12,'));
    expect(forged).toMatchObject({ kind: "fault", origin: null });
    expect(decodeFrame(lineOf('{"v":1,"t":"event","src":"net","n":12,'))).toMatchObject({ origin: null });
  });

  it("replaces invalid UTF-8 inside a frame instead of refusing it", () => {
    const raw = bytesOf('{"v":1,"t":"line","src":"log","n":1,"text":"a?b"}');
    raw[raw.indexOf(0x3f)] = 0xff;
    expect(decodeFrame(lineOf(raw))).toMatchObject({ kind: "frame", frame: { text: "a\ufffdb" } });
  });

  it("tolerates a byte order mark", () => {
    expect(decodeFrame(lineOf(`\ufeff${JSON.stringify(HELLO)}`))).toMatchObject({ kind: "frame", frame: HELLO });
  });

  it("reads what is nested 3,000 deep in keys that the schema does not know", () => {
    const deep = `${"[".repeat(3000)}${"]".repeat(3000)}`;
    for (const frame of ['"t":"bye","at":"x"', '"t":"hello","at":"x","host":{}', '"t":"thermal"', '"t":"bye"']) {
      expect(decodeFrame(lineOf(`{"v":1,${frame},"more":${deep}}`)).kind).toBe(
        frame.endsWith('mal"') ? "unknown" : frame === '"t":"bye"' ? "fault" : "frame",
      );
    }
  });

  it("survives nesting of any depth and a frame with a prototype key", () => {
    const deep = `{"v":1,"t":"event","src":"es","n":1,"at":"x","body":{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`;
    expect(decodeFrame(lineOf(deep)).kind).toBe("frame");
    const hostile = decodeFrame(lineOf('{"v":1,"t":"bye","at":"x","__proto__":{"polluted":true}}'));
    expect(hostile.kind).toBe("frame");
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("bounds the excerpt and describes an oversized line", () => {
    const fault = decodeFrame(lineOf("x".repeat(10_000)));
    expect(fault.kind === "fault" && fault.excerpt.length).toBe(240);
    const head = bytesOf('{"v":1,"t":"event","src":"es","n":7,"at":"');
    const oversized = decodeFrame({ kind: "oversized", number: 3, byteCount: 5_000_000_000, head, terminated: true });
    expect(oversized).toMatchObject({ kind: "fault", origin: { source: "es", n: 7 } });
    expect(oversized.kind === "fault" && oversized.reason).toContain("5000000000 bytes");
  });
});
