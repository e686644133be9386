import { describe, expect, it } from "vitest";
import type { EsEvent, EventOf, TelemetryEvent } from "#contract/event.ts";
import type { LogFact } from "#contract/log-fact.ts";
import type { Process } from "#contract/process.ts";
import { SECOND } from "#core/base/clock.ts";
import type { EnrichOptions, Enricher } from "./enricher.ts";
import {
  AT,
  enricher,
  exec,
  FLAGS,
  header,
  invoiceViewer,
  posture,
  process,
  SHELL_ID,
  TERMINAL_ID,
} from "./events.fixture.ts";

const TERMINAL = "/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal";
const terminal = (fields: Partial<Process> = {}): Process =>
  process({
    id: TERMINAL_ID,
    path: TERMINAL,
    signingId: "com.apple.Terminal",
    parent: null,
    ppid: 1,
    tty: null,
    ...fields,
  });
const shell = (fields: Partial<Process> = {}): Process =>
  process({ id: SHELL_ID, parent: TERMINAL_ID, ppid: TERMINAL_ID.pid, responsible: TERMINAL_ID, ...fields });

function es<K extends EsEvent["kind"]>(kind: K, actor: Process, rest: object, time = AT): EventOf<K> {
  const envelope = { ...header(time), version: 9, seqNum: 1, globalSeqNum: 1, actor };
  return { ...envelope, kind, ...rest } as unknown as EventOf<K>;
}

function logged(fact: LogFact | null, fields: Partial<EventOf<"log">> = {}): EventOf<"log"> {
  return {
    ...header(),
    kind: "log",
    processPath: "/kernel",
    pid: 0,
    senderPath: "/kernel",
    subsystem: "",
    category: "",
    messageType: "Default",
    message: "",
    bootUuid: null,
    fact,
    ...fields,
  };
}

const sudo = (user: string, tty: string | null = "ttys001", command = "/usr/bin/csrutil disable"): LogFact => ({
  fact: "sudo-command",
  user,
  tty,
  pwd: "/Users/ana",
  runAs: "root",
  command,
});

function fieldsOf(room: Enricher, event: TelemetryEvent, ...names: string[]): unknown[] {
  const { fields } = room.enrich(event, posture());
  return names.map((name) => fields.get(name));
}

describe("ancestors", () => {
  it("nearest first, by signing id, else path, at most eight", () => {
    const room = enricher();
    room.enrich(exec(terminal(), ["Terminal"]), posture());
    room.enrich(exec(shell(), ["-zsh"]), posture());
    expect(fieldsOf(room, exec(invoiceViewer(), []), "Ancestors", "AncestorImages")).toEqual([
      ["com.apple.zsh", "com.apple.Terminal"],
      ["/bin/zsh", TERMINAL],
    ]);
    for (let pid = 1000; pid < 1020; pid += 1) {
      const parent = pid === 1000 ? SHELL_ID : { pid: pid - 1, pidversion: 1 };
      const one = process({ id: { pid, pidversion: 1 }, parent, path: `/tmp/${pid}`, signingId: null });
      room.enrich(exec(one, []), posture());
    }
    const [names] = fieldsOf(room, exec(invoiceViewer({ parent: { pid: 1019, pidversion: 1 } }), []), "Ancestors");
    expect(names).toEqual(Array.from({ length: 8 }, (_, up) => `/tmp/${1019 - up}`));
  });

  it("a process that is its own ancestor, as reused pids make it, is no endless line", () => {
    const room = enricher();
    const a = { pid: 10, pidversion: null };
    const b = { pid: 11, pidversion: null };
    room.enrich(exec(process({ id: a, parent: b, path: "/tmp/a", signingId: null }), []), posture());
    room.enrich(exec(process({ id: b, parent: a, path: "/tmp/b", signingId: null }), []), posture());
    const [names] = fieldsOf(room, exec(process({ id: { pid: 12, pidversion: 1 }, parent: a }), []), "Ancestors");
    expect(names).toHaveLength(8);
  });

  it("a reused pid and a wrapped pidversion are other processes; another boot has other ancestors", () => {
    const room = enricher();
    const old = { pid: 600, pidversion: 4_294_967_295 };
    const next = { pid: 600, pidversion: 0 };
    room.enrich(exec(process({ id: old, path: "/tmp/old", signingId: null }), []), posture());
    room.enrich(exec(process({ id: next, path: "/tmp/next", signingId: null }), []), posture());
    const child = (parent: Process["parent"]) => exec(process({ id: { pid: 601, pidversion: 5 }, parent }), []);
    const nearest = (event: TelemetryEvent) => (fieldsOf(room, event, "Ancestors")[0] as string[])[0];
    expect([nearest(child(old)), nearest(child(next)), nearest(child({ pid: 600, pidversion: 3 }))]).toEqual([
      "/tmp/old",
      "/tmp/next",
      undefined,
    ]);
    expect(room.enrich(child(next), posture({ bootOrdinal: 2 })).fields.get("Ancestors")).toEqual([]);
    expect(room.enrich(child(next), posture({ bootOrdinal: 1 })).fields.get("Ancestors")).toEqual([]);
  });
});

