import { describe, expect, it } from "vitest";
import type { LogFact } from "#contract/log-fact.ts";
import { readLogFact } from "./log-facts.ts";
import type { LogText } from "./log-text.ts";

const kext = (name: string) => `/System/Library/Extensions/${name}.kext/Contents/MacOS/${name}`;
const base = { pid: 0, subsystem: "", category: "", message: "" };
const WRITERS = {
  xnu: { ...base, processPath: "/kernel", senderPath: "/kernel" },
  amfi: { ...base, processPath: "/kernel", senderPath: kext("AppleMobileFileIntegrity") },
  asp: { ...base, processPath: "/kernel", senderPath: kext("AppleSystemPolicy") },
  sandbox: { ...base, processPath: "/kernel", senderPath: kext("Sandbox") },
  syspolicyd: {
    ...base,
    pid: 92,
    processPath: "/usr/libexec/syspolicyd",
    senderPath: "/usr/libexec/syspolicyd",
    subsystem: "com.apple.syspolicy.exec",
  },
  gk: {
    ...base,
    pid: 92,
    processPath: "/usr/libexec/syspolicyd",
    senderPath: "/System/Library/Frameworks/Security.framework/Versions/A/Security",
    subsystem: "com.apple.securityd",
    category: "gk",
  },
  amfid: { ...base, pid: 90, processPath: "/usr/libexec/amfid", senderPath: "/usr/libexec/amfid" },
  sudo: { ...base, pid: 400, processPath: "/usr/bin/sudo", senderPath: "/usr/bin/sudo" },
  xprotect: {
    ...base,
    pid: 500,
    processPath: "/Library/Apple/System/Library/CoreServices/XProtect.app/Contents/MacOS/XProtectRemediatorTest",
    senderPath: "",
    subsystem: "com.apple.XProtectFramework.PluginAPI",
    category: "XPEvent.structured",
  },
  nobody: { ...base, pid: null, processPath: "", senderPath: "" },
} satisfies Record<string, LogText>;

const APP = "/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer";
const numbers: number[] = [];
const scan = { fact: "gatekeeper-scan" as const, path: null, pathHash: null, bundleId: null, numbers };
const PAGE = "rejecting invalid page at address 0x104a3c000 from offset 0x0 in file";
const FLAGS = "(signed:1 validated:1 tainted:1 nx:0 wpmapped:0 dirty:0 depth:0)";

