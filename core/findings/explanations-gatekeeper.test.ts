import { describe, expect, it } from "vitest";
import { explanationText } from "#contract/finding.ts";
import { DAY, SECOND } from "#core/base/clock.ts";
import { type HitMember, type RuleInfo } from "./finding-input.ts";
import { explain } from "./explain/explain.ts";
import type { Part } from "./explain/explanation.ts";
import {
  AT,
  exec,
  enricher,
  invoiceViewer,
  APP_IMAGE,
  posture,
  xattrEvent,
  appleTool,
  APP,
} from "#core/enrich/events.fixture.ts";
import { evidenceNote } from "./evidence-note.ts";
import { severityInContext } from "./finding-severity.ts";
import { hitValuesOf } from "./finding-subject.ts";

const START = 20_000 * DAY;
const RUN = { kind: "exec", role: "program started", name: "Invoice Viewer", image: APP_IMAGE, trust: "ad-hoc" };

function rule(behaviour: string, level = "high"): RuleInfo {
  return { id: behaviour, title: behaviour, level, behaviours: [behaviour], analytics: [], techniques: [] };
}

/** The words of a finding whose members have these notes, ten seconds apart. */
function told(behaviour: string, ...notes: Readonly<Record<string, string>>[]): string {
  const room = enricher();
  const enriched = room.enrich(exec(invoiceViewer(), [APP_IMAGE]), posture());
  const parts = notes.map((note, n): Part => {
    const member: HitMember = { rule: "r", id: { session: "s", src: "es", n }, time: START + n * 10 * SECOND, note };
    return { ...member, index: n };
  });
  const clauses = explain({ rule: rule(behaviour), enriched, parts });
  expect(clauses[0]?.kind).toBe("verdict");
  expect(clauses.at(-1)?.kind).toBe("next");
  for (const { evidence } of clauses) for (const index of evidence) expect(index).toBeLessThan(notes.length);
  return explanationText(clauses);
}

const command = (role: string, tool: string, args: string) => ({
  kind: "exec",
  role,
  action: role,
  tool,
  args,
  parent: "/bin/zsh",
  app: "/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal",
  trust: "platform",
});
const fileChange = (role: string, by: string, byTrust: string, file: string) => ({
  kind: "close",
  role,
  by,
  byTrust,
  file,
  target: file,
});