describe("Interactive", () => {
  const daemon = { id: { pid: 90, pidversion: 9 }, parent: { pid: 1, pidversion: 1 }, ppid: 1, tty: null };
  it.each([
    ["a terminal of its own", process({ parent: null, ppid: null, responsible: null }), true],
    ["Terminal above", invoiceViewer(), true],
    ["Terminal responsible", process({ parent: null, ppid: 1, tty: null }), true],
    ["a child of launchd", process({ ...daemon, responsible: null, id: { pid: 91, pidversion: 9 } }), false],
    [
      "a grandchild",
      process({ ...daemon, parent: daemon.id, responsible: null, id: { pid: 92, pidversion: 9 } }),
      false,
    ],
    ["the line not known", process({ parent: null, ppid: 77, responsible: null, tty: null }), null],
    ["nothing known", process({ parent: null, ppid: null, responsible: null, tty: null }), null],
  ])("%s", (_, target, expected) => {
    const room = enricher();
    room.enrich(exec(terminal(), ["Terminal"]), posture());
    room.enrich(exec(shell({ tty: null }), ["-zsh"]), posture());
    room.enrich(exec(process({ ...daemon, path: "/Library/ana/agent", responsible: null }), []), posture());
    const actor = process({ parent: target.parent, ppid: target.ppid });
    expect(fieldsOf(room, exec(target, [], { actor }), "Interactive")).toEqual([expected]);
  });

  it("a name that ad hoc code gave itself makes nobody sit there", () => {
    const room = enricher();
    for (const fields of [{ path: "/tmp/Terminal" }, { path: "/tmp/i", signingId: "com.googlecode.iterm2" }]) {
      room.enrich(exec(terminal({ ...fields, parent: null, ppid: 1 }), []), posture());
      const child = process({ parent: TERMINAL_ID, responsible: null, tty: null });
      expect(fieldsOf(room, exec(child, []), "Interactive")).not.toEqual([true]);
    }
  });

  it("sudo's line says it itself", () => {
    const room = enricher();
    expect(fieldsOf(room, logged(sudo("ana")), "Interactive")).toEqual([true]);
    expect(fieldsOf(room, logged(sudo("ana", "unknown")), "Interactive")).toEqual([false]);
    expect(fieldsOf(room, logged(null), "Interactive")).toEqual([undefined]);
  });
});

