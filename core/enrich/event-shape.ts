import type { EsEvent, TelemetryEvent } from "#contract/event.ts";
import type { Process } from "#contract/process.ts";
import type { LogSource } from "#core/base/fields.ts";

/** Kinds that come from Endpoint Security; their events have an `actor`. */
export function isEsEvent(event: TelemetryEvent): event is EsEvent {
  return "actor" in event;
}

/** Who a record is about: the new program of an exec, the process of a snapshot, else who did it. */
export function subjectOf(event: TelemetryEvent): Process | null {
  if (event.kind === "exec") return event.target;
  if (event.kind === "process_snapshot") return event.process;
  return isEsEvent(event) ? event.actor : null;
}

const PROCESS_ES: LogSource = { category: "process_creation", service: "endpointsecurity" };
const FILE_ES: LogSource = { category: "file_event", service: "endpointsecurity" };
const ES: LogSource = { category: null, service: "endpointsecurity" };
const PROCESS: LogSource = { category: "process_creation", service: null };
const FILE: LogSource = { category: "file_event", service: null };
const LOG: LogSource = { category: null, service: "unifiedlog" };
const POSTURE: LogSource = { category: null, service: "posture" };
const NONE: LogSource = { category: null, service: null };

/** Sigma's log source of a record. `startsProgram` tells which process snapshots are a start. */
export function logSourceOf(event: TelemetryEvent, startsProgram: boolean): LogSource {
  switch (event.kind) {
    case "exec":
      return PROCESS_ES;
    case "create":
    case "rename":
    case "close":
    case "write":
    case "unlink":
    case "setextattr":
    case "deleteextattr":
    case "setmode":
    case "setacl":
    case "setflags":
    case "copyfile":
    case "link":
      return FILE_ES;
    case "process_snapshot":
      return startsProgram ? PROCESS : NONE;
    case "fs_change":
      return FILE;
    case "log":
      return LOG;
    case "posture_change":
      return POSTURE;
    default:
      return isEsEvent(event) ? ES : NONE;
  }
}

/** The file a record is about; null when it is about none. For a rename, where it is now. */
export function targetPath(event: TelemetryEvent): string | null {
  switch (event.kind) {
    case "create":
    case "close":
    case "write":
    case "unlink":
    case "setextattr":
    case "deleteextattr":
    case "setmode":
    case "setacl":
    case "setflags":
      return event.target.path;
    case "rename":
    case "copyfile":
    case "link":
      return event.destination;
    case "fs_change":
    case "file_answer":
    case "gatekeeper_user_override":
    case "xp_malware_detected":
    case "xp_malware_remediated":
      return event.path;
    default:
      return null;
  }
}

export type ChangeType =
  | "xattr-removed"
  | "xattr-set"
  | "modified"
  | "created"
  | "renamed"
  | "removed"
  | "mode"
  | "acl"
  | "flags";

/** What happened to the file. A close without a write changed nothing. */
export function changeType(event: TelemetryEvent): ChangeType | null {
  switch (event.kind) {
    case "fs_change":
      return event.change;
    case "deleteextattr":
      return "xattr-removed";
    case "setextattr":
      return "xattr-set";
    case "create":
    case "copyfile":
    case "link":
      return "created";
    case "rename":
      return "renamed";
    case "unlink":
      return "removed";
    case "write":
      return "modified";
    case "close":
      return event.modified ? "modified" : null;
    case "setmode":
      return "mode";
    case "setacl":
      return "acl";
    case "setflags":
      return "flags";
    default:
      return null;
  }
}
