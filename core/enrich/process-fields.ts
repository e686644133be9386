import type { FieldValue } from "#core/base/fields.ts";
import { SECOND } from "#core/base/clock.ts";
import { parseTime } from "#core/base/time.ts";
import type { Process } from "#contract/process.ts";
import { factPid } from "./fact-fields.ts";
import type { EnrichedEvent } from "./enriched-event.ts";
import { trustFromFlags } from "./trust-from-flags.ts";

/** "pid.pidversion", which no other process of this boot has; the pid alone where the source gives no pidversion. */
/** The pid alone: a line of the log may come before its process is known, and no pid is used again within seconds. */
export function processIdField({ event, subject }: EnrichedEvent): FieldValue {
  if (event.kind === "log") return event.fact === null ? null : factPid(event.fact);
  return subject === null ? undefined : subject.id.pid;
}

export function processKeyField(enriched: EnrichedEvent): FieldValue {
  const { event, subject } = enriched;
  if (event.kind === "log") {
    const process = enriched.around("factProcess");
    return process === null ? null : keyText(process.pid, process.pidversion);
  }
  return subject === null ? undefined : keyText(subject.id.pid, subject.id.pidversion);
}

function keyText(pid: number, pidversion: number | null): string {
  return pidversion === null ? String(pid) : `${pid}.${pidversion}`;
}

export function loginUser({ subject }: EnrichedEvent): FieldValue {
  if (subject === null) return undefined;
  return subject.auid === null ? null : String(subject.auid);
}

/** By login user; a process of no login is judged by whom it runs as, sudo's line by the name in it. */
export function userAllowed(enriched: EnrichedEvent): FieldValue {
  const { event, subject } = enriched;
  const isSudo = event.kind === "log" && event.fact?.fact === "sudo-command";
  return isSudo || subject !== null ? enriched.around("userAllowed") : undefined;
}

/** The low seven bits of a wait status are the signal; without one, the exit code is above them. */
export function exitSignal({ event }: EnrichedEvent): FieldValue {
  if (event.kind !== "exit") return undefined;
  return (event.stat & 0x7f) === 0 ? null : event.stat & 0x7f;
}

export function exitCode({ event }: EnrichedEvent): FieldValue {
  if (event.kind !== "exit") return undefined;
  return (event.stat & 0x7f) === 0 ? (event.stat >> 8) & 0xff : null;
}

/** Whole seconds that this program ran: since its exec as it was seen, else since the process began. */
export function secondsAlive(enriched: EnrichedEvent): FieldValue {
  const { event, time } = enriched;
  if (event.kind !== "exit") return undefined;
  const { startTime } = event.actor;
  const began = enriched.around("beganAt") ?? (startTime === null ? null : parseTime(startTime));
  return began === null ? null : Math.max(0, Math.floor((time - began) / SECOND));
}

/** Of the process that another one took control of, debugged, started a thread in or signalled. */
function targetOf({ event }: EnrichedEvent): Process | undefined {
  switch (event.kind) {
    case "get_task":
    case "trace":
    case "remote_thread_create":
    case "signal":
      return event.target;
    default:
      return undefined;
  }
}

export const TARGET_READERS = {
  TargetImage: (enriched: EnrichedEvent): FieldValue => targetOf(enriched)?.path,
  TargetSigningId: (enriched: EnrichedEvent): FieldValue => targetOf(enriched)?.signingId,
  TargetStatus: (enriched: EnrichedEvent): FieldValue => {
    const target = targetOf(enriched);
    return target === undefined ? undefined : trustFromFlags(target).class;
  },
  TargetIsPlatformBinary: (enriched: EnrichedEvent): FieldValue => targetOf(enriched)?.isPlatformBinary,
  TargetProcessKey: (enriched: EnrichedEvent): FieldValue => {
    const target = targetOf(enriched);
    return target === undefined ? undefined : keyText(target.id.pid, target.id.pidversion);
  },
} as const;

const EXECUTABLES = ".app/contents/macos/";

/** The app whose folder of executables holds the script that an interpreter was started for. */
export function scriptInBundle({ event }: EnrichedEvent): FieldValue {
  if (event.kind !== "exec") return undefined;
  const at = event.script?.toLowerCase().indexOf(EXECUTABLES) ?? -1;
  return event.script === null || at <= 0 ? null : event.script.slice(0, at + ".app".length);
}