describe("UserAllowed and LoginUser", () => {
  const allowed = (allowedUsers: string[]): Partial<EnrichOptions> => ({ allowedUsers });
  const by = (auid: number | null, uid: number | null = auid) => exec(process({ auid, uid, parent: null }), []);

  it.each<[string[], TelemetryEvent, boolean | null]>([
    [[], by(501), null],
    [["501"], by(501), true],
    [["501"], by(502), false],
    [["501"], by(501, 0), true],
    [["root"], by(null, 0), true],
    [["501"], by(null, 0), false],
    [["501"], by(null, null), null],
    [["ana"], by(501), null],
    [["ana"], by(0), false],
    [["root"], by(0), true],
    [["ana"], logged(sudo("ana")), true],
    [["ana"], logged(sudo("bob")), false],
    [["501"], logged(sudo("bob")), false],
  ])("%j, %#", (users, event, expected) => {
    const room = enricher(allowed(users));
    expect(fieldsOf(room, event, "UserAllowed")).toEqual([expected]);
  });

  it("a name is learned from login, and then decides for all", () => {
    const room = enricher(allowed(["ana"]));
    const login = process({ id: { pid: 40, pidversion: 1 }, path: "/usr/bin/login", auid: null, uid: 0, parent: null });
    room.enrich(exec(login, ["login", "-pfl", "ana", "/bin/zsh"]), posture());
    room.enrich(exec(process({ parent: login.id, auid: 501 }), ["-zsh"]), posture());
    expect(fieldsOf(room, by(501), "UserAllowed", "LoginUser")).toEqual([true, "501"]);
    expect(fieldsOf(room, by(502), "UserAllowed")).toEqual([false]);
  });

  it("and from sudo's line, by the process that wrote it; a first name stays", () => {
    const room = enricher(allowed(["ana"]));
    const tool = process({ id: { pid: 50, pidversion: 1 }, path: "/usr/bin/sudo", auid: 501, uid: 0, parent: null });
    room.enrich(exec(tool, ["sudo", "csrutil", "disable"]), posture());
    room.enrich(logged(sudo("ana"), { pid: 50, processPath: "/usr/bin/sudo" }), posture());
    room.enrich(logged(sudo("mallory"), { pid: 50, processPath: "/usr/bin/sudo" }), posture());
    expect(fieldsOf(room, by(501), "UserAllowed")).toEqual([true]);
    expect(fieldsOf(room, by(502), "UserAllowed")).toEqual([false]);
  });

  it("another program named login teaches nothing, and names are bounded", () => {
    const room = enricher(allowed(["ana"]));
    const fake = process({ id: { pid: 40, pidversion: 1 }, path: "/tmp/login", parent: null });
    room.enrich(exec(fake, ["login", "-f", "ana"]), posture());
    room.enrich(exec(process({ parent: fake.id, auid: 666 }), []), posture());
    expect(fieldsOf(room, by(666), "UserAllowed")).toEqual([null]);
    for (let uid = 1; uid <= 300; uid += 1) {
      const tool = process({ id: { pid: uid, pidversion: 1 }, auid: uid, parent: null });
      room.enrich(exec(tool, []), posture());
      room.enrich(logged(sudo(`u${uid}`), { pid: uid }), posture());
    }
    expect(room.evictions().users).toBe(44);
  });
});

describe("ProcessKey and facts", () => {
  const killed = (pid: number, name: string): LogFact => ({ fact: "amfi-killed", pid, name, reason: "no" });
  it("joins the log's pid with the process, when the name is its own", () => {
    const room = enricher();
    room.enrich(exec(invoiceViewer(), []), posture());
    const key = "700.2000";
    expect(fieldsOf(room, exec(invoiceViewer(), []), "ProcessKey")).toEqual([key]);
    expect(fieldsOf(room, logged(killed(700, "Invoice Vi")), "ProcessKey", "FactKind", "FactPid")).toEqual([
      key,
      "amfi-killed",
      700,
    ]);
    expect(fieldsOf(room, logged(killed(700, "other")), "ProcessKey")).toEqual([null]);
    expect(fieldsOf(room, logged(killed(9999, "x")), "ProcessKey")).toEqual([null]);
    const path = invoiceViewer().path;
    expect(fieldsOf(room, logged({ fact: "asp-denied", pid: 700, path }), "ProcessKey", "FactPath")).toEqual([
      key,
      path,
    ]);
    expect(fieldsOf(room, logged({ fact: "asp-denied", pid: 700, path: "/tmp/x" }), "ProcessKey")).toEqual([null]);
    expect(fieldsOf(room, logged(null), "ProcessKey", "FactKind", "FactPath")).toEqual([null, null, null]);
  });

  it("names what a text names", () => {
    const prompt: LogFact = { fact: "gatekeeper-prompt", teamId: "7QXW3N5R2K", signingId: "com.example.viewer" };
    const room = enricher();
    expect(fieldsOf(room, logged(prompt), "FactTeamId", "FactSigningId", "FactPid", "FactPath")).toEqual([
      "7QXW3N5R2K",
      "com.example.viewer",
      null,
      null,
    ]);
    expect(fieldsOf(room, logged({ fact: "revoked", subject: "/tmp/a" }), "FactPath")).toEqual(["/tmp/a"]);
    expect(fieldsOf(room, exec(process(), []), "FactKind")).toEqual([undefined]);
  });

  it("sudo's line has the action of its command", () => {
    const room = enricher();
    expect(fieldsOf(room, logged(sudo("ana")), "ToolAction", "TargetRoot")).toEqual(["sip-weaken", undefined]);
    expect(fieldsOf(room, logged(sudo("ana", "t", "/bin/ls")), "ToolAction")).toEqual([undefined]);
    const text = "/usr/sbin/nvram boot-args=-v amfi=0x80";
    expect(fieldsOf(room, logged(sudo("ana", "t", text)), "ToolAction", "BootArgs")).toEqual([
      "boot-args-write",
      "-v amfi=0x80",
    ]);
    expect(fieldsOf(room, logged(null), "ToolAction")).toEqual([undefined]);
  });
});

