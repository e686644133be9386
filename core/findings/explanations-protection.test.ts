import { describe, expect, it } from "vitest";
import type { EventOf, TelemetryEvent } from "#contract/event.ts";
import { explanationText } from "#contract/finding.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { FileRef, Process } from "#contract/process.ts";
import { MINUTE, SECOND } from "#core/base/clock.ts";
import {
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
} from "#core/enrich/events.fixture.ts";
import type { PostureNow } from "#core/posture/posture-tracker.ts";
import { evidenceNote } from "./evidence-note.ts";
import { FindingBook } from "./finding-book.ts";
import type { FindingRecord, HitMember, RuleInfo } from "./finding-input.ts";

const TERMINAL = "/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal";
const HELPER = "/System/Library/PrivateFrameworks/StorageKit.framework/Resources/storagekitd";
const LAUNCHD_ID = { pid: 1, pidversion: 1 };
const HELPER_ID = { pid: 300, pidversion: 700 };
const OURS = ["S5", "S6", "S8", "S9", "S10", "S11", "S12", "S13", "S14", "S15", "S17", "S18"];
const WEAK: Partial<PostureNow> = {
  sip: "off",
  weakened: true,
  weakenedSince: BOOT,
  weakenedHow: "SIP is off",
};

function rule(behaviour: string, fields: Partial<RuleInfo> = {}): RuleInfo {
  const tags = { behaviours: [behaviour], analytics: [], techniques: [] };
  return { id: `rule-${behaviour}`, title: `Rule ${behaviour}`, level: "high", ...tags, ...fields };
}

/** Plays records (constructed) through enrichment, and hands them to the book as one correlation. */
function explained(
  behaviour: string,
  events: readonly TelemetryEvent[],
  now: Partial<PostureNow> = {},
  fields: Partial<RuleInfo> = {},
): FindingRecord {
  const room = enricher({ allowedUsers: [], policyPaths: ["/var/db/SystemPolicyConfiguration/*"] });
  const parents = [
    process({ id: LAUNCHD_ID, ppid: 0, path: "/sbin/launchd", parent: null, responsible: null, tty: null }),
    process({ id: TERMINAL_ID, path: TERMINAL, parent: LAUNCHD_ID, signingId: "com.apple.Terminal" }),
    process({ id: SHELL_ID, parent: TERMINAL_ID }),
    process({ id: HELPER_ID, path: HELPER, parent: LAUNCHD_ID, responsible: null, tty: null }),
  ];
  for (const parent of parents) room.enrich(exec(parent, [parent.path]), posture(now));
  const enriched = events.map((event) => room.enrich(event, posture(now)));
  const members = enriched.map(
    (one, index): HitMember => ({ rule: `base-${index}`, id: one.event.id, time: one.time, note: evidenceNote(one) }),
  );
  const last = enriched.at(-1);
  if (last === undefined) throw new Error("no records");
  const hit = {
    correlation: rule(behaviour, fields),
    groupValues: ["g"],
    members,
    firstTime: 0,
    lastTime: 0,
    count: 1,
  };
  return new FindingBook([]).applyCorrelation(hit, last);
}

const told = (finding: FindingRecord): string => `${finding.severity}: ${explanationText(finding.clauses)}`;
const es = (time = AT) => ({ ...header(time), version: 10, seqNum: 1, globalSeqNum: 1 });
const tool = (line: string, fields: Partial<Process> = {}, time = AT - 20 * MINUTE) => {
  const args = line.split(" ");
  return exec({ ...appleTool(args[0] ?? "", `com.apple.${args[0] ?? ""}`), ...fields }, args, { time });
};
const change = (setting: string, fields: Partial<EventOf<"posture_change">> = {}): EventOf<"posture_change"> => ({
  ...header(),
  kind: "posture_change",
  setting,
  before: "on",
  after: "off",
  direction: "weaker",
  acrossBoot: true,
  detail: "",
  expected: false,
  parts: [],
  ...fields,
});
const unattended: Partial<Process> = { parent: LAUNCHD_ID, ppid: 1, responsible: null, tty: null, uid: 0 };
const agent = (fields: Partial<Process> = {}) =>
  invoiceViewer({ path: "/private/var/tmp/relayd", signingId: "relayd", ...unattended, ...fields });
