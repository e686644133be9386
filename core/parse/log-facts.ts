import type { LogFact } from "#contract/log-fact.ts";
import { readAmfidFact, readXprotectFact } from "./log-facts-daemons.ts";
import { readAmfiFact, readAspFact, readSandboxFact, readXnuFact } from "./log-facts-kernel.ts";
import { readSudoFact } from "./log-facts-sudo.ts";
import { readRevokedFact, readSyspolicydFact } from "./log-facts-syspolicyd.ts";
import type { LogText } from "./log-text.ts";

/** No known text is longer, and no pattern should walk further than this. */
const MAX_FACT_CHARS = 16 * 1024;

const KERNEL = "/kernel";
/** Apple's kexts live on the sealed volume; another kext may carry the same file name elsewhere. */
const KEXT_PATH = /^\/System\/Library\/Extensions\/([A-Za-z]{1,64})\.kext\/Contents\/MacOS\/\1$/;
/** Fixed folder of Apple's scanner, under SIP (recorded). */
const XPROTECT_FOLDER = "/Library/Apple/System/Library/CoreServices/XProtect.app/Contents/MacOS/";
/** UNVERIFIED in which processes beside syspolicyd Security.framework writes its `gk` texts. */
const REVOCATION_PROCESSES: ReadonlySet<string> = new Set(["/usr/libexec/syspolicyd", "/usr/libexec/trustd"]);

/**
 * What a unified-log text states, believed only from the process that is known to write it: any program can log any
 * text, but it cannot log under another program's path. A text that is not known gives null.
 */
export function readLogFact(log: LogText): LogFact | null {
  if (log.message.length > MAX_FACT_CHARS) return null;
  const message = log.message.trim();
  switch (log.processPath) {
    case KERNEL:
      return log.pid === null || log.pid === 0 ? readKernelFact(log.senderPath, message) : null;
    case "/usr/libexec/syspolicyd":
      return readSyspolicydFact(message) ?? readGkCategoryFact(log, message);
    case "/usr/libexec/amfid":
      return readAmfidFact(message);
    case "/usr/bin/sudo":
      return readSudoFact(message);
    case "":
      return readBootFact(message);
    default:
      if (log.processPath.startsWith(XPROTECT_FOLDER)) return readXprotectFact(log, message);
      return readGkCategoryFact(log, message);
  }
}

function readKernelFact(senderPath: string, message: string): LogFact | null {
  const kext = KEXT_PATH.exec(senderPath);
  if (kext === null)
    return senderPath === KERNEL || senderPath === "" ? (readBootFact(message) ?? readXnuFact(message)) : null;
  switch (kext[1]) {
    case "AppleMobileFileIntegrity":
      return readAmfiFact(message) ?? readXnuFact(message);
    case "AppleSystemPolicy":
      return readAspFact(message);
    case "Sandbox":
      return readSandboxFact(message);
    default:
      return null;
  }
}

function readGkCategoryFact(log: LogText, message: string): LogFact | null {
  const isGk = log.subsystem === "com.apple.securityd" && log.category === "gk";
  return isGk && REVOCATION_PROCESSES.has(log.processPath) ? readRevokedFact(message) : null;
}

const BOOT = /^=== system boot: ([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$/;

/** The text is recorded; UNVERIFIED which process ndjson names for it, so only the kernel or none is believed. */
function readBootFact(message: string): LogFact | null {
  const bootUuid = BOOT.exec(message)?.[1];
  return bootUuid === undefined ? null : { fact: "boot", bootUuid };
}
