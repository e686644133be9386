import type { LogFact } from "#contract/log-fact.ts";

/*
 * Kernel texts name processes and paths of whatever ran. A command name is short (MAXCOMLEN), a path is not, so each
 * reader anchors on the fixed words around them and takes the end of a path from the side that its owner cannot write.
 */

/** AMFI kext: two forms of the same sentence, macOS 2020 and 26 (both recorded). */
const KILLING_NAMED = /^AMFI: hook\.\.execve\(\) killing (.{0,64}) \(pid (\d{1,10})\): (.*)$/s;
const KILLING_PID = /^AMFI: hook\.\.execve\(\) killing pid (\d{1,10}): (.*)$/s;

export function readAmfiFact(message: string): LogFact | null {
  if (!message.startsWith("AMFI: ")) return null;
  const named = KILLING_NAMED.exec(message);
  if (named !== null)
    return { fact: "amfi-killed", pid: Number(named[2]), name: named[1] ?? "", reason: named[3] ?? "" };
  const unnamed = KILLING_PID.exec(message);
  if (unnamed !== null) return { fact: "amfi-killed", pid: Number(unnamed[1]), name: null, reason: unnamed[2] ?? "" };
  if (message === "AMFI: code signature validation failed.") {
    return { fact: "amfi-signature-problem", path: null, text: "code signature validation failed" };
  }
  const adHocPath = between(message, "AMFI: '", "' is adhoc signed.");
  if (adHocPath !== null) return { fact: "amfi-ad-hoc", path: adHocPath };
  for (const [end, text] of SIGNATURE_PROBLEMS) {
    const path = between(message, "AMFI: '", end);
    if (path !== null) return { fact: "amfi-signature-problem", path, text };
  }
  return null;
}

/** How the sentence goes on after the path, and what it means. */
const SIGNATURE_PROBLEMS = [
  ["' has no CMS blob?", "has no CMS blob"],
  ["': Unrecoverable CT signature issue, bailing out.", "unrecoverable CT signature issue"],
] as const;

const ASP = /^ASP: Security policy would not allow process: (\d{1,10}), (.+)$/s;

/** AppleSystemPolicy kext (recorded, macOS 10.15 to 26). Also logged while a clean first run is still being scanned. */
export function readAspFact(message: string): LogFact | null {
  const match = ASP.exec(message);
  return match === null ? null : { fact: "asp-denied", pid: Number(match[1]), path: match[2] ?? "" };
}

/** xnu bsd/kern/kern_cs.c. */
const INVALID_PAGE =
  /^CODE SIGNING: cs_invalid_page\(0x[0-9a-f]{1,16}\): p=(\d{1,10})\[(.{0,64})\] final status 0x([0-9a-f]{1,8}), (denying|allowing(?: \(remove VALID\))?) page( sending SIGKILL)?$/s;
/** xnu osfmk/vm/vm_fault.c. */
const REJECTED_PAGE =
  /^CODE SIGNING: process (\d{1,10})\[(.{0,64}?)\]: rejecting invalid page at address 0x[0-9a-f]{1,16} (?:from offset 0x[0-9a-f]{1,16} )?in file "/s;
const PAGE_TIMES = /^cs_mtime:\d{1,20}\.\d{1,10} (==|!=) mtime:/;
/** xnu bsd/kern. */
const LOAD_ERROR = /^proc (\d{1,10}): load code signature error (-?\d{1,10}) for file "(.*)"$/s;

/** xnu itself; AMFI writes `mac_vnode_check_signature` lines through the same hooks. */
export function readXnuFact(message: string): LogFact | null {
  const invalid = INVALID_PAGE.exec(message);
  if (invalid !== null) {
    const outcome = invalid[4] !== "denying" ? "allowed" : invalid[5] === undefined ? "denied" : "killed";
    const status = Number.parseInt(invalid[3] ?? "", 16);
    return { fact: "page-invalid", pid: Number(invalid[1]), name: invalid[2] ?? "", status, outcome };
  }
  const rejected = REJECTED_PAGE.exec(message);
  if (rejected !== null) return readRejectedPage(message, rejected);
  const load = LOAD_ERROR.exec(message);
  if (load !== null) {
    return { fact: "signature-load-error", pid: Number(load[1]), code: Number(load[2]), name: load[3] ?? "" };
  }
  return readFatalFailure(message);
}

function readRejectedPage(message: string, match: RegExpExecArray): LogFact {
  const end = message.lastIndexOf('" (');
  const start = match[0].length;
  const times = end === -1 ? null : PAGE_TIMES.exec(message.slice(end + 3));
  return {
    fact: "page-rejected",
    pid: Number(match[1]),
    name: match[2] ?? "",
    path: end > start ? message.slice(start, end) : null,
    changedAfterSigning: times === null ? null : times[1] === "!=",
  };
}

const FATAL_START = "mac_vnode_check_signature: ";
const FATAL_MIDDLE = ": code signature validation failed fatally: ";
const MAX_SPLITS = 8;

/** The text repeats the path, which tells the right split from one that is part of a hostile path. */
function readFatalFailure(message: string): LogFact | null {
  if (!message.startsWith(FATAL_START)) return null;
  let first: { path: string; text: string } | null = null;
  let from = FATAL_START.length;
  for (let split = 0; split < MAX_SPLITS; split += 1) {
    const at = message.indexOf(FATAL_MIDDLE, from);
    if (at === -1) break;
    const path = message.slice(FATAL_START.length, at);
    const text = message.slice(at + FATAL_MIDDLE.length);
    if (text.startsWith(`When validating ${path}:`)) return { fact: "signature-failed-fatally", path, text };
    first ??= { path, text };
    from = at + 1;
  }
  return first === null ? null : { fact: "signature-failed-fatally", ...first };
}

/** Sandbox kext, file and process denials; the word order differs between them (recorded). */
const SANDBOX =
  /^(?:Sandbox: |System Policy: )(.{1,64}?)(?:\((\d{1,10})\))? (?:System Policy: )?deny\(\d{1,10}\) (\S{1,64})(?: (.*))?$/s;

export function readSandboxFact(message: string): LogFact | null {
  const match = SANDBOX.exec(message);
  if (match === null) return null;
  const [, process = "", pid, operation = "", path = null] = match;
  return { fact: "sandbox-deny", process, pid: pid === undefined ? null : Number(pid), operation, path };
}

function between(text: string, start: string, end: string): string | null {
  const fits = text.length > start.length + end.length && text.startsWith(start) && text.endsWith(end);
  return fits ? text.slice(start.length, -end.length) : null;
}