describe("what the Gatekeeper findings say", () => {
  it.each<[string, string, Readonly<Record<string, string>>[], string[]]>([
    [
      "G2 alone names the script's interpreter",
      "G2",
      [fileChange("quarantine removed", "/usr/bin/osascript", "platform", APP)],
      ["The quarantine mark of “Invoice Viewer” was removed by `osascript`.", "Which script told it is not known."],
    ],
    [
      "G2 names who signed a remover that is not Apple's",
      "G2",
      [fileChange("quarantine removed", "/Users/Shared/.a/agentd", "unsigned", APP)],
      ["Of `/Users/Shared/.a/agentd`: it is not signed at all."],
    ],
    [
      "G2 with the run is told as the run",
      "G2",
      [fileChange("quarantine removed", "/usr/bin/osascript", "platform", APP), RUN],
      ["“Invoice Viewer” ran without being checked."],
    ],
    [
      "G3 with the approving bit",
      "G3",
      [fileChange("quarantine set", "/usr/bin/osascript", "platform", APP), { ...RUN, quarantine: "approved" }],
      ["10 seconds earlier by `osascript`", "It then said that someone had chosen to open it"],
    ],
    [
      "G3 without the value says that it is not known",
      "G3",
      [fileChange("quarantine set", "/usr/bin/osascript", "platform", APP), RUN],
      ["What the mark said then is not reported."],
    ],
    ["G3 alone", "G3", [command("quarantine written", "xattr", "xattr -w …")], ["was rewritten by `xattr`"]],
    [
      "G4",
      "G4",
      [{ ...RUN, writtenBy: "/usr/bin/curl", writtenMinutes: "3" }],
      ["ran soon after `curl` brought it here.", "`curl` wrote it 3 min before.", "No mark was seen to be set"],
    ],
    ["G4 at once", "G4", [{ ...RUN, writtenBy: "/usr/bin/curl", writtenMinutes: "0" }], ["less than a minute before"]],
    ["G5", "G5", [RUN], ["only part of it carries a quarantine mark"]],
    [
      "G5 after a lock",
      "G5",
      [fileChange("file locked", "/bin/chmod", "platform", APP), RUN],
      ["locked against the quarantine mark", "10 seconds earlier by `chmod`"],
    ],
    [
      "G6",
      "G6",
      [
        { kind: "log", role: "record" },
        { ...RUN, name: "bash", tool: "bash", trust: "platform", scriptApp: APP, quarantine: "present" },
      ],
      ["“Invoice Viewer” ran, and Gatekeeper did not look at it.", "`bash` ran a script", "silence is normal"],
    ],
    [
      "G9 attempt",
      "G9",
      [command("Gatekeeper rule", "spctl", "spctl --add a.app")],
      ["Someone tried to change what Gatekeeper lets through.", "macOS 15 and later no longer obey"],
    ],
    [
      "G9 and the run",
      "G9",
      [command("Gatekeeper rule", "spctl", "spctl --add a.app"), RUN],
      ["ran after Gatekeeper was told to let it through."],
    ],
    [
      "G9 in the files",
      "G9",
      [
        fileChange(
          "file changed",
          "/usr/bin/sqlite3",
          "platform",
          "/private/var/db/SystemPolicyConfiguration/SystemPolicy",
        ),
      ],
      ["Gatekeeper's own file `SystemPolicy` was changed by `sqlite3`."],
    ],
    [
      "G10 alone says what cannot be known",
      "G10",
      [{ kind: "profile_add", role: "profile installed", profile: "Search Mate", profileOrg: "Search Mate Ltd" }],
      ["It names itself “Search Mate”, from “Search Mate Ltd”.", "Which settings the profile holds is not reported."],
    ],
    [
      "G10 and the change",
      "G10",
      [
        { kind: "profile_remove", role: "profile removed", profile: "Security" },
        { kind: "posture_change", role: "protection changed", setting: "gatekeeper" },
      ],
      ["The profile was removed 10 seconds earlier", "told from the order of the two, not seen"],
    ],
    [
      "G11",
      "G11",
      [command("quarantine marking off", "defaults", "defaults write com.apple.LaunchServices LSQuarantine NO")],
      ["Downloads are to carry no quarantine mark.", "defaults delete com.apple.LaunchServices LSQuarantine"],
    ],
    [
      "G11 and the return of Gatekeeper",
      "G11",
      [command("Gatekeeper's return off", "defaults", "defaults write com.apple.security GKAutoRearm NO")],
      ["Gatekeeper was told not to come back by itself."],
    ],
    [
      "G11 and the run",
      "G11",
      [command("quarantine marking off", "defaults", "defaults write …"), { ...RUN, writtenBy: "/usr/bin/tar" }],
      ["ran without a quarantine mark, after marking was switched off", "by `tar`"],
    ],
    [
      "G12 by the command, before the run",
      "G12",
      [command("download history erased", "sqlite3", "sqlite3 delete"), RUN],
      ["The list was erased 10 seconds before it ran."],
    ],
    [
      "G12 by a program, after the run",
      "G12",
      [RUN, fileChange("file changed", "/bin/rm", "platform", "/Users/ana/QuarantineEventsV2")],
      ["10 seconds after it ran", "Its file was changed or removed by `rm`."],
    ],
    ["S2", "S2", [command("SIP query", "csrutil", "csrutil status")], ["It changes nothing."]],
    [
      "S2 by a program",
      "S2",
      [RUN, command("SIP query", "csrutil", "csrutil status")],
      ["“Invoice Viewer” asked whether"],
    ],
    [
      "S3 alone",
      "S3",
      [command("recovery start set", "nvram", "nvram recovery-boot-mode=unused")],
      ["Someone set this Mac to start into Recovery next time."],
    ],
    [
      "S3 and the restart",
      "S3",
      [
        command("recovery start set", "nvram", "nvram recovery-boot-mode=unused"),
        command("restart", "reboot", "reboot"),
      ],
      ["10 seconds later it was restarted."],
    ],
    [
      "S3 and what came of it",
      "S3",
      [
        command("recovery start set", "nvram", "nvram recovery-boot-mode=unused"),
        { kind: "posture_change", role: "protection changed", setting: "sip", words: "Off: Filesystem Protections" },
      ],
      ["came back with weaker protection", "Off: Filesystem Protections.", "nothing watches there"],
    ],
  ])("%s", (_, behaviour, notes, expected) => {
    const text = told(behaviour, ...notes);
    for (const words of expected) expect(text).toContain(words);
  });

  it("shows hostile names and holds on to its words without a note", () => {
    expect(told("G10", { kind: "profile_add", role: "profile installed", profile: "A\u202Ecod.`x" })).not.toContain(
      "\u202E",
    );
    for (const id of ["G2", "G3", "G4", "G5", "G6", "G9", "G10", "G11", "G12", "S2", "S3"]) {
      expect(told(id, {})).not.toMatch(/undefined|NaN/);
    }
  });
});

