import { describe, expect, it } from "vitest";
import type { TelemetryEvent } from "#contract/event.ts";
import type { LogFact } from "#contract/log-fact.ts";
import { MINUTE } from "#core/base/clock.ts";
import { describeEvent } from "./describe-event.ts";
import { eventFacts } from "./event-facts.ts";
import {
  APP,
  APP_IMAGE,
  appleTool,
  AT,
  enricher,
  exec,
  header,
  invoiceViewer,
  posture,
  process,
  SHELL_ID,
  xattrEvent,
} from "./events.fixture.ts";

const words = (event: TelemetryEvent) => describeEvent(enricher().enrich(event, posture()));

const es = { version: 9, seqNum: 1, globalSeqNum: 1, actor: process() };
const fileAt = (path: string) => xattrEvent("setextattr", path).target;

const moved = (from: string, destination: string): TelemetryEvent => ({
  ...header(),
  version: 9,
  seqNum: 1,
  globalSeqNum: 1,
  kind: "rename",
  actor: process(),
  source: { path: from, pathTruncated: false, dev: 1, ino: 2, mode: null, size: null, mtime: null, birthtime: null },
  destination,
});

describe("describeEvent", () => {
  it.each<[TelemetryEvent, string, string]>([
    [exec(invoiceViewer(), [APP_IMAGE, "--open"]), "Ran Invoice Viewer", `${APP_IMAGE} --open`],
    [exec(process({ path: "/usr/bin/true" }), []), "Ran true", "/usr/bin/true"],
    [xattrEvent("deleteextattr", APP), "Quarantine removed from Invoice Viewer", `${APP} by xattr`],
    [
      { ...header(), ...es, kind: "setflags", target: fileAt("/tmp/a"), flags: 0x80000 },
      "Changed the flags of a",
      "to 0x80000: /tmp/a by zsh",
    ],
    [{ ...header(), ...es, kind: "setacl", target: fileAt("/tmp/a") }, "Changed who may use a", "/tmp/a by zsh"],
    [
      { ...header(), ...es, kind: "copyfile", source: fileAt("/tmp/a"), destination: "/tmp/b" },
      "Copied b",
      "/tmp/a to /tmp/b by zsh",
    ],
    [
      { ...header(), ...es, kind: "link", source: fileAt("/tmp/a"), destination: "/tmp/b" },
      "Gave a a second name",
      "/tmp/a as /tmp/b by zsh",
    ],
    [
      { ...header(), ...es, kind: "kextload", identifier: "com.example.driver" },
      "Kernel extension loaded: com.example.driver",
      "/bin/zsh",
    ],
    [
      { ...header(), ...es, kind: "signal", sig: 9, target: process({ path: "/usr/libexec/amfid" }) },
      "zsh sent signal 9 to amfid",
      "/usr/libexec/amfid",
    ],
    [
      {
        ...header(),
        ...es,
        kind: "profile_remove",
        instigator: null,
        identifier: "com.example.wifi",
        displayName: "Wi-Fi",
        organization: "Ana",
        scope: "User",
        installSource: 0,
      },
      "Profile removed: Wi-Fi",
      "com.example.wifi (Ana)",
    ],
    [
      {
        ...header(),
        kind: "posture_change",
        setting: "sip",
        before: "on",
        after: "partial",
        direction: "weaker",
        acrossBoot: true,
        detail: "Off: Kext Signing",
      },
      "SIP is partly off after the restart",
      "Off: Kext Signing",
    ],
    [
      { ...header(), kind: "gap", source: "es", from: 1, to: 12, count: 12, why: "source-dropped" },
      "Gap: 12 events lost (Endpoint Security)",
      "macOS dropped them before Sealbar could read them",
    ],
    [
      { ...header(), kind: "gap", source: "log", from: null, to: null, count: null, why: "source-dropped" },
      "Gap: an unknown number of events lost (the unified log)",
      "macOS dropped them before Sealbar could read them",
    ],
    [
      { ...header(), kind: "fault", source: "es", reason: "no process in it", excerpt: "{" },
      "A record from Endpoint Security could not be read",
      "no process in it",
    ],
    [
      xattrEvent("deleteextattr", `${APP}/Contents/Resources/AppIcon.icns`),
      "Quarantine removed from AppIcon.icns (Invoice Viewer)",
      `${APP}/Contents/Resources/AppIcon.icns by xattr`,
    ],
    [
      moved("/Users/ana/Downloads/Tidepool.app", "/Applications/Tidepool.app"),
      "Moved Tidepool",
      "/Users/ana/Downloads/Tidepool.app to /Applications/Tidepool.app by zsh",
    ],
    [moved("/Users/ana/a.cstemp", "/Users/ana/a"), "Renamed to a", "from /Users/ana/a.cstemp by zsh"],
    [
      { ...header(), kind: "gap", source: "monitor", from: null, to: null, count: null, why: "unreadable" },
      "Sealbar was not watching",
      "From 2026-11-21 10:00:00 UTC until it started again, nothing was recorded",
    ],
    [
      { ...header(), kind: "sleep", from: AT - 10 * MINUTE, to: AT },
      "The Mac slept for 10 min",
      "From 09:50:00 to 10:00:00 UTC",
    ],
    [{ ...header(), kind: "session_end" }, "Monitoring ended", "Nothing is recorded until it starts again"],
    [
      { ...header(), kind: "status", source: "log", state: "running", reason: null, detail: null },
      "The unified log: running",
      "",
    ],
    [
      { ...header(), kind: "status", source: "es", state: "denied", reason: "full-disk-access", detail: null },
      "Endpoint Security: not allowed",
      "Full Disk Access has not been granted",
    ],
    [
      { ...header(), kind: "status", source: "es", state: "restarting", reason: "exit", detail: "eslogger: killed" },
      "Endpoint Security: starting again",
      "It ended unexpectedly: eslogger: killed",
    ],
  ])("%#: %s", (event, title, detail) => {
    expect(words(event)).toMatchObject({ title, detail });
  });

  const probe = (name: string, out: string, err = "", timedOut = false): TelemetryEvent => ({
    ...header(),
    kind: "probe",
    name,
    exit: 0,
    timedOut,
    out,
    err,
  });
  const CUSTOM =
    "System Integrity Protection status: unknown (Custom Configuration).\n\nConfiguration:\n\tApple Internal: disabled\n\tKext Signing: enabled\n\tFilesystem Protections: disabled\n";

  it.each<[TelemetryEvent, string, string]>([
    [
      probe("csrutil-status", "System Integrity Protection status: enabled.\n"),
      "Checked System Integrity Protection (SIP)",
      "Enabled",
    ],
    [
      probe("csrutil-status", CUSTOM),
      "Checked System Integrity Protection (SIP)",
      "Unknown (Custom Configuration). Off: Filesystem Protections",
    ],
    [
      probe("csrutil-status", "Statut : tout va bien."),
      "Checked System Integrity Protection (SIP)",
      "Statut : tout va bien.",
    ],
    [
      probe("sw-vers", "ProductName:\t\tmacOS\nProductVersion:\t\t26.1\nBuildVersion:\t\t25B78\n"),
      "Checked the macOS version",
      "macOS 26.1 (25B78)",
    ],
    [
      probe("nvram", "", "nvram: Error getting variable - 'boot-args': data was not found\n"),
      "Checked the boot arguments",
      "None set",
    ],
    [probe("nvram", "boot-args\tamfi=0x80\n"), "Checked the boot arguments", "amfi=0x80"],
    [probe("spctl-status", "assessments enabled\n"), "Checked Gatekeeper", "assessments enabled"],
    [
      probe("system-profiler-ibridge", '{"a":[{"ibridge_secure_boot":"Full Security"}]}'),
      "Checked startup security",
      "Full Security",
    ],
    [probe("weather-report", "sunny\n\tand warm\n"), "Checked weather-report", "sunny; and warm"],
    [probe("csrutil-status", "", "", true), "Checked System Integrity Protection (SIP)", "No answer in time"],
  ])("an answer of a probe is one readable line: %#", (event, title, detail) => {
    expect(words(event)).toMatchObject({ title, detail });
  });

  const log = (fact: LogFact | null): TelemetryEvent => ({
    ...header(),
    kind: "log",
    processPath: "/usr/sbin/notifyd",
    pid: 1,
    senderPath: "",
    subsystem: "",
    category: "",
    messageType: "Default",
    message: "the line",
    bootUuid: null,
    fact,
  });

  it.each<[LogFact | null, string]>([
    [null, "Log line of notifyd"],
    [
      { fact: "sudo-command", user: "ana", tty: null, pwd: null, runAs: "root", command: "/usr/bin/csrutil disable" },
      "sudo: ana ran csrutil disable as root",
    ],
    [{ fact: "amfid-not-valid", path: APP_IMAGE, code: -423, text: null }, "amfid: Invoice Viewer is not valid"],
    [{ fact: "amfi-killed", pid: 7, name: null, reason: "unsigned" }, "macOS stopped process 7"],
    [
      { fact: "gatekeeper-denied", teamId: null, signingId: "com.tidepool.desktop" },
      "Gatekeeper refused com.tidepool.desktop",
    ],
    [
      { fact: "sandbox-deny", process: "lsd", pid: 1, operation: "file-read-data", path: null },
      "Sandbox: lsd was denied file-read-data",
    ],
  ])("a log line is titled by what it states: %#", (fact, title) => {
    expect(words(log(fact))).toMatchObject({ title, detail: "the line" });
  });

  it("caps what hostile programs make long", () => {
    const { title, detail } = words(
      exec(process({ path: `/tmp/${"x".repeat(10_000)}` }), ["y".repeat(1_000_000), "z"]),
    );
    expect(title.length).toBeLessThan(200);
    expect(detail).toMatch(/^y{4096}… \(995906 more\)$/);
  });
});

