import { type Micros, SECOND } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import type { Code } from "./code.ts";

/** A unified-log record before its envelope. */
export interface LogLine {
  process: string;
  pid: number;
  sender: string;
  subsystem: string;
  category: string;
  type: "Default" | "Info" | "Debug" | "Error" | "Fault";
  message: string;
  uid: number;
}

const SYSPOLICYD = "/usr/libexec/syspolicyd";
const SECURITY = "/System/Library/Frameworks/Security.framework/Versions/A/Security";
const KEXTS = "/System/Library/Extensions";

function line(process: string, pid: number, part: Partial<LogLine> & { message: string }): LogLine {
  return { process, pid, sender: process, subsystem: "", category: "", type: "Default", uid: 0, ...part };
}

function syspolicyd(message: string): LogLine {
  return line(SYSPOLICYD, 431, { subsystem: "com.apple.syspolicy.exec", category: "default", message });
}

function kernel(kext: string, message: string): LogLine {
  return line("/kernel", 0, { sender: `${KEXTS}/${kext}.kext/Contents/MacOS/${kext}`, message });
}

function xnu(message: string): LogLine {
  return line("/kernel", 0, { sender: "/kernel", message });
}

/** syspolicyd hides paths behind 16 hex digits; team and signing id stay readable. */
function subjectText(code: Code, pathHash: string, bundleId: string | null): string {
  return `PST: (path: ${pathHash}), (team: ${code.teamId ?? "(null)"}), (id: ${code.signingId ?? "(null)"}), (bundle_id: ${bundleId ?? "NOT_A_BUNDLE"})`;
}

/** The texts of telemetry.md 2.2: what macOS says while it checks, allows or refuses code. */
export const log = {
  syspolicyd: {
    assessment: (): LogLine => syspolicyd("GK process assessment: <private> <-- (<private>, <private>)"),
    performScan: (code: Code, pathHash: string, bundleId: string | null): LogLine =>
      syspolicyd(`GK performScan: ${subjectText(code, pathHash, bundleId)}`),
    /** `result`: 0 quarantined app, prompt; 3 notarized app. Undocumented, so nothing may rest on it alone. */
    scanResult: (result: number, code: Code, pathHash: string, bundleId: string | null): LogLine =>
      syspolicyd(
        `GK evaluateScanResult: ${result}, ${subjectText(code, pathHash, bundleId)}, ${result === 3 ? 0 : 1}, 0, 1, 0, ${result === 3 ? 9 : 7}, ${result === 3 ? 4 : 7}, ${result === 3 ? 1 : 0}`,
      ),
    promptShown: (code: Code, pathHash: string, bundleId: string | null): LogLine =>
      syspolicyd(`Prompt shown (6, 0), waiting for response: ${subjectText(code, pathHash, bundleId)}`),
    denialBreadcrumb: (code: Code, pathHash: string, bundleId: string | null): LogLine =>
      syspolicyd(`Adding Gatekeeper denial breadcrumb (open): ${subjectText(code, pathHash, bundleId)}`),
    provenance: (code: Code, pathHash: string, bundleId: string | null): LogLine =>
      syspolicyd(`Found provenance data on target: TA(${pathHash}, 2), ${subjectText(code, pathHash, bundleId)}`),
    movingMalware: (): LogLine => syspolicyd("Attempting to move malware to trash"),
    rejectedByRules: (): LogLine =>
      line(SYSPOLICYD, 431, {
        sender: SECURITY,
        subsystem: "com.apple.securityd",
        category: "gk",
        message: "rejecting due to lack of matching active rule",
      }),
  },
  amfid: {
    /** -420 and -424 are recorded, with these texts. */
    notValid: (path: string, code: -420 | -424): LogLine => {
      const text =
        code === -420
          ? "The signature on the file is invalid"
          : "The file is adhoc signed but contains restricted entitlements";
      return line("/usr/libexec/amfid", 402, {
        type: "Error",
        message: `${path} not valid: Error Domain=AppleMobileFileIntegrityError Code=${code} "${text}" UserInfo={NSURL=file://${encodeURI(path)}, NSLocalizedDescription=${text}}`,
      });
    },
    /** Logged for every ad-hoc executable, harmless local builds too. */
    adHoc: (path: string): LogLine =>
      line("/usr/libexec/amfid", 402, {
        type: "Error",
        message: `${path} not valid: Error Domain=AppleMobileFileIntegrityError Code=-423 "The file is adhoc signed or signed by an unknown certificate chain" UserInfo={NSURL=file://${encodeURI(path)}, NSLocalizedDescription=The file is adhoc signed or signed by an unknown certificate chain}`,
      }),
  },
  kernel: {
    /** The reason's words are UNVERIFIED; the form around them is recorded. */
    signatureKilled: (pid: number, name: string): LogLine =>
      kernel(
        "AppleMobileFileIntegrity",
        `AMFI: hook..execve() killing ${name} (pid ${pid}): Attempt to execute code with an invalid signature.`,
      ),
    adHoc: (path: string): LogLine => kernel("AppleMobileFileIntegrity", `AMFI: '${path}' is adhoc signed.`),
    noCmsBlob: (path: string): LogLine => kernel("AppleMobileFileIntegrity", `AMFI: '${path}' has no CMS blob?`),
    unsignedKilled: (pid: number, name: string): LogLine =>
      kernel(
        "AppleMobileFileIntegrity",
        `AMFI: hook..execve() killing ${name} (pid ${pid}): Attempt to execute completely unsigned code (must be at least ad-hoc signed).`,
      ),
    /** xnu's texts; the process name is at most sixteen characters long. */
    pageAllowed: (pid: number, name: string): LogLine =>
      xnu(
        `CODE SIGNING: cs_invalid_page(0x104a3c000): p=${pid}[${name}] final status 0x22000000, allowing (remove VALID) page`,
      ),
    pageKilled: (pid: number, name: string): LogLine =>
      xnu(
        `CODE SIGNING: cs_invalid_page(0x104a3c000): p=${pid}[${name}] final status 0x23020200, denying page sending SIGKILL`,
      ),
    policyDenied: (pid: number, path: string): LogLine =>
      kernel("AppleSystemPolicy", `ASP: Security policy would not allow process: ${pid}, ${path}`),
    sandboxDenied: (name: string, pid: number, operation: string, path: string): LogLine =>
      kernel("Sandbox", `Sandbox: ${name}(${pid}) deny(1) ${operation} ${path}`),
    boot: (bootUuid: string): LogLine =>
      line("/kernel", 0, { sender: "/kernel", message: `=== system boot: ${bootUuid}` }),
  },
  sudo: (pid: number, user: string, cwd: string, command: string): LogLine =>
    line("/usr/bin/sudo", pid, {
      message: `${user} : TTY=ttys001 ; PWD=${cwd} ; USER=root ; COMMAND=${command}`,
    }),
  /** Any process's own remark: the noise around the story. */
  remark: (process: string, pid: number, subsystem: string, category: string, message: string): LogLine =>
    line(process, pid, { subsystem, category, message, uid: 501 }),
} as const;

