import { describe, expect, it } from "vitest";
import { gapCountsOf } from "./gap-counts.ts";
import { parseRecord } from "./parse-record.ts";
import type { RecordInput } from "./record-input.ts";

const AT = Date.parse("2026-11-21T10:00:00Z") * 1000;
const header = { id: { session: "s", src: "x", n: 4 }, at: AT, raw: '{"raw":1}' };

function esRecord(body: Record<string, unknown>, more: { at?: number; replayed?: boolean } = {}): RecordInput {
  const { at = AT, replayed = false } = more;
  const frame = { v: 1 as const, t: "event" as const, src: "es" as const, n: 4, at: "", body, replayed };
  return { ...header, kind: "frame", at, frame };
}

const actor = { audit_token: [501, 501, 20, 501, 20, 77, 1, 99], executable: "/bin/ls" };

describe("parseRecord", () => {
  it("passes gaps, unknown frames and faults on as events", () => {
    const gap = { from: 2, to: 4, count: 3, why: "helper-overflow" };
    expect(parseRecord({ ...header, kind: "gap", source: "es", ...gap })).toEqual({
      id: header.id,
      time: AT,
      replayed: false,
      kind: "gap",
      source: "es",
      ...gap,
    });
    expect(parseRecord({ ...header, kind: "unknown", reason: "New." })).toMatchObject({
      kind: "fault",
      source: "session",
      reason: "New.",
      excerpt: '{"raw":1}',
    });
    const fault = { source: "es", reason: "Bad.", excerpt: "…" };
    expect(parseRecord({ ...header, kind: "fault", ...fault })).toMatchObject({ kind: "fault", ...fault });
  });

  it("keeps words that only a newer helper knows as they are, bounded", () => {
    const gap = { kind: "gap" as const, source: "es", from: null, to: null, count: 2 };
    expect(parseRecord({ ...header, ...gap, why: "thermal" })).toMatchObject({ kind: "gap", why: "thermal", count: 2 });
    const long = parseRecord({ ...header, ...gap, why: "x".repeat(5000) });
    expect(long.kind === "gap" && long.why.length).toBeLessThan(120);
    const frame = { v: 1 as const, t: "status" as const, src: "es" as const, state: "throttled", reason: null };
    expect(parseRecord({ ...header, kind: "frame", frame })).toMatchObject({
      kind: "status",
      state: "throttled",
      reason: null,
      detail: null,
    });
  });

  it("reads null as what is left out", () => {
    const host = { os: null, build: null, arch: null, model: null, bootUUID: null, bootTime: null };
    const hello = { v: 1 as const, t: "hello" as const, at: "" };
    const left = parseRecord({ ...header, kind: "frame", frame: { ...hello, host: {} } });
    for (const helper of [null, { version: null, privileged: null }]) {
      const nulls = { ...hello, session: null, host, helper, sources: null };
      expect(parseRecord({ ...header, kind: "frame", frame: nulls })).toEqual(left);
    }
    const probe = { v: 1 as const, t: "probe" as const, name: "x", at: "", exit: null, ms: null, out: "", err: "" };
    expect(parseRecord({ ...header, kind: "frame", frame: { ...probe, timedOut: null } })).toMatchObject({
      kind: "probe",
      exit: null,
      timedOut: false,
    });
  });

  it("reads a minimal process: a token as a list, a file as a text, all else unknown", () => {
    const event = parseRecord(esRecord({ process: actor, event: { cs_invalidated: {} } }, { replayed: true }));
    expect(event).toMatchObject({
      kind: "cs_invalidated",
      time: AT,
      replayed: true,
      version: null,
      actor: { id: { pid: 77, pidversion: 99 }, uid: 501, auid: 501, path: "/bin/ls", ppid: null, cdhash: null },
    });
  });

  it.each([
    ["flags printed as a negative number", { codesigning_flags: -1610612735 }, { codesigningFlags: 0xa0000001 }],
    ["flags with bit 31 set", { codesigning_flags: 0xa0000001 }, { codesigningFlags: 0xa0000001 }],
    ["a cdhash of zeros", { cdhash: "0".repeat(40) }, { cdhash: null }],
    ["an upper-case cdhash", { cdhash: "AB".repeat(20) }, { cdhash: "ab".repeat(20) }],
    ["a cdhash that is none", { cdhash: "zz".repeat(20) }, { cdhash: null }],
    ["an empty team", { team_id: "", signing_id: "" }, { teamId: null, signingId: null }],
    ["an unset audit user", { audit_token: [4294967295, 0, 0, 0, 0, 5, 1, 2] }, { auid: null, uid: 0 }],
    ["a truncated path", { executable: { path: "/a", path_truncated: true } }, { pathTruncated: true }],
  ])("reads %s", (_name, change, expected) => {
    const event = parseRecord(esRecord({ process: { ...actor, ...change }, event: { exit: { stat: 0 } } }));
    expect(event).toMatchObject({ kind: "exit", actor: expected });
  });

  it.each([
    ["process", { event: { exit: { stat: 0 } } }, '"process"'],
    ["event", { process: actor }, '"event"'],
    ["event name", { process: actor, event: {} }, '"event.<name>"'],
    ["pid", { process: { executable: "/x" }, event: { exit: {} } }, '"process.audit_token.pid"'],
    ["executable", { process: { ...actor, executable: null }, event: { exit: {} } }, '"process.executable.path"'],
    [
      "target path",
      { process: actor, event: { exec: { target: { ...actor, executable: {} } } } },
      '"event.exec.target.executable.path"',
    ],
    ["stat", { process: actor, event: { exit: {} } }, '"event.exit.stat"'],
  ])("names the missing field: %s", (_name, body, field) => {
    const event = parseRecord(esRecord(body));
    expect(event.kind).toBe("fault");
    expect(event.kind === "fault" && event).toMatchObject({ source: "es", excerpt: '{"raw":1}' });
    expect(event.kind === "fault" && event.reason).toContain(field);
  });

  it("dispatches on the event's key, prefers a known one, and never on inherited names", () => {
    const kindOf = (event: Record<string, unknown>) => {
      const parsed = parseRecord(esRecord({ process: actor, event_type: 9, event }));
      return parsed.kind === "es_other" ? `${parsed.name} ${parsed.known}` : parsed.kind;
    };
    expect(kindOf({ exit: { stat: 1 } })).toBe("exit");
    expect(kindOf({ from_the_future: 1, exit: { stat: 1 } })).toBe("exit");
    expect(kindOf({ sudo: {} })).toBe("sudo true");
    expect(kindOf({ constructor: {} })).toBe("constructor false");
  });

  it("falls back to the frame's time, and gives a fault when there is none at all", () => {
    const body = { process: actor, event: { exit: { stat: 0 } }, time: "yesterday" };
    expect(parseRecord(esRecord(body))).toMatchObject({ kind: "exit", time: AT });
    expect(parseRecord(esRecord(body, { at: 0 }))).toMatchObject({ kind: "fault", time: 0 });
    const ownTime = { ...body, time: "2026-11-21T09:00:00.123456789Z" };
    expect(parseRecord(esRecord(ownTime, { at: 0 }))).toMatchObject({
      kind: "exit",
      time: AT - 3_600_000_000 + 123_456,
    });
  });

  it("bounds an argument list and says that it was cut, but cuts none that a Mac can have", () => {
    const argsOf = (args: unknown[]) => {
      const event = parseRecord(esRecord({ process: actor, event: { exec: { target: actor, args } } }));
      return event.kind === "exec" ? event.args : [];
    };
    const longest = ["/bin/sh", "-c", "x".repeat(1_000_000)];
    expect(argsOf(longest)).toEqual(longest);
    expect(argsOf(["a", 5, { b: 1 }])).toEqual(["a", "[not text]", "[not text]"]);
    expect(argsOf(["x".repeat(3_000_000), "b"]).at(-1)).toBe("…[1 more arguments]");
    expect(argsOf(Array.from({ length: 70_000 }, () => "")).at(-1)).toBe("…[4464 more arguments]");
  });

  it("keeps of the environment what can make a program run other code", () => {
    const env = ["PATH=/bin", "DYLD_LIBRARY_PATH=/x", "__XPC_DYLD_INSERT_LIBRARIES=/y", "BASH_ENV=/e", "PERL5OPT=-d"];
    const exec = { target: actor, env: [...env, "PYTHONSTARTUP=/p", "PERL5DB=x", "NODE_OPTIONS=-r", "BASH_ENV2=1", 7] };
    const event = parseRecord(esRecord({ process: actor, event: { exec } }));
    expect(event.kind === "exec" && event.env.map((entry) => entry.split("=")[0])).toEqual([
      "DYLD_LIBRARY_PATH",
      "__XPC_DYLD_INSERT_LIBRARIES",
      "BASH_ENV",
      "PERL5OPT",
      "PYTHONSTARTUP",
      "PERL5DB",
      "NODE_OPTIONS",
    ]);
  });

  it("joins a folder and a name, also at the root", () => {
    const created = { new_path: { dir: "/", filename: "x" } };
    const event = parseRecord(esRecord({ process: actor, event: { create: { destination: created } } }));
    expect(event).toMatchObject({ kind: "create", target: { path: "/x" }, existing: false });
  });

  it("bounds what a probe printed", () => {
    const frame = { v: 1 as const, t: "probe" as const, name: "x", at: "", exit: 0, out: "y".repeat(400_000), err: "" };
    const event = parseRecord({ ...header, kind: "frame", frame });
    expect(event.kind === "probe" && event.out.endsWith("more characters]")).toBe(true);
    expect(event.kind === "probe" && event.out.length).toBeLessThan(263_000);
  });

  it("gives a fault for an event of a source that has none, and for a log record that says nothing", () => {
    const frame = { v: 1 as const, t: "event" as const, n: 1, at: "", body: { a: 1 } };
    for (const src of ["probe", "log", "fs", "proc"] as const) {
      expect(parseRecord({ ...header, kind: "frame", frame: { ...frame, src } })).toMatchObject({
        kind: "fault",
        source: src,
      });
    }
  });
});