describe("what a record remembers for them", () => {
  it("who took the mark off, and what vouches for that program", () => {
    const room = enricher();
    const actor = appleTool("osascript", "com.apple.osascript");
    const note = evidenceNote(room.enrich(xattrEvent("deleteextattr", APP, { actor }), posture()));
    expect(note).toMatchObject({
      by: "/usr/bin/osascript",
      byTrust: "platform",
      file: APP,
      role: "quarantine removed",
    });
  });

  it("the app that is only a script, whose mark and first start count instead of the interpreter's", () => {
    const room = enricher();
    room.enrich(
      xattrEvent("setextattr", APP, { actor: appleTool("curl", "com.apple.curl"), time: AT - SECOND }),
      posture(),
    );
    const bash = appleTool("bash", "com.apple.bash");
    const start = () => room.enrich(exec(bash, ["bash", APP_IMAGE], { script: APP_IMAGE }), posture());
    const first = start();
    expect(evidenceNote(first)).toMatchObject({ scriptApp: APP, quarantine: "present" });
    expect([first.firstSeen, start().firstSeen]).toEqual([true, false]);
    expect(room.enrich(exec(bash, ["bash", "a.sh"], { script: "/Users/ana/a.sh" }), posture()).quarantine).toBeNull();
  });
});

describe("what they are about", () => {
  it("the app that ran, so that a second one is a finding of its own", () => {
    const values = (behaviour: string, note: Readonly<Record<string, string>>) =>
      hitValuesOf({
        correlation: rule(behaviour),
        groupNames: [],
        groupValues: [],
        members: [{ rule: "r", id: { session: "s", src: "es", n: 1 }, time: START, note }],
        firstTime: START,
        lastTime: START,
        count: 1,
      });
    expect(values("G11", { role: "program started", root: APP })).toEqual([APP]);
    expect(values("G6", { role: "program started", root: "/bin/bash", scriptApp: APP })).toEqual([APP]);
    expect(values("G10", { role: "protection changed" })).toEqual([]);
    expect(values("S3", { role: "program started", root: APP })).toEqual([]);
  });
});

describe("how grave they are", () => {
  it("without the approving bit, a rewritten mark explains nothing for sure", () => {
    const room = enricher();
    const start = room.enrich(exec(invoiceViewer(), [APP_IMAGE]), posture());
    expect(severityInContext(rule("g3"), start)).toBe("medium");
    expect(severityInContext(rule("g6"), start)).toBe("medium");
    expect(severityInContext(rule("g4"), start)).toBe("high");
  });
});
