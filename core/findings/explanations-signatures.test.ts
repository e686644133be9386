import { describe, expect, it } from "vitest";
import type { EventOf, TelemetryEvent } from "#contract/event.ts";
import { explanationText } from "#contract/finding.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { LogFact } from "#contract/log-fact.ts";
import type { Process } from "#contract/process.ts";
import { HOUR, MINUTE, SECOND } from "#core/base/clock.ts";
import {
  APP,
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
} from "#core/enrich/events.fixture.ts";
import type { PostureNow } from "#core/posture/posture-tracker.ts";
import { evidenceNote } from "./evidence-note.ts";
import { FindingBook } from "./finding-book.ts";
import type { FindingRecord, HitMember, RuleInfo } from "./finding-input.ts";

const TERMINAL = "/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal";
const BEHAVIOURS = ["G14", "G15", "G16", "G17", "G18", "G19", "G20", "G21", "G22", "G23", "G24"];

function rule(behaviour: string, level = "high"): RuleInfo {
  return {
    id: `rule-${behaviour}`,
    title: `Rule ${behaviour}`,
    level,
    behaviours: [behaviour],
    analytics: [],
    techniques: [],
  };
}

/** Plays records (constructed) through enrichment, and hands them to the book as one correlation. `known` completes notes. */
function explained(
  behaviour: string,
  events: readonly TelemetryEvent[],
  now: Partial<PostureNow> = {},
  known: Record<string, string> = {},
  level = "high",
): FindingRecord {
  const room = enricher();
  const terminal = process({ id: TERMINAL_ID, path: TERMINAL, parent: null, signingId: "com.apple.Terminal" });
  room.enrich(exec(terminal, ["Terminal"]), posture(now));
  room.enrich(exec(process({ id: SHELL_ID, parent: TERMINAL_ID }), ["-zsh"]), posture(now));
  const enriched = events.map((event) => room.enrich(event, posture(now)));
  const members = enriched.map(
    (one, index): HitMember => ({
      rule: `base-${index}`,
      id: one.event.id,
      time: one.time,
      note: { ...evidenceNote(one), ...(one.startsProgram ? known : {}) },
    }),
  );
  const last = enriched.at(-1);
  if (last === undefined) throw new Error("no records");
  const hit = { correlation: rule(behaviour, level), groupValues: ["g"], members, firstTime: 0, lastTime: 0, count: 1 };
  return new FindingBook([]).applyCorrelation(hit, last);
}

const text = (finding: FindingRecord): string => explanationText(finding.clauses);
const es = (time: number) => ({ ...header(time), version: 10, seqNum: 1, globalSeqNum: 1 });
const launch = (fields: Partial<Process> = {}, env: string[] = []) =>
  exec(invoiceViewer(fields), [APP_IMAGE], { env, time: AT });
const exits = (stat: number, fields: Partial<Process> = {}): EventOf<"exit"> => ({
  ...es(AT + SECOND),
  kind: "exit",
  actor: invoiceViewer(fields),
  stat,
});
const invalidated = (fields: Partial<Process> = {}): EventOf<"cs_invalidated"> => ({
  ...es(AT),
  kind: "cs_invalidated",
  actor: invoiceViewer({ codesigningFlags: 0x20000000, teamId: "7QXW3N5R2K", ...fields }),
});
const logged = (fact: LogFact, time = AT): EventOf<"log"> => ({
  ...header(time),
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
});
const NORTHWIND = "/Applications/Northwind Chat.app/Contents/MacOS/Northwind Chat";
const agent = process({
  path: "/Users/Shared/.x/agentd",
  signingId: null,
  isPlatformBinary: false,
  codesigningFlags: 0,
});
const took = (kind: "get_task" | "remote_thread_create"): TelemetryEvent => ({
  ...es(AT - 3 * SECOND),
  kind,
  actor: agent,
  target: process({ path: NORTHWIND, id: { pid: 900, pidversion: 9 } }),
});
const found: EventOf<"xp_malware_detected"> = {
  ...es(AT - 10 * MINUTE),
  kind: "xp_malware_detected",
  actor: process({ path: "/usr/libexec/XProtect" }),
  malware: "MACOS.INVENTED.A",
  incident: "1",
  signatureVersion: "5312",
  path: APP,
};
const granted: EventOf<"tcc_modify"> = {
  ...es(AT - HOUR),
  kind: "tcc_modify",
  actor: process({ path: "/System/Applications/System Settings.app/Contents/MacOS/System Settings" }),
  service: "kTCCServiceDeveloperTool",
  identity: "com.apple.Terminal",
  identityType: 0,
  updateType: 1,
  right: 2,
  reason: 3,
  instigator: null,
};
const mounted: EventOf<"mount"> = {
  ...es(AT - 30 * SECOND),
  kind: "mount",
  actor: process({ path: "/sbin/mount" }),
  from: "/dev/disk5s1",
  on: "/Volumes/Crate Player",
  fsType: "hfs",
  flags: 0,
};
const tool = (name: string, args: string[]) =>
  exec(appleTool(name, `com.apple.${name}`), [name, ...args], { time: AT - 20 * MINUTE });