const file = (path: string): FileRef => {
  const size = { mode: null, size: null, mtime: null, birthtime: null };
  return { path, pathTruncated: false, dev: 1, ino: 2, ...size };
};
const wrote = (path: string, actor: Process): EventOf<"create"> => ({
  ...es(),
  kind: "create",
  actor,
  target: file(path),
  existing: false,
});
const DAEMON = process({ path: "/usr/libexec/syspolicyd", signingId: "com.apple.syspolicyd" });
const signal: EventOf<"signal"> = {
  ...es(),
  kind: "signal",
  actor: appleTool("killall", "com.apple.killall"),
  sig: 9,
  target: DAEMON,
};
const kext = (actor: Process): EventOf<"kextload"> => ({
  ...es(),
  kind: "kextload",
  actor,
  identifier: "example.relay",
});

describe("explanations of what weakens a Mac", () => {
  it("S5: tried, and not checked since the restart; written to; made writable", () => {
    const attempt = tool("csrutil authenticated-root disable");
    expect(told(explained("S5", [attempt, change("authenticated-root")], WEAK))).toMatchInlineSnapshot(
      `"high: This Mac restarted from a system volume that macOS does not check. Files of macOS itself may have been changed, and the seal that would show it is not looked at. It can be switched off only in recoveryOS, which takes someone at the Mac itself. \`csrutil authenticated-root disable\` had been tried in macOS 20 min before this was seen. Who changed it, and what was changed on the volume, is not known. If nobody meant to, start recoveryOS and run \`csrutil authenticated-root enable\`, then install macOS over it."`,
    );
    expect(told(explained("S5", [attempt], {}, { level: "medium" }))).toMatchInlineSnapshot(
      `"medium: Someone tried to stop macOS from checking its system volume. The command was \`csrutil authenticated-root disable\`, started from Terminal. That can be done only in recoveryOS, so while macOS runs the command has no effect. Whether it was then done in recoveryOS shows at the next restart, when Sealbar compares. If you did not type this, find out what did. Apps have no need for it."`,
    );
    expect(told(explained("S5", [wrote("/System/Library/a.plist", agent())], WEAK))).toMatchInlineSnapshot(
      `"high: “relayd” changed a file of macOS. The file is \`/System/Library/a.plist\`. It has no developer identity (ad hoc signature). While the system volume is not checked, macOS lets root change it. What the change does is not known. If nobody meant to, install macOS over it and run \`csrutil authenticated-root enable\` in recoveryOS."`,
    );
    expect(told(explained("S5", [tool("mount -uw /")], {}, { level: "medium" }))).toMatchInlineSnapshot(
      `"medium: Someone tried to make the system volume writable. The command was \`mount -uw /\`, started from Terminal. As long as macOS checks the seal of that volume, the command fails. Whether it worked is not in the record. If you did not type this, find out what did. Apps have no need for it."`,
    );
  });

  it("S6: tried, and lowered", () => {
    const lowered = change("secure-boot", { detail: "Permissive Security" });
    expect(told(explained("S6", [tool("bputil -nkcas"), lowered], WEAK))).toMatchInlineSnapshot(
      `"high: This Mac restarted with its startup security off or permissive. Permissive Security. Lowered, the Mac may start changed or older systems and let others' code into the kernel. It can be lowered only in recoveryOS, which takes someone at the Mac itself. \`bputil -nkcas\` had been tried in macOS 20 min before this was seen. Who changed it is not known: recoveryOS keeps no record that Sealbar could read. Unless a driver you use needs it, start recoveryOS, open Startup Security Utility and choose Full Security."`,
    );
    const kexts = change("kernel-extensions", { detail: "Kernel extensions of others are allowed" });
    expect(told(explained("S6", [kexts], {}, { level: "medium" }))).toContain("lets in kernel extensions");
  });

  it("S8 and S9: attempts that say what they can do", () => {
    const write = tool("nvram csr-active-config=%7f%00%00%00");
    expect(told(explained("S8", [write], {}, { level: "medium" }))).toMatchInlineSnapshot(
      `"medium: Someone tried to write the configuration of System Integrity Protection (SIP) directly. The command was \`nvram csr-active-config=%7f%00%00%00\`, started from Terminal. While SIP is on, macOS refuses it. Macs with Apple silicon do not read this variable at all. Whether it took effect shows at the next restart, when Sealbar compares SIP. If nobody meant to, run \`sudo nvram -d csr-active-config\` before the next restart."`,
    );
    const guests = tool("csrutil allow-research-guests enable");
    expect(told(explained("S9", [guests, change("sip", { parts: ["research-guests"] })]))).toMatchInlineSnapshot(
      `"high: Since the last restart this Mac allows research guests. Virtual machines may then run Apple's systems with software that Apple has not signed for them. It can be allowed only in recoveryOS, which takes someone at the Mac itself. \`csrutil allow-research-guests enable\` had been tried in macOS 20 min before this was seen. Who changed it is not known: recoveryOS keeps no record that Sealbar could read. If nobody meant to, start recoveryOS and run \`csrutil allow-research-guests disable\`."`,
    );
  });

  it("S10: a command that cannot work, one that did, and one that is harmless", () => {
    const write = tool("sysctl -w vm.cs_system_enforcement=0");
    expect(told(explained("S10", [write], {}, { level: "medium" }))).toMatchInlineSnapshot(
      `"medium: Someone tried to change how the kernel checks code. The command was \`sysctl -w vm.cs_system_enforcement=0\`, started from Terminal. Kernels as Apple ships them do not let these be loosened while macOS runs, so the command fails. Whether the value changed shows when Sealbar next reads it. If you did not type this, find out what did. Apps have no need for it."`,
    );
    const weaker = change("kernel-variables", { acrossBoot: false, detail: "vm.cs_system_enforcement=0" });
    expect(told(explained("S10", [write, weaker]))).toMatchInlineSnapshot(
      `"high: The kernel's variables say that it checks code less than it should. vm.cs_system_enforcement=0. On a kernel as Apple ships it no command can do that: the kernel itself may have been changed. \`sysctl -w vm.cs_system_enforcement=0\` had been tried in macOS 20 min before this was seen. What changed them is not known. Restart the Mac. If it stays so, back up what you need and install macOS anew."`,
    );
    const stricter = [tool("sysctl -w vm.cs_force_kill=1")];
    expect(told(explained("S10", stricter, {}, { level: "informational" }))).toMatchInlineSnapshot(
      `"info: A kernel variable was written that can only make the checks of code stricter. The command was \`sysctl -w vm.cs_force_kill=1\`, started from Terminal. Whether the kernel took the value is not in the record. Nothing needs to be done. It lasts until the next restart."`,
    );
  });

  it("S11: medium while SIP is on, high once it is not", () => {
    const off = [change("library-validation", { acrossBoot: false })];
    expect(told(explained("S11", off))).toMatchInlineSnapshot(
      `"medium: Every program on this Mac may load libraries of other developers. Programs that would refuse foreign code then take it, so a library can be slipped into any of them. Whether macOS heeds the preference while SIP is on is not certain, and who set it is not in this record. Unless a program you use needs it, run \`sudo defaults delete /Library/Preferences/com.apple.security.libraryvalidation\` and restart."`,
    );
    expect(explained("S11", off, WEAK).severity).toBe("high");
  });

  it("S12: asked for, loaded, and another kernel", () => {
    const load = tool("kmutil load -p /private/tmp/Relay.kext");
    expect(told(explained("S12", [load], {}, { level: "medium" }))).toMatchInlineSnapshot(
      `"medium: Someone asked macOS to load a kernel extension. The command was \`kmutil load -p /private/tmp/Relay.kext\`, started from Terminal. On Apple silicon it loads only after the startup security was lowered in recoveryOS. Whether it was loaded, and whose it is, is not in this record. If you did not do this, find out what did before you restart."`,
    );
    expect(
      told(explained("S12", [load, kext(appleTool("kernelmanagerd", "com.apple.kernelmanagerd"))])),
    ).toMatchInlineSnapshot(
      `"high: A kernel extension was loaded: \`example.relay\`. Its code runs in the kernel, where nothing checks it any more. The command was \`kmutil load -p /private/tmp/Relay.kext\`, started from Terminal. macOS lets it in when the startup security is reduced and somebody has allowed its developer. The name is the extension's own claim; who signed it is not in the record. If none of your hardware or software needs it, remove it from /Library/Extensions and restart."`,
    );
    expect(told(explained("S12", [kext(agent())]))).toMatchInlineSnapshot(
      `"high: A kernel extension was loaded: \`example.relay\`. Its code runs in the kernel, where nothing checks it any more. “relayd” loaded it, started by macOS itself (launchd). It has no developer identity (ad hoc signature). macOS lets it in when the startup security is reduced and somebody has allowed its developer. The name is the extension's own claim; who signed it is not in the record. If none of your hardware or software needs it, remove it from /Library/Extensions and restart."`,
    );
    const configure = [tool("kmutil configure-boot -c /tmp/kernel")];
    expect(told(explained("S12", configure, {}, { level: "medium" }))).toContain("start this Mac from another kernel");
  });

  it("S13: ran, and wrote, below a helper; and a zshenv", () => {
    const below = agent({ parent: HELPER_ID, ppid: HELPER_ID.pid });
    expect(told(explained("S13", [exec(below, [below.path, "-p"])], {}, { level: "critical" }))).toMatchInlineSnapshot(
      `"critical: “relayd” ran with the rights of a helper that SIP lets through. The command was \`relayd -p\`, started from storagekitd. It has no developer identity (ad hoc signature). It runs below \`storagekitd\`, one of macOS's own. What that one starts inherits its right to change files that System Integrity Protection (SIP) keeps. SIP's own state does not change by this, so what else was changed does not show there. Update macOS, which has closed the known ways. If this was no update or migration of yours, have the Mac looked at."`,
    );
    const write = wrote("/Library/Apple/System/x.plist", below);
    expect(told(explained("S13", [write], {}, { level: "critical" }))).toMatchInlineSnapshot(
      `"critical: “relayd” changed a file that SIP protects. The file is \`/Library/Apple/System/x.plist\`. It has no developer identity (ad hoc signature). It runs below \`storagekitd\`, one of macOS's own. What that one starts inherits its right to change files that System Integrity Protection (SIP) keeps. SIP's own state does not change by this, so what else was changed does not show there. Update macOS, which has closed the known ways. If this was no update or migration of yours, have the Mac looked at."`,
    );
    const tee = wrote("/private/etc/zshenv", appleTool("tee", "com.apple.tee"));
    expect(told(explained("S13", [tee], {}, { level: "low" }))).toMatchInlineSnapshot(
      `"low: \`/etc/zshenv\` was written by \`tee\`. Every zsh on this Mac reads it, also one that a helper with special rights starts. What was written is not in the record. Package managers such as Nix write it. If you use none, look into it with \`cat /etc/zshenv\`."`,
    );
  });

  it("S14 and S18: which file, and by whom", () => {
    const policy = "/private/var/db/SystemPolicyConfiguration/KextPolicy";
    expect(told(explained("S14", [wrote(policy, agent())], {}, { level: "critical" }))).toMatchInlineSnapshot(
      `"critical: “relayd” changed a file that only macOS may change. The file is \`/private/var/db/SystemPolicyConfiguration/KextPolicy\`; the program was started by macOS itself (launchd). It has no developer identity (ad hoc signature). SIP says that it is on, and should have refused this. Whether SIP was got round, or what it says of itself is not true, cannot be told from here. Update macOS. If the program is not one you know well, disconnect the Mac and have it looked at."`,
    );
    expect(told(explained("S18", [wrote(policy, agent())]))).toMatchInlineSnapshot(
      `"high: “relayd” changed a file that says what macOS lets run. The file is \`/private/var/db/SystemPolicyConfiguration/KextPolicy\`; the program was started by macOS itself (launchd). It has no developer identity (ad hoc signature). It lies below \`/var/db/SystemPolicyConfiguration/*\`, one of the policy paths in the settings. With administrator rights these files can be written; macOS and device management do so by services. What the file says now is not in the record. If you did not do this, look at the file before you restart, and put it back from a backup."`,
    );
  });

  it("S15: the command, the signal, the end, and a debugger", () => {
    const command = tool("killall -9 syspolicyd");
    expect(told(explained("S15", [command], {}, { level: "medium" }))).toMatchInlineSnapshot(
      `"medium: Someone tried to stop a service that checks code. The command was \`killall -9 syspolicyd\`, started from Terminal. While System Integrity Protection is on, unloading it fails, and launchd starts again what was ended. What was started meanwhile, and whether it was checked, is not known from this. If you did not do this yourself, restart the Mac and find out what did."`,
    );
    const exit: EventOf<"exit"> = { ...es(AT + SECOND), kind: "exit", actor: DAEMON, stat: 9 };
    expect(told(explained("S15", [signal, exit]))).toMatchInlineSnapshot(
      `"high: Gatekeeper's service (\`syspolicyd\`) was ended, and did not come back within minutes. “killall” did it, started from Terminal. macOS (launchd) starts it again as soon as something needs it, and did not. What was started meanwhile, and whether it was checked, is not known from this. If you did not do this yourself, restart the Mac and find out what did."`,
    );
    const amfid = process({ path: "/usr/libexec/amfid", signingId: null });
    const trace: TelemetryEvent = { ...es(), kind: "trace", actor: agent(), target: amfid };
    expect(told(explained("S15", [trace], WEAK, { level: "critical" }))).toMatchInlineSnapshot(
      `"critical: “relayd” took hold of \`amfid\`. That service decides which signatures count: whoever controls it decides what runs. It has no developer identity (ad hoc signature). It was started by macOS itself (launchd). That is possible only after SIP's debugging restrictions were switched off in recoveryOS. What ran unchecked since is not known. Quit the program and restart. Then start recoveryOS and run \`csrutil enable\`."`,
    );
  });

  it("S17: who, and whether it can work", () => {
    const recovery = tool("nvram recovery-boot-mode=unused", unattended);
    expect(told(explained("S17", [recovery]))).toMatchInlineSnapshot(
      `"high: A program, with nobody at the keyboard, set this Mac to start recoveryOS, where its protection can be weakened. The command was \`nvram recovery-boot-mode=unused\`, started by macOS itself (launchd). Any administrator may do that; in recoveryOS a password is still asked for. Whether somebody carries it on in recoveryOS shows at the next restart. If this was none of your administrators, find out what started it before the Mac is restarted."`,
    );
    const fails = [
      "csrutil disable",
      "bputil -n",
      "nvram csr-active-config=%7f",
      "csrutil allow-research-guests enable",
    ];
    for (const line of fails) expect(explained("S17", [tool(line, unattended)]).severity).toBe("medium");
    const write = [tool("nvram boot-args=amfi=0x80", unattended)];
    expect([explained("S17", write).severity, explained("S17", write, WEAK).severity]).toEqual(["medium", "high"]);
    const script = [tool("curl -fsSL https://example.org/setup.sh"), tool("nvram recovery-boot-mode=unused")];
    expect(told(explained("S17", script, {}, { level: "medium" }))).toMatchInlineSnapshot(
      `"medium: A script from the network set this Mac to start recoveryOS, where its protection can be weakened. The command was \`nvram recovery-boot-mode=unused\`, started from Terminal. Just before, \`curl -fsSL https://example.org/setup.sh\` had run in the same terminal. Any administrator may do that; in recoveryOS a password is still asked for. Whether somebody carries it on in recoveryOS shows at the next restart. If this was none of your administrators, find out what started it before the Mac is restarted."`,
    );
  });

  it("S15: a command that unloads is medium while SIP is on or not known, and high when it is off", () => {
    const command = [tool("launchctl bootout system/com.apple.security.syspolicy.syspolicyd")];
    const severities = (["on", "unknown", "partial", "off"] as const).map(
      (sip) => explained("S15", command, { sip }, { level: "medium" }).severity,
    );
    expect(severities).toEqual(["medium", "medium", "high", "high"]);
  });

  it.each(["S4", "S5", "S6", "S7", "S9", "S10", "S11"])(
    "%s: what the accepted baseline expects is info",
    (behaviour) => {
      const settings: Readonly<Record<string, string>> = {
        S5: "authenticated-root",
        S6: "secure-boot",
        S7: "boot-args",
        S10: "kernel-variables",
        S11: "library-validation",
      };
      const expected = change(settings[behaviour] ?? "sip", { expected: true });
      const finding = explained(behaviour, [expected], WEAK, { level: "critical" });
      expect(finding.severity).toBe("info");
      expect(told(finding)).toContain("The accepted baseline says that this Mac should be so.");
    },
  );

  it("S16: attempt, change and run are told as one", () => {
    const attempt = tool("csrutil disable", {}, BOOT - 20 * MINUTE);
    const weaker = { ...change("sip", { detail: "SIP is off" }), time: BOOT + MINUTE };
    const run = exec(agent({ codesigningFlags: FLAGS.unsigned }), ["/private/var/tmp/relayd"], {
      time: BOOT + 3 * MINUTE,
    });
    expect(told(explained("S16", [attempt, weaker, run], WEAK))).toMatchInlineSnapshot(
      `"critical: “relayd” ran 3 min after the restart, while this Mac's protection was weakened. It is not signed at all. SIP had been weakened since the boot of 2026-11-21 09:40 UTC: SIP is off. \`csrutil disable\` had been tried in macOS 21 min before this was seen. Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. It was started by macOS itself (launchd). What it did after that is not known. If you do not know the program, quit it. Then start recoveryOS and turn SIP on again with \`csrutil enable\`."`,
    );
  });

  it.each(OURS)("%s never fails, whatever the record is", (behaviour) => {
    const gap: TelemetryEvent = { ...header(), kind: "gap", source: "es", from: null, to: null, count: null, why: "x" };
    const records: TelemetryEvent[][] = [
      [gap],
      [signal],
      [kext(agent({ path: "/tmp/\u202e!", signingId: null }))],
      [wrote("/etc/zshenv", agent())],
      [change("nonsense", { after: "x", detail: "`\u0007" })],
      [exec(agent(), [])],
    ];
    for (const events of records) {
      const finding = explained(behaviour, events, { bootTime: null });
      expect(finding.clauses[0]?.kind).toBe("verdict");
      expect(finding.clauses.some(({ kind }) => kind === "next")).toBe(true);
      const words = explanationText(finding.clauses);
      expect(words).not.toMatch(/undefined|null|threat/i);
      expect(visibleText(words)).toBe(words);
      for (const { evidence } of finding.clauses) {
        for (const index of evidence) expect(index).toBeLessThan(finding.evidence.length);
      }
    }
  });
});

