import { describe, expect, it } from "vitest";
import type { EventOf, TelemetryEvent } from "#contract/event.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { MINUTE, SECOND } from "#core/base/clock.ts";
import { Enricher, ownByIdentity } from "./enricher.ts";
import {
  APP,
  APP_HASH,
  APP_IMAGE,
  appleTool,
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
  xattrEvent,
} from "./events.fixture.ts";
import { FIELD_NAMES } from "./fields.ts";
import { parseQuarantine } from "./quarantine-value.ts";

const OPTIONS = {
  developerIdAllowList: ["7QXW3N5R2K"],
  allowedUsers: ["ana"],
  policyPaths: ["/Library/Extensions"],
  isOwnProcess: () => false,
};

function override(fields: Partial<EventOf<"gatekeeper_user_override">> = {}): EventOf<"gatekeeper_user_override"> {
  return {
    ...header(),
    version: 9,
    seqNum: 1,
    globalSeqNum: 1,
    kind: "gatekeeper_user_override",
    actor: process({ path: "/usr/libexec/syspolicyd", signingId: "com.apple.syspolicyd" }),
    fileType: 1,
    path: APP,
    sha256: null,
    cdhash: APP_HASH,
    signingId: "invoice-viewer",
    teamId: null,
    ...fields,
  };
}

function fileAnswer(quarantine: string | null, source: string | null = null): EventOf<"file_answer"> {
  return {
    ...header(),
    kind: "file_answer",
    path: APP,
    quarantine,
    markUnread: null,
    provenance: null,
    mode: null,
    size: null,
    mtime: null,
    cdhash: APP_HASH,
    assessment: source === null ? null : { verdict: true, source },
    inspection: null,
    codesign: null,
    unreadable: [],
  };
}

const shellStarts = (): TelemetryEvent[] => [
  exec(
    process({
      id: TERMINAL_ID,
      path: "/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal",
      signingId: "com.apple.Terminal",
      parent: null,
      ppid: 1,
    }),
    ["Terminal"],
  ),
  exec(process({ id: SHELL_ID, parent: TERMINAL_ID }), ["-zsh"]),
];

/** A small life in which every memory of the room is used. */
const life = (): TelemetryEvent[] => [
  ...shellStarts(),
  fileAnswer("0081;6a988290;Safari;86260A6F-923D-468E-9962-E153A04E73DE", "Notarized Developer ID"),
  exec(appleTool("xattr", "com.apple.xattr"), ["xattr", "-cr", "Downloads/Invoice Viewer.app"]),
  xattrEvent("deleteextattr", `${APP}/Contents/Resources/icon.png`),
  exec(appleTool("xattr", "com.apple.xattr"), ["xattr", "-dr", "com.apple.quarantine", "Downloads/kit"]),
  exec(process({ path: "/Users/ana/Downloads/kit/sub/tool" }), []),
  exec(invoiceViewer(), [APP_IMAGE]),
  override(),
  exec(invoiceViewer(), [APP_IMAGE]),
  exec(process({ id: { pid: 40, pidversion: 1 }, path: "/usr/bin/login", parent: null, auid: null }), [
    "login",
    "-f",
    "ana",
  ]),
  exec(process({ id: { pid: 41, pidversion: 1 }, parent: { pid: 40, pidversion: 1 } }), ["-zsh"]),
  xattrEvent("setextattr", `${APP}/Contents/Resources/icon.png`),
  { ...exec(process(), []), kind: "write", target: xattrEvent("setextattr", APP_IMAGE).target },
  exec(invoiceViewer({ teamId: "7QXW3N5R2K", codesigningFlags: FLAGS.developerId, cdhash: "d".repeat(40) }), []),
  exec(invoiceViewer(), [APP_IMAGE]),
];