const trust = tool("security", ["add-trusted-cert", "-d", "-r", "trustRoot", "root.crt"]);
const SELF_SIGNED = { codesigningFlags: 0x20000001 };

describe("a developer that the allow list does not know", () => {
  it("is information: what ran, who signed it, why macOS lets it, and that there is nothing to do", () => {
    const fields = { teamId: "7QXW3N5R2K", validationCategory: 6, codesigningFlags: 0x22010301, path: NORTHWIND };
    const enriched = enricher().enrich(launch(fields), posture({}));
    const member = { id: enriched.event.id, time: enriched.time, note: evidenceNote(enriched) };
    const { severity, clauses } = new FindingBook([]).applyRule(rule("G17", "info"), enriched, member);
    expect(severity).toBe("info");
    expect(explanationText(clauses)).toBe(
      "Software of developers that are not on your list ran here: first “Northwind Chat”, of team 7QXW3N5R2K. It is signed with a Developer ID. macOS lets such code run, since Apple knows who made it. Whether you expect software of these developers is not known. Nothing to do. The records here name them; add the teams that you expect to DeveloperIDAllowList in Settings.",
    );
  });
});

describe("what is said of signatures that do not hold", () => {
  it("G14: the developer's signature is gone, or is another's", () => {
    const lost = {
      identity: "signed-to-ad-hoc",
      formerTeam: "7QXW3N5R2K",
      writtenBy: "/opt/x/apply",
      writtenMinutes: "3",
    };
    expect(text(explained("G14", [launch()], {}, lost))).toMatchInlineSnapshot(
      `"“Invoice Viewer” ran without the developer's signature that it had before. When it ran before, it was signed by team 7QXW3N5R2K. It has no developer identity (ad hoc signature). It was last written 3 min earlier by \`apply\`. Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. What it did after that is not known. If you did not change it yourself, quit it, and get it again from its maker."`,
    );
    const team = launch({ teamId: "K8R2V5J4ND", codesigningFlags: FLAGS.developerId });
    expect(
      text(explained("G14", [team], {}, { identity: "team-changed", formerTeam: "7QXW3N5R2K" })),
    ).toMatchInlineSnapshot(
      `"“Invoice Viewer” ran with the signature of another team than before. When it ran before, it was signed by team 7QXW3N5R2K. It is signed for team K8R2V5J4ND; this macOS does not report with which kind of certificate. Who changed it, and when, was not seen. Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. What it did after that, and whether its certificate has been revoked, is not known. A maker that was bought or renamed signs anew. If you know of no such thing, ask its maker before you run it again."`,
    );
  });

  it("G15: it goes on, with what macOS had found, and why it was not ended", () => {
    const broken = launch({ codesigningFlags: 0x22010000 & ~1, teamId: "7QXW3N5R2K" });
    expect(text(explained("G15", [broken], {}, { enforced: "false" }))).toMatchInlineSnapshot(
      `"“Invoice Viewer” ran although its signature does not fit its code. Its signature is not valid: the code or the signature was changed after signing. Who changed it, and when, was not seen. Nothing stopped it: neither a word of the kernel nor a sudden end was seen. macOS ends a program for this only where its signature asks for it, and this one's does not. Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. What it did after that, and whether its certificate has been revoked, is not known. If you patched it yourself, this is expected. Otherwise, quit it and get it again from its maker."`,
    );
    const check = logged({ fact: "amfid-not-valid", path: APP_IMAGE, code: -424, text: "x" }, AT - 4 * SECOND);
    const weak = { weakened: true, weakenedSince: BOOT, weakenedHow: "SIP is partly off (Filesystem Protections)" };
    expect(text(explained("G15", [check, launch()], weak))).toMatchInlineSnapshot(
      `"“Invoice Viewer” ran although macOS had found that its signature does not hold. It has no developer identity (ad hoc signature). The check had failed 4 seconds before it was noted. Who changed it, and when, was not seen. Nothing stopped it: neither a word of the kernel nor a sudden end was seen. This Mac's protection was weakened at the time (SIP is partly off (Filesystem Protections)). Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. What it did after that is not known. If you patched it yourself, this is expected. Otherwise, quit it and get it again from its maker."`,
    );
  });

  it("G16: a page in memory, told by Endpoint Security and by the kernel", () => {
    expect(text(explained("G16", [invalidated()]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” went on running although its code in memory was changed. A page of its code no longer matched what was signed. macOS ends a program for this only where its signature asks for it, and this one's does not. What was changed, and by whom, is not in the record. If you were debugging it, or it was just updated, this is expected. Otherwise, quit it and get it again from its maker."`,
    );
    const line = logged({ fact: "page-invalid", pid: 5, name: "Invoice Viewer", status: 1, outcome: "allowed" });
    expect(text(explained("G16", [line]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” went on running although its code in memory was changed. A page of its code no longer matched what was signed. Why macOS did not end it is not known. What was changed, and by whom, is not in the record. If you were debugging it, or it was just updated, this is expected. Otherwise, quit it and get it again from its maker."`,
    );
  });

  it("G18: Apple's name in the signature, or only on the file", () => {
    expect(text(explained("G18", [launch({ signingId: "com.apple.softwareupdated" })]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” goes by Apple's name, and Apple did not sign it. It calls itself \`com.apple.softwareupdated\` in its signature, which anyone can write there. It has no developer identity (ad hoc signature). It lies at \`/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer\` and was started from Terminal. Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. What it did after that is not known. Unless you built it from Apple's open source, quit it and find out where it came from."`,
    );
    const named = launch({ path: "/Users/ana/.x/com.apple.agent", signingId: null, codesigningFlags: 0, cdhash: null });
    expect(text(explained("G18", [named]))).toContain("Its file is called `com.apple.agent`, which anyone can choose.");
  });

  it("G19: whether the variable takes hold decides the severity", () => {
    const env = ["PATH=/bin", "DYLD_INSERT_LIBRARIES=/tmp/hook.dylib"];
    const plain = explained("G19", [launch({ codesigningFlags: 0x20000001, teamId: "7QXW3N5R2K" }, env)]);
    expect(plain.severity).toBe("high");
    expect(text(plain)).toMatchInlineSnapshot(
      `"“Invoice Viewer” was told to load a library that is not its own. It was started from Terminal with \`DYLD_INSERT_LIBRARIES=/tmp/hook.dylib\`. It is signed for team 7QXW3N5R2K; this macOS does not report with which kind of certificate. It does not ask for the hardened runtime, so macOS does what the variable says. Who signed the library, and whether it was really loaded, is not known: macOS does not report it. If you were testing or measuring it, this is expected. Otherwise, quit it, and look at that library before you start it again."`,
    );
    const hardened = launch({ codesigningFlags: FLAGS.developerId, teamId: "7QXW3N5R2K" }, env);
    const ignored = explained("G19", [hardened]);
    expect(ignored.severity).toBe("medium");
    expect(text(ignored)).toContain("It is hardened: macOS then ignores such variables");
    const allowing = { ...hardened, entitlements: ["com.apple.security.cs.allow-dyld-environment-variables"] };
    const allowed = explained("G19", [allowing]);
    expect(allowed.severity).toBe("high");
    expect(text(allowed)).toContain("its entitlements allow such variables");
  });
});

describe("what is said of exemptions, injections, malware, volumes and roots", () => {
  it("G20: granted, and used", () => {
    const alone = explained("G20", [granted]);
    expect(alone.title).toBe("Rule G20");
    expect(text(alone)).toMatchInlineSnapshot(
      `"What \`com.apple.Terminal\` starts may run although it does not meet macOS's security policy. It was added to Developer Tools in Privacy & Security. When this was noted, nothing untrusted had been seen to run with it. Developers need this. Otherwise, take it back: System Settings, Privacy & Security, Developer Tools."`,
    );
    expect(text(explained("G20", [granted, launch()]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” ran, and no developer known to Apple vouches for it. 60 min earlier: what \`com.apple.Terminal\` starts may run although it does not meet macOS's security policy. It was added to Developer Tools in Privacy & Security. It has no developer identity (ad hoc signature). Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. What it did after that is not known. Developers need this. Otherwise, take it back: System Settings, Privacy & Security, Developer Tools."`,
    );
    expect(text(explained("G20", [tool("DevToolsSecurity", ["-enable"]), launch()]))).toContain(
      "debuggers may take hold of programs without asking for a password",
    );
  });

  it("G21: taken hold of, and changed", () => {
    const page = invalidated({ path: NORTHWIND });
    expect(text(explained("G21", [took("get_task"), page]))).toMatchInlineSnapshot(
      `"“agentd” took hold of “Northwind Chat”, and that program's code was changed. “agentd”: It is not signed at all. 3 seconds later a page of “Northwind Chat” no longer matched its signature. What runs inside a signed program passes for it, with all that it may do. Why macOS allowed it is not in the record: it asks for root, or for a program that lets itself be debugged. Unless you were debugging, quit both, and find out where “agentd” came from."`,
    );
    expect(text(explained("G21", [took("remote_thread_create")]))).toMatch(
      /^“agentd” started code of its own inside “Northwind Chat”\. /,
    );
  });

  it("G22: found, run all the same, and its lists switched off", () => {
    expect(text(explained("G22", [found]))).toMatchInlineSnapshot(
      `"XProtect found malware in “Invoice Viewer” (\`MACOS.INVENTED.A\`). macOS knows this software as harmful, and normally stops it and moves it to the Trash. When this was noted, it had not been seen to run on. Do not open it again, and delete it. If you gave it a password, change that password."`,
    );
    expect(text(explained("G22", [found, launch()]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” ran although XProtect had found it to be malware (\`MACOS.INVENTED.A\`). XProtect had found it 10 min earlier. It has no developer identity (ad hoc signature). Nothing stopped it: neither a word of the kernel nor a sudden end was seen. Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. Whether it is still the very file that XProtect looked at is not known: it is told by its place. What it did after that is not known. Quit “Invoice Viewer”, disconnect this Mac from the network, and delete it."`,
    );
    const off = tool("defaults", [
      "write",
      "/Library/Preferences/com.apple.SoftwareUpdate",
      "ConfigDataInstall",
      "-bool",
      "false",
    ]);
    expect(text(explained("G22", [off]))).toMatchInlineSnapshot(
      `"Someone told macOS not to fetch new lists of known malware. The command was \`defaults write /Library/Preferences/com.apple.SoftwareUpdate ConfigDataInstall -bool false\`, started from Terminal. Whether macOS follows it, and whether it is managed, is not in the record. If nobody meant to, turn it on in System Settings, General, Software Update."`,
    );
  });

  it("G23: from a volume, from one that was just opened, and translocated", () => {
    const path = "/Volumes/Crate Player/Crate Player.app/Contents/MacOS/Crate Player";
    expect(text(explained("G23", [launch({ path })]))).toContain("ran from the volume “Crate Player”");
    expect(text(explained("G23", [mounted, launch({ path })]))).toMatchInlineSnapshot(
      `"“Crate Player” ran from the volume “Crate Player”, and no developer known to Apple vouches for it. It has no developer identity (ad hoc signature). The volume had been opened 30 seconds earlier. Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. What it did after that is not known. If a website told you how to open it, quit it, and eject the volume."`,
    );
    const apart = launch({ path: "/private/var/folders/zz/AppTranslocation/1/d/Viewer.app/Contents/MacOS/Viewer" });
    expect(text(explained("G23", [apart]))).toContain("macOS runs a quarantined download that was not moved yet");
  });

  it("G24: a root, and what ran after it", () => {
    expect(text(explained("G24", [trust]))).toMatchInlineSnapshot(
      `"A certificate was made trusted on this Mac. The command was \`security add-trusted-cert -d -r trustRoot root.crt\`, started from Terminal. What its owner signs, web pages and perhaps code, then looks valid here. Whether the command worked, and for what the certificate is trusted, is not in the record. If nobody meant to, remove the certificate in Keychain Access: it is listed with a blue mark for its own trust settings."`,
    );
    expect(text(explained("G24", [trust, launch(SELF_SIGNED)]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” ran with a signature that leads to no root of Apple's, after a certificate had been made trusted. The certificate had been added 20 min earlier. The command was \`security add-trusted-cert -d -r trustRoot root.crt\`, started from Terminal. It is signed, but nothing shows that Apple vouches for the signer. Only Gatekeeper asks who made a program, and only of downloads with a quarantine mark; whether this one had one is not known. Whether that certificate stands behind this signature is not in the record. If nobody meant to, remove the certificate in Keychain Access: it is listed with a blue mark for its own trust settings."`,
    );
  });
});

describe("stopped by macOS", () => {
  it("is told by the kernel's own words first", () => {
    const asp = logged({ fact: "asp-denied", pid: 700, path: APP_IMAGE });
    expect(text(explained("G17", [launch(), asp, exits(9)]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” was stopped by macOS. It has no developer identity (ad hoc signature). The kernel's security policy did not allow it (ASP). When this was noted, nothing showed that it went on. Find out where it came from before you try it again."`,
    );
    const amfi = logged({ fact: "amfi-killed", pid: 700, name: null, reason: "x" });
    expect(text(explained("G15", [launch(), amfi]))).toContain("The kernel's check of signatures ended it (AMFI).");
    const page = logged({ fact: "page-invalid", pid: 700, name: "Invoice Viewer", status: 1, outcome: "killed" });
    expect(text(explained("G16", [invalidated(), page]))).toContain("(CODE SIGNING, SIGKILL)");
  });

  it("is told with its doubt when only the end was seen", () => {
    expect(text(explained("G17", [launch(), exits(9)]))).toMatchInlineSnapshot(
      `"“Invoice Viewer” was stopped by macOS. It has no developer identity (ad hoc signature). It was killed (SIGKILL) a moment after it started. That macOS ended it is told from how fast it ended; a program that somebody kills at once looks the same. When this was noted, nothing showed that it went on. Find out where it came from before you try it again."`,
    );
  });

  it("is told with what had been done to it before", () => {
    const signs = exec(
      process({ id: { pid: 690, pidversion: 3 }, path: "/usr/bin/codesign", signingId: "com.apple.security.codesign" }),
      ["codesign", "-f", "-s", "-", APP_IMAGE],
      { time: AT - 4 * SECOND },
    );
    expect(text(explained("G13", [signs, launch(), exits(9)], {}, {}, "informational"))).toMatchInlineSnapshot(
      `"“Invoice Viewer” was stopped by macOS. It was given a new signature by \`codesign\`, started from Terminal, 4 seconds before that. It has no developer identity (ad hoc signature). It was killed (SIGKILL) a moment after it started. That macOS ended it is told from how fast it ended; a program that somebody kills at once looks the same. When this was noted, nothing showed that it went on. Find out where it came from before you try it again."`,
    );
    const clears = exec(
      process({ id: { pid: 690, pidversion: 3 }, path: "/usr/bin/xattr", signingId: "com.apple.xattr" }),
      ["xattr", "-d", "com.apple.quarantine", APP_IMAGE],
      { time: AT - 4 * SECOND },
    );
    expect(text(explained("G1", [clears, launch(), exits(9)], {}, {}, "informational"))).toMatchInlineSnapshot(
      `"“Invoice Viewer” was stopped by macOS. Its quarantine mark was removed 4 seconds earlier by \`xattr\`, started from Terminal. It has no developer identity (ad hoc signature). It was killed (SIGKILL) a moment after it started. That macOS ended it is told from how fast it ended; a program that somebody kills at once looks the same. When this was noted, nothing showed that it went on. Find out where it came from before you try it again."`,
    );
    // A strong hit with the end of an earlier start among its records is still a run.
    expect(text(explained("G1", [clears, launch(), exits(9)]))).toContain("ran without being checked");
  });

  it("is not told of a program that ran on although the policy had refused it", () => {
    const asp = logged({ fact: "asp-denied", pid: 700, path: APP_IMAGE });
    const end = { ...exits(0), time: AT + 10 * MINUTE };
    const told = text(explained("G17", [launch(), asp, end]));
    expect(told).not.toContain("stopped by macOS");
    expect(told).toContain("The kernel's policy had refused it (ASP), and it ran on all the same, for 10 min.");
  });

  it("is not told of a program that ends by itself", () => {
    expect(text(explained("G17", [launch(), exits(0)]))).not.toContain("stopped by macOS");
  });
});

describe("all of them", () => {
  const records: TelemetryEvent[] = [
    launch(),
    exits(9),
    invalidated(),
    took("get_task"),
    found,
    granted,
    mounted,
    trust,
    logged({ fact: "page-invalid", pid: 5, name: "x", status: null, outcome: "allowed" }),
    { ...header(), kind: "gap", source: "es", from: null, to: null, count: null, why: "x" },
  ];

  it.each(BEHAVIOURS)("%s never fails, whatever the record is", (behaviour) => {
    for (const record of records) {
      const { clauses, evidence } = explained(behaviour, [record], { bootTime: null });
      expect(clauses[0]?.kind).toBe("verdict");
      expect(clauses.at(-1)?.kind).toBe("next");
      expect(clauses.every((clause) => clause.evidence.every((index) => index < evidence.length))).toBe(true);
      expect(explanationText(clauses)).not.toMatch(/!|undefined|null|NaN|threat/i);
    }
  });

  it("hostile names cannot reorder or lengthen a sentence", () => {
    const path = `/Volumes/a\u202efdp\n/${"n".repeat(5000)}`;
    const start = launch({ path, signingId: `com.apple.\u0007${"x".repeat(900)}` }, [
      `DYLD_INSERT_LIBRARIES=/tmp/\u202e${"y".repeat(9000)}`,
    ]);
    for (const behaviour of BEHAVIOURS) {
      const told = text(
        explained(
          behaviour,
          [start],
          {},
          { identity: "team-lost", formerTeam: "T", writtenBy: `/\u202e${"w".repeat(900)}` },
        ),
      );
      expect(visibleText(told)).toBe(told);
      expect(told.length).toBeLessThan(1600);
    }
  });
});

describe("one code, one finding", () => {
  it("a process is known only by its number: what is told of it is told of its code", () => {
    const book = new FindingBook([]);
    const room = enricher();
    const told = [41, 42].map((pid) => {
      const enriched = room.enrich(launch({ id: { pid, pidversion: 7 } }), posture());
      const member = { rule: "base", id: enriched.event.id, time: enriched.time, note: evidenceNote(enriched) };
      const group = { groupNames: ["ProcessKey"], groupValues: [`${pid}.7`] };
      return book.applyCorrelation(
        { correlation: rule("G15"), ...group, members: [member], firstTime: 0, lastTime: 0, count: 1 },
        enriched,
      );
    });
    expect(told[1]?.key).toBe(told[0]?.key);
    expect(told[1]?.count).toBe(2);
  });
});
