import { describe, expect, it } from "vitest";
import type { LogEvent, TelemetryEvent } from "#contract/event.ts";
import type { StateEntry } from "#core/base/state.ts";
import { FormatWatch } from "./format-watch.ts";

let n = 0;
const header = (src: string) => ({ id: { session: "s", src, n: (n += 1) }, time: n, replayed: false });
const build = (osBuild: string): TelemetryEvent => ({
  ...header("hello"),
  kind: "session_start",
  bootUuid: null,
  osVersion: null,
  osBuild,
  helperVersion: null,
  privileged: true,
  sources: [],
  newBoot: false,
  bootTime: null,
});
const log = (part: Partial<LogEvent>): TelemetryEvent => ({
  ...header("log"),
  kind: "log",
  processPath: "/usr/bin/sudo",
  pid: 1,
  senderPath: "",
  subsystem: "",
  category: "",
  messageType: "Default",
  message: "ana : TTY=ttys002 ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
  bootUuid: null,
  fact: null,
  ...part,
});
const readable = log({
  fact: { fact: "sudo-command", user: "ana", tty: null, pwd: null, runAs: null, command: "/bin/ls" },
});
const fault = (source = "es"): TelemetryEvent => ({
  ...header("fault"),
  kind: "fault",
  source,
  reason: "It cannot be read.",
  excerpt: "",
});
const apply = (watch: FormatWatch, event: TelemetryEvent, times: number, raw = "") => {
  for (let i = 0; i < times; i += 1) watch.apply(event, raw);
};
const entriesOf = (watch: FormatWatch): StateEntry[] =>
  watch.drainChanges().flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));

describe("FormatWatch", () => {
  it("raises what could be read on the last build and cannot be on this one", () => {
    const watch = new FormatWatch([]);
    watch.apply(build("25B78"), "");
    watch.apply(readable, "");
    watch.apply(build("26A1"), "");
    apply(watch, log({}), 24);
    expect(watch.changes()).toEqual([]);
    watch.apply(log({}), "");
    expect(watch.changes()).toEqual([
      expect.objectContaining({
        source: "log",
        sender: "sudo",
        osBuild: "26A1",
        wasReadable: true,
        behaviours: ["S1"],
      }),
    ]);
    expect(watch.changes()[0]?.sentence).toContain("format changed");
    apply(watch, log({}), 1000);
    expect(watch.changes()[0]?.misses).toBe(25);
  });

  it("takes it back when such a line can be read again", () => {
    const watch = new FormatWatch([]);
    apply(watch, log({}), 30);
    expect(watch.changes()).toHaveLength(1);
    watch.apply(readable, "");
    expect(watch.changes()).toEqual([]);
  });

  it("does not mistake a mixture for a change, nor lines that were never readable where most are of other kinds", () => {
    const watch = new FormatWatch([]);
    for (let i = 0; i < 100; i += 1) {
      apply(watch, log({}), 20);
      watch.apply(readable, "");
    }
    const chatter = { processPath: "/usr/libexec/syspolicyd", subsystem: "com.apple.syspolicy.exec" };
    apply(watch, log(chatter), 5000);
    apply(watch, log({ processPath: "/tmp/sudo" }), 5000);
    expect(watch.changes()).toEqual([]);
  });

  it("counts Endpoint Security by type, so that one type's trouble is not hidden by the others", () => {
    const watch = new FormatWatch([]);
    const raw = `{"body":{"event":{"exec":{"args":["\\"event\\":{\\"fork\\":"]}}}}`;
    const fork: TelemetryEvent = { ...header("es"), kind: "fork" } as TelemetryEvent;
    for (let i = 0; i < 20; i += 1) {
      watch.apply(fault(), raw);
      watch.apply(fork, "");
    }
    expect(watch.changes()).toEqual([
      expect.objectContaining({ source: "es", behaviours: expect.arrayContaining(["G1"]) }),
    ]);
    watch.apply({ ...header("es"), kind: "exec" } as TelemetryEvent, "");
    expect(watch.changes()).toEqual([]);
    apply(watch, fault("log"), 50, raw);
    apply(watch, fault(), 50, "no json at all");
    expect(watch.changes()).toEqual([]);
  });

  it("remembers across a restart, writes nothing while nothing changes, and is bounded", () => {
    const watch = new FormatWatch([]);
    watch.apply(build("25B78"), "");
    watch.apply(readable, "");
    const entries = entriesOf(watch);
    expect(entries).toHaveLength(2);
    apply(watch, readable, 100);
    watch.apply(build("25B78"), "");
    expect(watch.drainChanges()).toEqual([]);
    const again = new FormatWatch(entries);
    apply(again, log({}), 25);
    expect(again.changes()).toEqual([expect.objectContaining({ wasReadable: true, osBuild: "25B78" })]);
    expect(new FormatWatch([...entries, ...entriesOf(again)]).changes()).toEqual(again.changes());
    for (let i = 0; i < 10_000; i += 1)
      again.apply(
        fault(),
        `"event":{"t_${String.fromCharCode(97 + (i % 26), 97 + ((i / 26) % 26), 97 + ((i / 676) % 26))}":`,
      );
    expect(entriesOf(again).length).toBeLessThan(200);
  });
});