describe("eventFacts", () => {
  it("reads from what ran to where it was recorded", () => {
    const event = exec(invoiceViewer(), [APP_IMAGE]);
    const facts = eventFacts(enricher().enrich(event, posture()));
    expect(facts.map((fact) => fact.label)).toEqual([
      "What happened",
      "Path",
      "Arguments",
      "Signature",
      "Checked",
      "Signing identifier",
      "CDHash",
      "Signing flags",
      "User",
      "Working directory",
      "Process",
      "SIP",
      "Gatekeeper",
      "Time",
      "Source",
      "Record",
      "Sequence number",
    ]);
    expect(facts.find((fact) => fact.label === "Signature")?.value).toBe(
      "Ad hoc (no developer identity), not notarized",
    );
    expect(facts.find((fact) => fact.label === "Signing flags")?.value).toBe(
      "0x22000003 (valid, adhoc, no-untrusted-helpers, signed)",
    );
  });

  const factsOf = (event: TelemetryEvent, room = enricher(), now = posture()): Record<string, string> =>
    Object.fromEntries(eventFacts(room.enrich(event, now)).map(({ label, value }) => [label, value]));

  it("says values in words, one fact a row", () => {
    const room = enricher();
    room.enrich(exec(process({ id: SHELL_ID, parent: null, ppid: null }), ["-zsh", "-l"]), posture());
    room.enrich(exec(appleTool("xattr", "com.apple.xattr"), ["xattr", "-c", APP]), posture());
    const unsigned = invoiceViewer({ codesigningFlags: 0, cdhash: null, signingId: null });
    const now = posture({
      sip: "partial",
      gatekeeper: "unknown",
      weakened: true,
      weakenedHow: "the system volume is not checked",
    });
    expect(factsOf(exec(unsigned, []), room, now)).toMatchObject({
      "Signing flags": "0x0 (none)",
      Signature: "Not signed",
      Parent: "/bin/zsh",
      "Parent's command line": "-zsh -l",
      Quarantine: "Removed at 2026-11-21 10:00:00 UTC by /usr/bin/xattr",
      SIP: "Partly off",
      Gatekeeper: "Not known",
      Weakened: "The system volume is not checked",
    });
  });

  it.each<[TelemetryEvent, Record<string, string>]>([
    [
      {
        ...header(),
        kind: "posture_change",
        setting: "sip",
        before: "on",
        after: "partial",
        direction: "weaker",
        acrossBoot: true,
        detail: "Off: Kext Signing",
      },
      { Before: "On", After: "Partly off" },
    ],
    [
      { ...header(), kind: "gap", source: "es", from: 1, to: 12, count: 12, why: "source-dropped" },
      { Why: "macOS dropped them before Sealbar could read them", "From record": "1", "To record": "12" },
    ],
    [
      { ...header(), kind: "gap", source: "monitor", from: null, to: null, count: null, why: "unreadable" },
      { Why: "Sealbar was not watching" },
    ],
    [
      { ...header(), kind: "sleep", from: AT - 10 * MINUTE, to: AT },
      { From: "2026-11-21 09:50:00 UTC", To: "2026-11-21 10:00:00 UTC" },
    ],
    [
      { ...header(), kind: "status", source: "es", state: "denied", reason: "full-disk-access", detail: null },
      { State: "Not allowed", Reason: "Full Disk Access has not been granted" },
    ],
  ])("of a record without a process: %#", (event, facts) => {
    expect(factsOf(event)).toMatchObject(facts);
  });
});