describe("Enricher: fields", () => {
  it("an exec answers every field rules ask for", () => {
    const room = enricher(OPTIONS);
    for (const event of shellStarts()) room.enrich(event, posture());
    const event = exec(invoiceViewer({ startTime: "2026-11-21T10:19:58.000000Z" }), [APP_IMAGE, "--open", "a b"], {
      env: ["DYLD_INSERT_LIBRARIES=/tmp/x.dylib", "HOME=/Users/ana"],
    });
    const enriched = room.enrich(event, posture({ sip: "partial", weakened: true, weakenedSince: AT - 5 * MINUTE }));
    const fields = Object.fromEntries(FIELD_NAMES.map((name) => [name, enriched.fields.get(name)]));
    expect(enriched.fields.logsource).toEqual({ category: "process_creation", service: "endpointsecurity" });
    expect(fields).toMatchObject({
      Image: APP_IMAGE,
      OriginalFileName: "Invoice Viewer",
      CommandLine: `${APP_IMAGE} --open a b`,
      ParentImage: "/bin/zsh",
      ParentCommandLine: "-zsh",
      ParentSigningId: "com.apple.zsh",
      User: "501",
      CurrentDirectory: "/Users/ana",
      SigningId: "invoice-viewer",
      TeamId: null,
      CDHash: APP_HASH,
      SignatureStatus: "ad-hoc",
      Notarized: "no",
      CodeSigningFlags: FLAGS.adHoc,
      IsPlatformBinary: false,
      Quarantine: "unknown",
      FirstSeen: true,
      CodeRoot: APP,
      ResponsibleImage: "/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal",
      Tty: null,
      Dyld: ["DYLD_INSERT_LIBRARIES=/tmp/x.dylib"],
      VolumeKind: "root",
      MinutesSinceBoot: 20,
      ToolAction: null,
      Sip: "partial",
      Weakened: true,
      MinutesSinceWeakened: 5,
      EventType: "exec",
      "esf.event_type": 9,
      "event.action": "exec",
    });
    const absent = ["TargetFilename", "ExtAttr", "ChangeType", "Setting", "Message", "BootArgs", "NoSuchField"];
    expect(absent.filter((name) => enriched.fields.get(name) !== undefined)).toEqual([]);
  });

  it("no arguments is null, not an empty line; the parent falls back to the image before the exec", () => {
    const enriched = enricher().enrich(exec(process(), [], { actor: process({ path: "/bin/bash" }) }), posture());
    expect(enriched.fields.get("CommandLine")).toBeNull();
    expect(enriched.fields.get("ParentImage")).toBe("/bin/bash");
    expect(enriched.fields.get("ParentCommandLine")).toBeNull();
  });

  it("a tool in a folder that was cleared as a whole names that folder, which is what the command was aimed at", () => {
    const room = enricher();
    const cleared = room.enrich(
      exec(appleTool("xattr", "com.apple.xattr"), ["xattr", "-cr", "Downloads/kit/"]),
      posture(),
    );
    const run = room.enrich(exec(process({ path: "/Users/ana/Downloads/kit/sub/tool" }), []), posture());
    expect(run.fields.get("Quarantine")).toBe("removed");
    expect([run.fields.get("UnquarantinedRoot")]).toEqual(cleared.fields.get("TargetRoot"));
    expect(room.enrich(exec(process(), []), posture()).fields.get("UnquarantinedRoot")).toBeNull();
    expect(cleared.fields.get("UnquarantinedRoot")).toBeNull();
  });

  it.each([
    ["tool-55554944abcdef0123456789abcdef0123456789", true],
    [`${"x".repeat(100_000)}-${"a".repeat(40)}`, true],
    [`tool-${"a".repeat(39)}`, false],
    [`tool-${"a".repeat(41)}`, false],
    ["com.tidepool.desktop", false],
    [null, false],
  ])("signing identifier %#: made up by codesign or not", (signingId, expected) => {
    const { fields } = enricher().enrich(exec(process({ signingId }), []), posture());
    expect(fields.get("MadeUpSigningId")).toBe(expected);
  });

  it("an attribute change is a file event about its target", () => {
    const { fields } = enricher().enrich(xattrEvent("deleteextattr", `${APP}/Contents`), posture());
    expect(fields.logsource).toEqual({ category: "file_event", service: "endpointsecurity" });
    expect(fields.get("TargetFilename")).toBe(`${APP}/Contents`);
    expect(fields.get("TargetRoot")).toEqual([APP]);
    expect(fields.get("ChangeType")).toBe("xattr-removed");
    expect(fields.get("ExtAttr")).toBe("com.apple.quarantine");
    expect(fields.get("ActorImage")).toBe("/usr/bin/xattr");
    expect(fields.get("esf.event_type")).toBe(70);
  });

  it("a user override is about the code it let through", () => {
    const { fields } = enricher().enrich(override(), posture());
    expect(fields.logsource).toEqual({ category: null, service: "endpointsecurity" });
    expect([fields.get("CDHash"), fields.get("SigningId"), fields.get("CodeRoot")]).toEqual([
      APP_HASH,
      "invoice-viewer",
      APP,
    ]);
    expect(fields.get("ActorSigningId")).toBe("com.apple.syspolicyd");
  });

  it("a posture change and a log record have the fields of their services", () => {
    const change: EventOf<"posture_change"> = {
      ...header(),
      kind: "posture_change",
      setting: "sip",
      before: "on",
      after: "partial",
      direction: "weaker",
      acrossBoot: true,
      detail: "Off: Filesystem Protections",
    };
    const { fields } = enricher().enrich(change, posture());
    expect(fields.logsource).toEqual({ category: null, service: "posture" });
    expect(["Setting", "Before", "After", "Direction", "AcrossBoot"].map((name) => fields.get(name))).toEqual([
      "sip",
      "on",
      "partial",
      "weaker",
      true,
    ]);
    const log: EventOf<"log"> = {
      ...header(),
      kind: "log",
      processPath: "/kernel",
      pid: 0,
      senderPath: "/System/Library/Extensions/AppleSystemPolicy.kext/Contents/MacOS/AppleSystemPolicy",
      subsystem: "",
      category: "",
      messageType: "Default",
      message: "ASP: Security policy would not allow process: 4711, /tmp/a.out",
      bootUuid: null,
      fact: null,
    };
    const logged = enricher().enrich(log, posture()).fields;
    expect([logged.get("Sender"), logged.get("message"), logged.get("Subsystem"), logged.get("SigningId")]).toEqual([
      "AppleSystemPolicy",
      log.message,
      "",
      undefined,
    ]);
  });
});