export const DROP_MARKER = "=== Messages dropped during live streaming (use `log show` to see what they were)";

export interface LogEnvelope {
  time: Micros;
  machTime: number;
  threadId: number;
  imageUuid: string;
  /** Hours east of UTC of the Mac that wrote it. */
  zoneHours: number;
}

function localTimestamp(time: Micros, zoneHours: number): string {
  const local = formatTime(time + zoneHours * 3600 * SECOND);
  return `${local.slice(0, -1).replace("T", " ")}+${String(zoneHours).padStart(2, "0")}00`;
}

/** One `log stream --style ndjson` object with the keys recorded on macOS 15 to 26; bootUUID is empty while streaming. */
export function logRecord(log: LogLine, envelope: LogEnvelope): Record<string, unknown> {
  const offset = 4096 + (envelope.machTime % 900_000);
  return {
    timezoneName: "",
    messageType: log.type,
    eventType: "logEvent",
    source: null,
    formatString: "%{public}@",
    userID: log.uid,
    activityIdentifier: 0,
    subsystem: log.subsystem,
    category: log.category,
    threadID: envelope.threadId,
    senderImageUUID: envelope.imageUuid,
    backtrace: { frames: [{ imageOffset: offset, imageUUID: envelope.imageUuid }] },
    bootUUID: "",
    processImagePath: log.process,
    senderImagePath: log.sender,
    timestamp: localTimestamp(envelope.time, envelope.zoneHours),
    machTimestamp: envelope.machTime,
    eventMessage: log.message,
    processImageUUID: envelope.imageUuid,
    traceID: 1_125_899_906_842 * 1024 + envelope.threadId * 4,
    processID: log.pid,
    senderProgramCounter: offset,
    parentActivityIdentifier: 0,
  };
}
