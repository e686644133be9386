import { describe, expect, it } from "vitest";
import type { EventOf, TelemetryEvent } from "#contract/event.ts";
import { explanationText } from "#contract/finding.ts";
import { visibleText } from "#contract/visible-text.ts";
import { MINUTE, SECOND } from "#core/base/clock.ts";
import {
  APP,
  APP_HASH,
  APP_IMAGE,
  appleTool,
  AT,
  BOOT,
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
} from "#core/enrich/events.fixture.ts";
import type { PostureNow } from "#core/posture/posture-tracker.ts";
import { evidenceNote } from "./evidence-note.ts";
import { FindingBook } from "./finding-book.ts";
import type { FindingRecord, HitMember, RuleInfo } from "./finding-input.ts";

function rule(behaviour: string, fields: Partial<RuleInfo> = {}): RuleInfo {
  return {
    id: `rule-${behaviour}`,
    title: `Rule ${behaviour}`,
    level: "high",
    behaviours: [behaviour],
    analytics: [],
    techniques: [],
    ...fields,
  };
}

const TERMINAL = "/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal";
const WEAK: Partial<PostureNow> = {
  sip: "partial",
  weakened: true,
  weakenedSince: BOOT,
  weakenedHow: "SIP is partly off (Filesystem Protections)",
};

/** Plays records (constructed) through enrichment and hands all of them to the book as one correlation. */
function explained(
  behaviour: string,
  events: readonly TelemetryEvent[],
  now: Partial<PostureNow> = {},
  fields: Partial<RuleInfo> = {},
): FindingRecord {
  const room = enricher();
  room.enrich(exec(process({ id: TERMINAL_ID, path: TERMINAL, parent: null }), ["Terminal"]), posture(now));
  room.enrich(exec(process({ id: SHELL_ID, parent: TERMINAL_ID }), ["-zsh"]), posture(now));
  const enriched = events.map((event) => room.enrich(event, posture(now)));
  const members = enriched.map(
    ({ event, time }, index): HitMember => ({
      rule: `base-${index}`,
      id: event.id,
      time,
      note: evidenceNote(enriched[index] as (typeof enriched)[number]),
    }),
  );
  const last = enriched.at(-1) as (typeof enriched)[number];
  const hit = {
    correlation: rule(behaviour, fields),
    groupValues: ["g"],
    members,
    firstTime: 0,
    lastTime: 0,
    count: members.length,
  };
  return new FindingBook([]).applyCorrelation(hit, last);
}

const text = (finding: FindingRecord): string => explanationText(finding.clauses);

const launch = (fields = {}) => exec(invoiceViewer(fields), [APP_IMAGE]);
const tool = (name: string, id: string, args: string[], time = AT - 41 * SECOND) =>
  exec(appleTool(name, id), args, { time });
const change = (fields: Partial<EventOf<"posture_change">>): EventOf<"posture_change"> => ({
  ...header(AT - 15 * MINUTE),
  kind: "posture_change",
  setting: "sip",
  before: "on",
  after: "partial",
  direction: "weaker",
  acrossBoot: true,
  detail: "Off: Filesystem Protections",
  ...fields,
});
const override = (): EventOf<"gatekeeper_user_override"> => ({
  ...header(AT - 10 * SECOND),
  version: 9,
  seqNum: 1,
  globalSeqNum: 1,
  kind: "gatekeeper_user_override",
  actor: process({ path: "/usr/libexec/syspolicyd" }),
  fileType: 1,
  path: APP,
  sha256: null,
  cdhash: APP_HASH,
  signingId: "invoice-viewer",
  teamId: null,
});
const REMOVE = ["xattr", "-dr", "com.apple.quarantine", APP];