describe("gapCountsOf", () => {
  const none = { lost: 0, shed: 0, unreadable: 0, unknown: 0 };
  it.each([
    ["source-dropped", 3, { ...none, lost: 3 }],
    ["helper-overflow", 3, { ...none, shed: 3 }],
    ["unreadable", 3, { ...none, unreadable: 3 }],
    ["helper-overflow", null, { ...none, unknown: 1 }],
    ["a-newer-reason", 3, { ...none, lost: 3 }],
    ["a-newer-reason", null, { ...none, unknown: 1 }],
  ])("counts a gap: %s %s", (why, count, counts) => {
    const gap = parseRecord({ ...header, kind: "gap", source: "es", from: null, to: null, count, why });
    expect(gapCountsOf(gap)).toEqual({ source: "es", counts });
  });

  it("counts the log's drop marker, a fault, and nothing else", () => {
    const text = "=== Messages dropped during live streaming (use `log show` to see what they were)";
    const line = { v: 1 as const, t: "line" as const, src: "log" as const };
    const marker = parseRecord({ ...header, kind: "frame", frame: { ...line, text } });
    expect(gapCountsOf(marker)).toEqual({ source: "log", counts: { ...none, unknown: 1 } });
    const other = parseRecord({ ...header, kind: "frame", frame: { ...line, text: `x ${text}` } });
    expect(gapCountsOf(other)).toBeNull();
    const fault = parseRecord({ ...header, kind: "fault", source: "es", reason: "", excerpt: "" });
    expect(gapCountsOf(fault)).toEqual({ source: "es", counts: { ...none, unreadable: 1 } });
  });
});