describe("Enricher: memory", () => {
  it("does not take a mark that could not be read for one that is not there", () => {
    const room = enricher();
    room.enrich({ ...fileAnswer(null), markUnread: "EPERM" }, posture());
    const state = () => room.enrich(exec(invoiceViewer(), []), posture()).fields.get("Quarantine");
    expect(state()).toBe("unknown");
    room.enrich(fileAnswer(null), posture());
    expect(state()).toBe("absent");
  });

  it("quarantine: present, removed by a tool's run or by an event, approved, absent", () => {
    const room = enricher();
    const state = () => room.enrich(exec(invoiceViewer(), []), posture()).fields.get("Quarantine");
    expect(state()).toBe("unknown");
    room.enrich(fileAnswer("0081;6a988290;Safari;"), posture());
    expect(state()).toBe("present");
    room.enrich(fileAnswer("00C1;607842eb;Brave;F643CD5F"), posture());
    expect(state()).toBe("approved");
    room.enrich(
      exec(appleTool("xattr", "com.apple.xattr"), ["xattr", "-dr", "com.apple.quarantine", APP], {
        time: AT - 41 * SECOND,
      }),
      posture(),
    );
    const removed = room.enrich(exec(invoiceViewer(), []), posture());
    expect(removed.quarantine).toEqual({
      state: "removed",
      at: AT - 41 * SECOND,
      by: "/usr/bin/xattr",
      agent: "Brave",
      root: APP,
    });
    room.enrich(fileAnswer(null), posture());
    expect(state()).toBe("removed");
    room.enrich(xattrEvent("setextattr", APP), posture());
    expect(state()).toBe("present");
    room.enrich(override(), posture());
    expect(state()).toBe("approved");
    room.enrich(xattrEvent("deleteextattr", APP_IMAGE), posture());
    expect(state()).toBe("removed");
  });

  it("another attribute, or a file deep inside, says nothing about the app's mark", () => {
    const room = enricher();
    room.enrich(fileAnswer("0081;6a988290;Safari;"), posture());
    room.enrich(xattrEvent("deleteextattr", APP, { extattr: "com.apple.provenance" }), posture());
    room.enrich(xattrEvent("deleteextattr", `${APP}/Contents/Resources/a.png`), posture());
    expect(room.enrich(exec(invoiceViewer(), []), posture()).fields.get("Quarantine")).toBe("present");
  });

  it("an assessment refines later runs of the same code, by cdhash", () => {
    const room = enricher();
    room.enrich(fileAnswer(null, "Notarized Developer ID"), posture());
    const signed = invoiceViewer({ codesigningFlags: FLAGS.developerId, teamId: "7QXW3N5R2K" });
    expect(room.enrich(exec(signed, []), posture()).trust).toMatchObject({ class: "developer-id", notarized: "yes" });
    expect(room.enrich(exec({ ...signed, cdhash: "f".repeat(40) }, []), posture()).trust?.class).toBe("unknown");
  });

  it("first seen goes by cdhash, and by path only for unsigned code", () => {
    const room = enricher();
    const seen = (fields: object) => room.enrich(exec(invoiceViewer(fields), []), posture()).firstSeen;
    expect([seen({}), seen({ path: "/tmp/copy" }), seen({ cdhash: "e".repeat(40) })]).toEqual([true, false, true]);
    expect([seen({ cdhash: null }), seen({ cdhash: null }), seen({ cdhash: null, path: "/tmp/other" })]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("lineage ends with the boot: another process with the same id is not the parent", () => {
    const room = enricher();
    for (const event of shellStarts()) room.enrich(event, posture());
    expect(room.enrich(exec(invoiceViewer(), []), posture()).parent?.path).toBe("/bin/zsh");
    expect(room.enrich(exec(invoiceViewer(), []), posture({ bootOrdinal: 2 })).parent).toBeNull();
  });

  it("a pid that was used again is not mistaken for the old process", () => {
    const room = enricher();
    for (const event of shellStarts()) room.enrich(event, posture());
    const stranger = invoiceViewer({ parent: { pid: SHELL_ID.pid, pidversion: 7777 } });
    expect(room.enrich(exec(stranger, []), posture()).parent).toBeNull();
  });

  it("Sealbar's own tools and what they start are its own; a name alone is not", () => {
    const own = ownByIdentity({ cdhashes: ["c".repeat(40)], teamId: "7QXW3N5R2K" });
    const room = enricher({ isOwnProcess: own });
    const helper = process({ id: { pid: 80, pidversion: 81 }, path: "/tmp/h", cdhash: "c".repeat(40) });
    expect(room.enrich(exec(helper, []), posture()).own).toBe(true);
    const child = process({ id: { pid: 90, pidversion: 91 }, parent: helper.id });
    expect(room.enrich(exec(child, ["csrutil", "status"]), posture()).own).toBe(true);
    expect(
      room.enrich(
        exec(process({ signingId: "app.sealbar.helper", cdhash: null, parent: null, ppid: null }), []),
        posture(),
      ).own,
    ).toBe(false);
    expect(own(process({ signingId: "app.sealbar", teamId: "7QXW3N5R2K" }))).toBe(true);
    expect(ownByIdentity({ cdhashes: [], teamId: null })(process({ signingId: "app.sealbar" }))).toBe(false);
  });

  it("is bounded, counts what it gives up, and keeps the youngest", () => {
    const room = enricher();
    for (let pid = 0; pid < 9000; pid += 1) {
      const target = process({
        id: { pid, pidversion: pid },
        cdhash: pid.toString(16).padStart(40, "a"),
        parent: { pid: pid - 1, pidversion: pid - 1 },
      });
      room.enrich(exec(target, ["x".repeat(5000)]), posture());
    }
    expect(room.evictions()).toMatchObject({ processes: 9000 - 8192, seenCode: 0 });
    expect(
      room.enrich(exec(invoiceViewer({ parent: { pid: 8999, pidversion: 8999 } }), []), posture()).parent?.pid,
    ).toBe(8999);
    expect(room.enrich(exec(invoiceViewer({ parent: { pid: 5, pidversion: 5 } }), []), posture()).parent).toBeNull();
  });

  it("goes on from its stored state at every point with the same answers", () => {
    const events = life();
    const whole = new Enricher([], OPTIONS);
    const answer = (room: Enricher, event: TelemetryEvent): unknown => {
      const { fields } = room.enrich(event, posture());
      return FIELD_NAMES.map((name) => fields.get(name));
    };
    const expected = events.map((event) => answer(whole, event));
    const store = new Map<string, string>();
    const keep = (changes: StateChange[]): void => {
      for (const { key, value } of changes) {
        if (value === null) store.delete(key);
        else store.set(key, value);
      }
    };
    const byKey = ([a]: [string, string], [b]: [string, string]): number => a.localeCompare(b);
    const stored = (): StateEntry[] => [...store].sort(byKey).map(([key, value]) => ({ key, value }));
    const got = events.map((event) => {
      const room = new Enricher(stored(), OPTIONS);
      const result = answer(room, event);
      keep(room.drainChanges());
      return result;
    });
    expect(got).toEqual(expected);
    const once = whole
      .drainChanges()
      .flatMap(({ key, value }): [string, string][] => (value === null ? [] : [[key, value]]));
    expect(once.sort(byKey)).toEqual([...store].sort(byKey));
  });
});

describe("parseQuarantine", () => {
  it.each([
    ["0081;6a988290;Safari;86260A6F-923D-468E-9962-E153A04E73DE", { flags: 0x81, agent: "Safari", approved: false }],
    ["00C1;607842eb;Brave;F643CD5F-6071-46AB-83AB-390BA944DEC5", { flags: 0xc1, agent: "Brave", approved: true }],
    ["0281;00000000;;3E700882-A82D-4ECF-9C3B-DCD2756B49E4", { setAt: null, agent: null, approved: false }],
    ["0083;68ab1234;Safari;", { flags: 0x83, agent: "Safari" }],
    ["00c1", { approved: true, agent: null }],
  ])("%s (recorded forms)", (text, expected) => {
    expect(parseQuarantine(text)).toMatchObject(expected);
  });

  it.each(["", "q;1;2;3", ";;;", `${"0".repeat(9)};1`])("refuses %j", (text) => {
    expect(parseQuarantine(text)).toBeNull();
  });
});