describe("explanations a Mac owner understands", () => {
  it("G1: removed, then run", () => {
    const finding = explained("G1", [tool("xattr", "com.apple.xattr", REMOVE), launch()]);
    expect(text(finding)).toMatchInlineSnapshot(
      `"“Invoice Viewer” ran without being checked. Its quarantine mark was removed 41 seconds earlier by \`xattr\`, started from Terminal. Gatekeeper checks only files that carry this mark, so macOS let it start. It has no developer identity (ad hoc signature). What it did after that is not known. If you did not do this on purpose, quit “Invoice Viewer” and find out where it came from."`,
    );
    expect(finding.clauses.map((clause) => clause.evidence)).toEqual([[1], [0], [0, 1], [1], [], []]);
    expect(finding.evidence.map((evidence) => evidence.role)).toEqual(["quarantine removed", "program started"]);
  });

  it("G1: an app ran that is signed by a team which is not on the list", () => {
    const signed = launch({ teamId: "7QXW3N5R2K", codesigningFlags: FLAGS.developerId });
    const told = explained("G1", [tool("xattr", "com.apple.xattr", REMOVE), signed]).clauses.map((one) => one.text);
    expect(told).toContain("That team is not on your list of expected developers.");
    const noTeam = explained("G1", [tool("xattr", "com.apple.xattr", REMOVE), launch()]);
    expect(text(noTeam)).not.toContain("on your list");
  });

  it("G1: removed by a system call, not run yet", () => {
    const python = process({ path: "/opt/python/bin/python3", signingId: null });
    expect(text(explained("G1", [xattrEvent("deleteextattr", APP, { actor: python })]))).toMatchInlineSnapshot(
      `"The quarantine mark of “Invoice Viewer” was removed by \`python3\`, started from Terminal. Gatekeeper checks only files that carry this mark, so without it an app opens unchecked. When this was noted, it had not run since. If you did not do this on purpose, do not open it before you know where it came from."`,
    );
  });

  it("G7: open anyway, then run", () => {
    expect(text(explained("G7", [override(), launch()]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” was opened although Gatekeeper had stopped it. Someone chose Open Anyway for it, and macOS follows that choice. It ran 10 seconds later. It has no developer identity (ad hoc signature). Why Gatekeeper had stopped it is not in the record. If a website or a person told you to choose Open Anyway, quit the app and remove it."`,
    );
    expect(text(explained("G7", [override()]))).toContain("When this was noted, it had not run since.");
  });

  it("G8: the command, the change, and a run meanwhile", () => {
    const command = tool("spctl", "com.apple.spctl", ["spctl", "--master-disable"]);
    expect(text(explained("G8", [command]))).toMatchInlineSnapshot(
      `"Someone tried to switch Gatekeeper off. The command was \`spctl --master-disable\`, started from Terminal. On macOS 15 and later it only adds the choice to System Settings; a person or a profile must make it. Whether somebody then made that choice shows when Sealbar next asks Gatekeeper. Unless you need it off, choose in System Settings, Privacy & Security, where apps may come from."`,
    );
    const off = change({
      setting: "gatekeeper",
      after: "off",
      acrossBoot: false,
      detail: "Gatekeeper does not check what is opened",
    });
    expect(text(explained("G8", [off, launch()], { gatekeeper: "off" }))).toMatchInlineSnapshot(
      `"Gatekeeper was switched off. While it is off, macOS does not check what is opened, whoever made it. “Invoice Viewer” ran while Gatekeeper was off. It has no developer identity (ad hoc signature). Who made the choice is not in the record. Unless you need it off, choose in System Settings, Privacy & Security, where apps may come from."`,
    );
  });

  it("G13: signed anew, then run", () => {
    const sign = tool("codesign", "com.apple.security.codesign", ["codesign", "-f", "-s", "-", APP]);
    expect(text(explained("G13", [sign, launch()]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” was given a new signature and then ran. It was signed by \`codesign\`, started from Terminal, 41 seconds before it ran. It has no developer identity (ad hoc signature). Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. This is normal while building software. Otherwise, quit it and get it again from its maker."`,
    );
  });

  it("G17: an untrusted launch", () => {
    expect(text(explained("G17", [launch()]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” ran for the first time, and no developer known to Apple vouches for it. It has no developer identity (ad hoc signature). It lies at \`/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer\` and was started from Terminal. Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. What it did after that is not known. If you built it yourself, this is expected. Otherwise, find out where it came from before you run it again."`,
    );
  });

  it("S1: csrutil in running macOS is at most medium", () => {
    const finding = explained("S1", [tool("csrutil", "com.apple.csrutil", ["csrutil", "disable"])]);
    expect(finding.severity).toBe("medium");
    expect(text(finding)).toMatchInlineSnapshot(
      `"Someone tried to weaken System Integrity Protection (SIP). The command was \`csrutil disable\`, started from Terminal. SIP can be weakened only in recoveryOS, so while macOS runs the command has no effect. Whether it was then done in recoveryOS shows at the next restart, when Sealbar compares SIP. If you did not type this, find out what did. Apps have no need for it."`,
    );
  });

  it("S4: SIP weaker after a restart, with the attempt before it", () => {
    const attempt = tool("csrutil", "com.apple.csrutil", ["csrutil", "disable"], AT - 3 * 60 * MINUTE);
    expect(text(explained("S4", [attempt, change({})], WEAK))).toMatchInlineSnapshot(
      `"This Mac restarted with System Integrity Protection (SIP) partly off. Off: Filesystem Protections. It can be weakened only in recoveryOS, which takes someone at the Mac itself. \`csrutil disable\` had been tried in macOS 3 hours before this was seen. Who changed it is not known: recoveryOS keeps no record that Sealbar could read. If nobody meant to, start recoveryOS and run \`csrutil enable\`."`,
    );
  });

  it("S1 and S4 together are told as the change, in full; sudo's line stands for the command", () => {
    const sudo: TelemetryEvent = {
      ...header(AT - 20 * MINUTE),
      kind: "log",
      processPath: "/usr/bin/sudo",
      pid: 1,
      senderPath: "/usr/bin/sudo",
      subsystem: "",
      category: "",
      messageType: "Default",
      message: "ana : TTY=ttys002 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/csrutil disable",
      bootUuid: null,
      fact: {
        fact: "sudo-command",
        user: "ana",
        tty: "ttys002",
        pwd: "/",
        runAs: "root",
        command: "/usr/bin/csrutil disable",
      },
    };
    const finding = explained("S1", [sudo, change({})], WEAK, { behaviours: ["S1", "S4"] });
    expect(finding.severity).toBe("high");
    expect(finding.clauses[0]?.text).toBe("This Mac restarted with System Integrity Protection (SIP) partly off.");
    expect(text(finding)).toContain("`csrutil disable` had been tried");
    expect(text(explained("S1", [sudo]))).toContain("The command was `csrutil disable`, run with sudo by ana.");
  });

  it("S7: found stored, with and without the command that did it", () => {
    const stored = change({ setting: "boot-args", acrossBoot: false, detail: "From the next restart: amfi=0x80" });
    const write = tool("nvram", "com.apple.nvram", ["nvram", "boot-args=amfi=0x80"], AT - 20 * MINUTE);
    const alone = text(explained("S7", [stored]));
    expect(alone).toMatch(
      /^Boot arguments that weaken .* were stored for the next restart\. From the next restart: amfi=0x80\./,
    );
    const both = text(explained("S7", [write, stored]));
    expect(both).toMatch(/were stored for the next restart\. The command was `nvram boot-args=amfi=0x80`/);
    for (const told of [alone, both]) expect(told).toContain("Whether they took hold shows at the next restart.");
  });

  it("S7: stored, and in force", () => {
    const write = tool("nvram", "com.apple.nvram", ["nvram", "boot-args=amfi_get_out_of_my_way=1"]);
    expect(text(explained("S7", [write]))).toMatchInlineSnapshot(
      `"Boot arguments that weaken code signing were stored for the next restart. The command was \`nvram boot-args=amfi_get_out_of_my_way=1\`, started from Terminal. They take effect only after a restart, and not at all while SIP and the startup security are as Apple ships them. Whether they took hold shows at the next restart. If nobody meant to, run \`sudo nvram -d boot-args\` before the next restart."`,
    );
    const inForce = explained("S7", [
      change({ setting: "boot-args", after: "off", detail: "amfi_get_out_of_my_way=1" }),
    ]);
    expect(inForce.severity).toBe("critical");
    expect(text(inForce)).toMatchInlineSnapshot(
      `"This Mac was started with boot arguments that weaken code signing. They were: amfi_get_out_of_my_way=1. Until a restart without them, code may run that macOS would otherwise refuse. What has run since that macOS would have refused is not known from this. If nobody meant to, run \`sudo nvram -d boot-args\` and restart."`,
    );
  });

  it("S16: a run in a weakened epoch; critical soon after the restart", () => {
    const finding = explained("S16", [launch()], WEAK);
    expect(finding.severity).toBe("high");
    expect(text(finding)).toMatchInlineSnapshot(
      `"“Invoice Viewer” ran 20 min after the restart, while this Mac's protection was weakened. It has no developer identity (ad hoc signature). SIP had been weakened since the boot of 2026-11-21 09:40 UTC: SIP is partly off (Filesystem Protections). Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. It was started from Terminal. What it did after that is not known. If you do not know the program, quit it. Then start recoveryOS and turn SIP on again with \`csrutil enable\`."`,
    );
    const early = explained("S16", [launch()], { ...WEAK, bootTime: AT - 6 * MINUTE });
    expect(early.severity).toBe("critical");
    expect(text(early)).toContain("ran 6 min after the restart");
  });

  it("a rule without an explanation of its own tells what its author wrote, and the facts", () => {
    const fields = {
      title: "System Integrity Protection (SIP) Enumeration",
      description: "Detects csrutil status.\n",
      falsePositives: ["Administrators"],
    };
    expect(
      text(explained("X9", [tool("csrutil", "com.apple.csrutil", ["csrutil", "status"])], {}, fields)),
    ).toMatchInlineSnapshot(
      `"System Integrity Protection (SIP) Enumeration. Detects csrutil status. What ran: \`csrutil status\`, started from Terminal. It can be harmless: Administrators. If you do not know why this happened, look at what started it in the timeline."`,
    );
    expect(text(explained("X9", [launch()], {}, fields))).toContain("It has no developer identity");
  });

  it.each([
    ["/sbin/launchd", "started by macOS itself (launchd)."],
    ["/bin/sh", "started from a shell (sh)."],
    ["/opt/tools/relay", "started from relay."],
  ])("says in words what %s started", (path, ends) => {
    const id = { pid: 77, pidversion: 1 };
    const by = exec(process({ id, path, parent: null, responsible: null, ppid: 1 }), [path]);
    const start = exec(invoiceViewer({ responsible: null, parent: id, ppid: id.pid }), [APP_IMAGE]);
    expect(text(explained("G17", [by, start]))).toContain(ends);
  });

  it("a run right after the weakened restart is told as the run, not as the restart", () => {
    const finding = explained("S4", [launch()], WEAK, { behaviours: ["S4", "S16"] });
    expect(finding.clauses[0]?.text).toContain("“Invoice Viewer” ran 20 min after the restart");
  });

  it("says nothing that a later record could make false", () => {
    const off = change({ setting: "gatekeeper", after: "off", acrossBoot: false, detail: "" });
    const told = [
      explained("G1", [tool("xattr", "com.apple.xattr", REMOVE)]),
      explained("G7", [override()]),
      explained("G8", [off, launch()], { gatekeeper: "off" }),
      explained("G13", [tool("codesign", "com.apple.security.codesign", ["codesign", "-fs", "-", APP])]),
      explained("S4", [change({})], WEAK),
      explained("S16", [launch()], WEAK),
    ].map(text);
    for (const story of told)
      expect(story).not.toMatch(/not been seen|\bsince the last restart|Gatekeeper is off|no longer checks/);
  });

  it("hostile names cannot reorder or lengthen a sentence", () => {
    const path = `/Users/ana/Downloads/a\u202efdp.exe\n${"n".repeat(5000)}`;
    const finding = explained("G17", [
      exec(process({ path, isPlatformBinary: false, codesigningFlags: 0, cdhash: null }), ["`$(x)`\u0007"]),
    ]);
    expect(text(finding)).toContain("“a‹U+202E›fdp.exe‹U+000A›nnn");
    expect(text(finding).length).toBeLessThan(1200);
    const shown = [text(finding), finding.title, ...finding.evidence.map((evidence) => evidence.summary)];
    expect(shown.filter((line) => visibleText(line) !== line)).toEqual([]);
  });

  it.each(["G1", "G7", "G8", "G13", "G17", "S1", "S4", "S7", "S16", "X"])(
    "%s never fails, whatever the record is",
    (behaviour) => {
      const gap: TelemetryEvent = {
        ...header(),
        kind: "gap",
        source: "es",
        from: null,
        to: null,
        count: null,
        why: "x",
      };
      const finding = explained(behaviour, [gap], { bootTime: null });
      expect(finding.clauses[0]?.kind).toBe("verdict");
      expect(finding.clauses.every((clause) => clause.evidence.every((index) => index < finding.evidence.length))).toBe(
        true,
      );
      expect(text(finding)).not.toMatch(/!|undefined|null|threat/i);
    },
  );
});