/** Text forms: recorded or in Apple's source (docs/telemetry.md); names and paths invented. */
const CASES: [keyof typeof WRITERS, string, LogFact][] = [
  [
    "syspolicyd",
    "GK evaluateScanResult: 3, PST: (path: a2b4c6d8e0f21436), (team: 7QXW3N5R2K), (id: app.paperstudio.mac), (bundle_id: (null)), 0, 0, 1, 0, 9, 4, 1",
    {
      ...scan,
      code: 3,
      pathHash: "a2b4c6d8e0f21436",
      teamId: "7QXW3N5R2K",
      signingId: "app.paperstudio.mac",
      numbers: [0, 0, 1, 0, 9, 4, 1],
    },
  ],
  [
    "syspolicyd",
    `GK evaluateScanResult: 0, PST: (path: ${APP}), (team: (null)), (id: (null)), (bundle_id: app.invoice.viewer), 1, 0, 1, 0, 7, 0`,
    {
      ...scan,
      code: 0,
      path: APP,
      teamId: null,
      signingId: null,
      bundleId: "app.invoice.viewer",
      numbers: [1, 0, 1, 0, 7, 0],
    },
  ],
  [
    "syspolicyd",
    "GK evaluateScanResult: 2, PST: (team: 7QXW3N5R2K), (id: app.paperstudio.mac), (bundle_id: NOT_A_BUNDLE), 0, 0, 1, 0, 9, 4, 1",
    { ...scan, code: 2, teamId: "7QXW3N5R2K", signingId: "app.paperstudio.mac", numbers: [0, 0, 1, 0, 9, 4, 1] },
  ],
  [
    "syspolicyd",
    "GK evaluateScanResult: 2, PST: (team: 7QXW3N5R2K), (id: app.paperstudio.mac)",
    { ...scan, code: 2, teamId: "7QXW3N5R2K", signingId: "app.paperstudio.mac" },
  ],
  [
    "syspolicyd",
    "GK evaluateScanResult: 1, PST: (path: <private>), (team: (null)), (id: tool), (bundle_id: NOT_A_BUNDLE), 0, 0, 1, 0, 9, 4, 1",
    { ...scan, code: 1, teamId: null, signingId: "tool", numbers: [0, 0, 1, 0, 9, 4, 1] },
  ],
  [
    "syspolicyd",
    "Prompt shown (8, 0), waiting for response: PST: (path: a2b4c6d8e0f21436), (team: 7QXW3N5R2K), (id: app.paperstudio.mac), (bundle_id: app.paperstudio.mac)",
    { fact: "gatekeeper-prompt", teamId: "7QXW3N5R2K", signingId: "app.paperstudio.mac" },
  ],
  [
    "syspolicyd",
    "Prompt shown (6, 0), waiting for response",
    { fact: "gatekeeper-prompt", teamId: null, signingId: null },
  ],
  [
    "syspolicyd",
    "Adding Gatekeeper denial breadcrumb (open): PST: (vuid: 1), (objid: 2), (team: (null)), (id: Invoice Viewer-55554944), (bundle_id: (null))",
    { fact: "gatekeeper-denied", teamId: null, signingId: "Invoice Viewer-55554944" },
  ],
  ["syspolicyd", "Attempting to move malware to trash", { fact: "malware-trashed" }],
  [
    "syspolicyd",
    'Scan failed: Error Domain=GatekeeperPolicyScanError Code=-67018 "Code did not match any currently allowed policy"',
    { fact: "gatekeeper-policy-error", code: -67018, text: "Code did not match any currently allowed policy" },
  ],
  ["gk", "Rejecting binary with revoked certificate: Example Cert", { fact: "revoked", subject: "Example Cert" }],
  ["gk", "Notarization daemon found revoked hash: abcd", { fact: "revoked", subject: "abcd" }],
  [
    "amfid",
    `${APP} not valid: Error Domain=AppleMobileFileIntegrityError Code=-423 "The file is adhoc signed or signed by an unknown certificate chain" UserInfo={NSURL=file:///Users/ana, NSLocalizedDescription=x}`,
    {
      fact: "amfid-not-valid",
      path: APP,
      code: -423,
      text: "The file is adhoc signed or signed by an unknown certificate chain",
    },
  ],
  [
    "amfi",
    "AMFI: hook..execve() killing pid 812: Attempt to execute completely unsigned code (must be at least ad-hoc signed).",
    {
      fact: "amfi-killed",
      pid: 812,
      name: null,
      reason: "Attempt to execute completely unsigned code (must be at least ad-hoc signed).",
    },
  ],
  [
    "amfi",
    "AMFI: hook..execve() killing Invoice Viewer (pid 812): Attempt to execute completely unsigned code (must be at least ad-hoc signed).",
    {
      fact: "amfi-killed",
      pid: 812,
      name: "Invoice Viewer",
      reason: "Attempt to execute completely unsigned code (must be at least ad-hoc signed).",
    },
  ],
  ["amfi", `AMFI: '${APP}' is adhoc signed.`, { fact: "amfi-ad-hoc", path: APP }],
  ["amfi", `AMFI: '${APP}' has no CMS blob?`, { fact: "amfi-signature-problem", path: APP, text: "has no CMS blob" }],
  [
    "amfi",
    `AMFI: '${APP}': Unrecoverable CT signature issue, bailing out.`,
    { fact: "amfi-signature-problem", path: APP, text: "unrecoverable CT signature issue" },
  ],
  [
    "amfi",
    "AMFI: code signature validation failed.",
    { fact: "amfi-signature-problem", path: null, text: "code signature validation failed" },
  ],
  ["asp", `ASP: Security policy would not allow process: 812, ${APP}`, { fact: "asp-denied", pid: 812, path: APP }],
  [
    "xnu",
    "CODE SIGNING: cs_invalid_page(0x104a3c000): p=812[Invoice Viewer] final status 0x23000200, denying page sending SIGKILL\n",
    { fact: "page-invalid", pid: 812, name: "Invoice Viewer", status: 0x23000200, outcome: "killed" },
  ],
  [
    "xnu",
    "CODE SIGNING: cs_invalid_page(0x104a3c000): p=812[a] final status 0x22000000, allowing (remove VALID) page",
    { fact: "page-invalid", pid: 812, name: "a", status: 0x22000000, outcome: "allowed" },
  ],
  [
    "xnu",
    "CODE SIGNING: cs_invalid_page(0x104a3c000): p=812[a] final status 0x22000100, denying page",
    { fact: "page-invalid", pid: 812, name: "a", status: 0x22000100, outcome: "denied" },
  ],
  [
    "xnu",
    `CODE SIGNING: process 812[a]: ${PAGE} "${APP}" (cs_mtime:1795250000.1 != mtime:1795255000.2) ${FLAGS}`,
    { fact: "page-rejected", pid: 812, name: "a", path: APP, changedAfterSigning: true },
  ],
  [
    "xnu",
    `CODE SIGNING: process 812[a]: ${PAGE} "${APP}" (cs_mtime:1795250000.1 == mtime:1795250000.1) ${FLAGS}`,
    { fact: "page-rejected", pid: 812, name: "a", path: APP, changedAfterSigning: false },
  ],
  [
    "xnu",
    'proc 812: load code signature error 4 for file "Invoice Viewer"',
    { fact: "signature-load-error", pid: 812, code: 4, name: "Invoice Viewer" },
  ],
  [
    "xnu",
    `mac_vnode_check_signature: ${APP}: code signature validation failed fatally: When validating ${APP}:  Code has restricted entitlements`,
    { fact: "signature-failed-fatally", path: APP, text: `When validating ${APP}:  Code has restricted entitlements` },
  ],
  [
    "sudo",
    "     ana : TTY=ttys002 ; PWD=/Users/ana ; USER=root ; COMMAND=/usr/sbin/spctl --global-disable",
    {
      fact: "sudo-command",
      user: "ana",
      tty: "ttys002",
      pwd: "/Users/ana",
      runAs: "root",
      command: "/usr/sbin/spctl --global-disable",
    },
  ],
  [
    "sudo",
    "ana : a password is required ; PWD=/Users/ana ; USER=root ; COMMAND=/bin/ls",
    { fact: "sudo-failed", user: "ana", text: "a password is required" },
  ],
  [
    "sudo",
    "ana : 3 incorrect password attempts ; TTY=ttys002 ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
    { fact: "sudo-failed", user: "ana", text: "3 incorrect password attempts" },
  ],
  [
    "xprotect",
    '{"caused_by":[],"status_message":"NoThreatDetected","status_code":20,"execution_duration":0.7}',
    { fact: "xprotect-scan", message: "NoThreatDetected", statusCode: 20 },
  ],
  [
    "sandbox",
    "Sandbox: installer(812) System Policy: deny(1) file-write-data /System/Library/x y",
    { fact: "sandbox-deny", process: "installer", pid: 812, operation: "file-write-data", path: "/System/Library/x y" },
  ],
  [
    "sandbox",
    "System Policy: installer deny(1) file-read-data /Users/ana/Library",
    { fact: "sandbox-deny", process: "installer", pid: null, operation: "file-read-data", path: "/Users/ana/Library" },
  ],
  [
    "sandbox",
    "Sandbox: zsh(812) deny(1) process-exec* /tmp/a",
    { fact: "sandbox-deny", process: "zsh", pid: 812, operation: "process-exec*", path: "/tmp/a" },
  ],
  [
    "xnu",
    "=== system boot: 0B6E1A52-0000-4000-8000-0000000000B1",
    { fact: "boot", bootUuid: "0B6E1A52-0000-4000-8000-0000000000B1" },
  ],
  [
    "nobody",
    "=== system boot: 0B6E1A52-0000-4000-8000-0000000000B1",
    { fact: "boot", bootUuid: "0B6E1A52-0000-4000-8000-0000000000B1" },
  ],
];

