import { describe, expect, it } from "vitest";
import type { TelemetryEvent } from "#contract/event.ts";
import type { LogFact } from "#contract/log-fact.ts";
import { AT, enricher, exec, FLAGS, header, invoiceViewer, posture, process, SHELL_ID } from "./events.fixture.ts";

const es = { version: 10, seqNum: 1, globalSeqNum: 1 };
const pageOf = (pid: number, name: string): TelemetryEvent => {
  const fact: LogFact = { fact: "page-invalid", pid, name, status: null, outcome: "allowed" };
  const log = { processPath: "/kernel", pid: 0, senderPath: "/kernel", subsystem: "", category: "", messageType: "" };
  return { ...header(), kind: "log", ...log, message: "", bootUuid: null, fact };
};

describe("fields for signatures that do not hold (constructed records)", () => {
  it("names the flags of a process, and of the process that the kernel names", () => {
    const room = enricher();
    const shell = process({ id: SHELL_ID, signingId: "com.apple.debugserver", parent: null });
    room.enrich(exec(shell, ["debugserver"]), posture());
    const start = room.enrich(exec(invoiceViewer({ codesigningFlags: FLAGS.developerId }), ["x"]), posture());
    expect(start.get("CodeSigningFlagNames")).toEqual(
      expect.arrayContaining(["valid", "hard", "kill", "runtime", "signed"]),
    );
    const named = room.enrich(pageOf(700, "Invoice Viewer"), posture());
    expect(named.get("CodeSigningFlagNames")).toEqual(start.get("CodeSigningFlagNames"));
    expect(named.get("ProcessKey")).toBe("700.2000");
    expect(named.get("Ancestors")).toContain("com.apple.debugserver");
    const unknown = room.enrich(pageOf(4711, "Invoice Viewer"), posture());
    expect([unknown.get("CodeSigningFlagNames"), unknown.get("Ancestors")]).toEqual([undefined, undefined]);
    const blind = room.enrich(exec(invoiceViewer({ codesigningFlags: null }), ["x"]), posture());
    expect(blind.get("CodeSigningFlagNames")).toBeNull();
  });

  it.each([
    ["/Volumes/Crate Player/Crate.app/Contents/MacOS/Crate", "/Volumes/Crate Player"],
    ["/Volumes/Crate Player", "/Volumes/Crate Player"],
    ["/Applications/Crate.app/Contents/MacOS/Crate", null],
    ["/Users/ana/Volumes/x", null],
    ["/Volumes/", null],
  ])("Volume of %s", (path, volume) => {
    const start = enricher().enrich(exec(process({ path }), ["x"]), posture());
    expect(start.get("Volume")).toBe(volume);
  });

  it("a mount, a permission and a process that was taken hold of", () => {
    const read = (event: TelemetryEvent, field: string) => enricher().enrich(event, posture()).get(field);
    const mount = { from: "/dev/disk5s1", on: "/Volumes/Crate Player", fsType: "hfs", flags: 0 };
    expect(read({ ...header(AT), ...es, kind: "mount", actor: process(), ...mount }, "Volume")).toBe(mount.on);
    const tcc = { service: "kTCCServiceDeveloperTool", identity: "com.apple.Terminal", right: 2 };
    const rest = { identityType: 0, updateType: 1, reason: 3, instigator: null };
    const granted: TelemetryEvent = { ...header(), ...es, kind: "tcc_modify", actor: process(), ...tcc, ...rest };
    expect(["TccService", "TccIdentity", "TccRight"].map((field) => read(granted, field))).toEqual([
      tcc.service,
      tcc.identity,
      tcc.right,
    ]);
    const target = process({ id: { pid: 900, pidversion: 9 } });
    expect(read({ ...header(), ...es, kind: "trace", actor: process(), target }, "TargetProcessKey")).toBe("900.9");
    expect(read({ ...header(), ...es, kind: "exit", actor: process(), stat: 0 }, "TargetProcessKey")).toBeUndefined();
  });
});