describe("exit, signals and targets", () => {
  it.each([
    [9, 9, null],
    [256, null, 1],
    [0, null, 0],
    [0x8b, 11, null],
  ])("status %i", (stat, signal, code) => {
    const room = enricher();
    expect(fieldsOf(room, es("exit", process(), { stat }), "ExitSignal", "ExitCode")).toEqual([signal, code]);
  });

  it("seconds alive: since its exec, else since it began, never below zero", () => {
    const room = enricher();
    const alive = (time: number, actor = invoiceViewer()) =>
      fieldsOf(room, es("exit", actor, { stat: 0 }, time), "SecondsAlive")[0];
    expect(alive(AT)).toBeNull();
    expect(alive(AT + 5 * SECOND, invoiceViewer({ startTime: new Date(AT / 1000).toISOString() }))).toBe(5);
    room.enrich(exec(invoiceViewer(), []), posture());
    expect([alive(AT + 2.9 * SECOND), alive(AT - 9 * SECOND)]).toEqual([2, 0]);
  });

  it.each(["get_task", "trace", "remote_thread_create", "signal"] as const)("%s tells of its target", (kind) => {
    const target = process({
      path: "/usr/libexec/amfid",
      signingId: "com.apple.amfid",
      codesigningFlags: FLAGS.platform,
    });
    const names = ["TargetImage", "TargetSigningId", "TargetStatus", "TargetIsPlatformBinary", "Signal"];
    expect(fieldsOf(enricher(), es(kind, process(), { target, sig: 9 }), ...names)).toEqual([
      "/usr/libexec/amfid",
      "com.apple.amfid",
      "platform",
      true,
      kind === "signal" ? 9 : undefined,
    ]);
  });

  it("what macOS installs", () => {
    const room = enricher();
    const profile = {
      instigator: null,
      identifier: "com.example.wifi",
      displayName: "",
      organization: "Ana",
      scope: "User",
    };
    const names = ["ProfileId", "ProfileOrganization", "ProfileSource"];
    expect(fieldsOf(room, es("profile_remove", process(), { ...profile, installSource: 1 }), ...names)).toEqual([
      "com.example.wifi",
      "Ana",
      "installed",
    ]);
    expect(fieldsOf(room, es("profile_add", process(), { ...profile, installSource: 7 }), "ProfileSource")).toEqual([
      "7",
    ]);
    expect(fieldsOf(room, es("kextload", process(), { identifier: "com.example.driver" }), "KernelExtension")).toEqual([
      "com.example.driver",
    ]);
    const mount = { from: "/dev/disk4s1", on: "/Volumes/Viewer", fsType: "hfs", flags: 0 };
    expect(fieldsOf(room, es("mount", process(), mount), "MountedFrom")).toEqual(["/dev/disk4s1"]);
  });

  it("scripts in an app, entitlements, protected and policy files", () => {
    const room = enricher({ policyPaths: ["/etc/zshenv"] });
    const script = "/Users/ana/Downloads/Viewer.app/Contents/MacOS/run";
    expect(
      fieldsOf(room, exec(process(), [], { script, entitlements: ["a"] }), "ScriptInBundle", "Entitlements"),
    ).toEqual(["/Users/ana/Downloads/Viewer.app", ["a"]]);
    expect(fieldsOf(room, exec(process(), [], { script: "/tmp/run" }), "ScriptInBundle", "Entitlements")).toEqual([
      null,
      null,
    ]);
    const write = (path: string) => es("write", process(), { target: { path } });
    expect(fieldsOf(room, write("/private/etc/zshenv"), "PolicyPath", "Protected")).toEqual(["/etc/zshenv", false]);
    expect(fieldsOf(room, write("/usr/lib/dyld"), "PolicyPath", "Protected")).toEqual([null, true]);
    expect(fieldsOf(room, exec(process(), []), "PolicyPath", "Protected")).toEqual([undefined, undefined]);
  });

  it("a record kept to wait answers the same", () => {
    const room = enricher({ allowedUsers: ["501"] });
    room.enrich(exec(terminal(), []), posture());
    room.enrich(exec(shell(), []), posture());
    const enriched = room.enrich(exec(invoiceViewer(), []), posture());
    const { around } = enriched.context;
    expect(around).toMatchObject({ userAllowed: true, beganAt: AT, factProcess: null, policyPath: null });
    expect(around?.ancestors.map(({ pid }) => pid)).toEqual([SHELL_ID.pid, TERMINAL_ID.pid]);
  });
});