describe("readLogFact", () => {
  it.each(CASES)("%s: %s", (writer, message, fact) => {
    expect(readLogFact({ ...WRITERS[writer], message })).toEqual(fact);
  });

  it("believes no text of a program that only imitates the writer", () => {
    const imitators: LogText[] = [
      { ...base, pid: 812, processPath: "/tmp/kernel", senderPath: kext("AppleSystemPolicy") },
      { ...base, pid: 812, processPath: "/kernel", senderPath: kext("AppleSystemPolicy") },
      {
        ...base,
        pid: 0,
        processPath: "/kernel",
        senderPath: "/Library/Extensions/Sandbox.kext/Contents/MacOS/Sandbox",
      },
      {
        ...base,
        pid: 0,
        processPath: "/kernel",
        senderPath: "/System/Library/Extensions/Other.kext/Contents/MacOS/Other",
      },
      {
        ...base,
        pid: 812,
        processPath: "/tmp/usr/libexec/syspolicyd",
        senderPath: "/usr/libexec/syspolicyd",
        subsystem: "com.apple.syspolicy.exec",
      },
      { ...base, pid: 812, processPath: APP, senderPath: APP, subsystem: "com.apple.securityd", category: "gk" },
      { ...base, pid: 812, processPath: "/usr/bin/logger", senderPath: "/usr/bin/logger" },
      { ...WRITERS.xprotect, processPath: "/tmp/XProtect.app/Contents/MacOS/XProtectRemediatorTest" },
    ];
    for (const imitator of imitators) {
      for (const [, message] of CASES)
        expect([message, readLogFact({ ...imitator, message })]).toEqual([message, null]);
    }
  });

  it("keeps each writer to its own texts", () => {
    for (const writer of ["sudo", "amfid", "syspolicyd", "sandbox"] as const) {
      expect(
        readLogFact({ ...WRITERS[writer], message: `ASP: Security policy would not allow process: 1, /x` }),
      ).toBeNull();
    }
  });

  it("takes nothing from a target whose own words imitate the fields", () => {
    const path = "/tmp/x), (team: 7QXW3N5R2K), (id: app.paperstudio.mac), (bundle_id: b), 0";
    const message = `GK evaluateScanResult: 0, PST: (path: ${path}), (team: (null)), (id: evil), (bundle_id: (null)), 0, 0, 1, 0, 9, 4, 1`;
    expect(readLogFact({ ...WRITERS.syspolicyd, message })).toMatchObject({
      code: 0,
      teamId: null,
      signingId: null,
      path: null,
    });
  });

  it.each<[keyof typeof WRITERS, string, Partial<LogFact>]>([
    ["amfi", "AMFI: hook..execve() killing x (pid 1): y (pid 812): Attempt", { fact: "amfi-killed", pid: 812 }],
    ["amfi", "AMFI: hook..execve() killing pid 1: y (pid 812): Attempt", { fact: "amfi-killed", pid: 812 }],
    [
      "xnu",
      `CODE SIGNING: process 812[a]: ${PAGE} "/tmp/x" (cs_mtime:1.0 == mtime:1.0)" (cs_mtime:1.0 != mtime:2.0) ${FLAGS}`,
      { fact: "page-rejected", path: '/tmp/x" (cs_mtime:1.0 == mtime:1.0)', changedAfterSigning: true },
    ],
    [
      "sudo",
      "ana : TTY=ttys002 ; PWD=/tmp/x ; USER=root ; COMMAND=/bin/ls ; USER=root ; COMMAND=/usr/sbin/nvram -c",
      { fact: "sudo-command", command: "/bin/ls ; USER=root ; COMMAND=/usr/sbin/nvram -c" },
    ],
    [
      "xnu",
      "mac_vnode_check_signature: /a: code signature validation failed fatally: b: code signature validation failed fatally: When validating /a: code signature validation failed fatally: b: no",
      { fact: "signature-failed-fatally", path: "/a: code signature validation failed fatally: b" },
    ],
    [
      "asp",
      "ASP: Security policy would not allow process: 812, /tmp/a, b\n2, c",
      { fact: "asp-denied", path: "/tmp/a, b\n2, c" },
    ],
  ])("%s is not misled by a hostile name: %s", (writer, message, expected) => {
    expect(readLogFact({ ...WRITERS[writer], message })).toMatchObject(expected);
  });

  it.each([
    ["asp", "ASP: Security policy would not allow process: , /x"],
    ["amfi", "AMFI: ' is adhoc signed."],
    ["xnu", "CODE SIGNING: process x[a]: rejecting"],
    ["sudo", "ana : TTY=ttys002 ; PWD=/Users/ana"],
    ["sudo", "pam_unix(sudo:auth): something else"],
    ["xprotect", "{not json"],
    ["xprotect", "[1]"],
    ["amfid", " not valid: Error Domain=AppleMobileFileIntegrityError Code=-1"],
    ["syspolicyd", "Fast Gatekeeper overrides are: inactive"],
    ["syspolicyd", "GK evaluateScanResult: many, PST: (team: x)"],
  ] as const)("%s: a text that is not known stays a plain line: %s", (writer, message) => {
    expect(readLogFact({ ...WRITERS[writer], message })).toBeNull();
  });

  it("reads a hostile text in linear time", () => {
    const repeats = [
      "(path: ",
      "), (team: ",
      " deny(1) ",
      "(1)",
      " not valid: Error Domain=",
      "[a] final status 0x",
      '" (cs_mtime:',
      " ; COMMAND=",
      ", 1",
    ];
    const start = performance.now();
    for (const writer of Object.values(WRITERS)) {
      for (const [, text] of CASES) {
        for (const repeat of repeats) readLogFact({ ...writer, message: text.slice(0, 40) + repeat.repeat(1500) });
      }
    }
    expect(performance.now() - start).toBeLessThan(5000);
    expect(
      readLogFact({
        ...WRITERS.asp,
        message: `ASP: Security policy would not allow process: 1, /${"x".repeat(20_000)}`,
      }),
    ).toBeNull();
  });
});