describe("one case of a weakened period", () => {
  const mac = rule("S4", { id: "changed" });
  const later = rule("S16", { id: "then run", level: "high" });
  const weaker = change("sip");
  const run = exec(agent(), ["/private/var/tmp/relayd"], { time: AT + MINUTE });
  const attempt = tool("csrutil disable");

  function apply(
    book: FindingBook,
    correlation: RuleInfo,
    group: string[],
    ...events: TelemetryEvent[]
  ): FindingRecord {
    const room = enricher();
    const enriched = events.map((event) => room.enrich(event, posture(WEAK)));
    const members = enriched.map((one) => ({
      rule: "base",
      id: one.event.id,
      time: one.time,
      note: evidenceNote(one),
    }));
    const last = enriched.at(-1);
    if (last === undefined) throw new Error("no records");
    const hit = { correlation, groupValues: group, members, firstTime: 0, lastTime: 0, count: members.length };
    return book.applyCorrelation(hit, last);
  }

  it("is one finding: correlations about this Mac that share a record are joined", () => {
    const book = new FindingBook([]);
    const first = apply(book, mac, [], attempt, weaker);
    const second = apply(book, later, [], weaker, run);
    expect(second.key).toBe(first.key);
    expect(second.behaviours).toEqual(["S4", "S16"]);
    expect(second.evidence).toHaveLength(3);
  });

  it("those about some code are not joined with it, nor after it was closed", () => {
    const book = new FindingBook([]);
    const first = apply(book, mac, [], attempt, weaker);
    expect(apply(book, later, ["/private/var/tmp/relayd"], weaker, run).key).not.toBe(first.key);
    book.close(first.key);
    expect(apply(book, rule("S16", { id: "again" }), [], weaker, run).key).not.toBe(first.key);
  });

  it("stays one when the book was stored in between", () => {
    const book = new FindingBook([]);
    const first = apply(book, mac, [], attempt, weaker);
    const entries = book.drainChanges().flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
    expect(apply(new FindingBook(entries), later, [], weaker, run).key).toBe(first.key);
  });
});
