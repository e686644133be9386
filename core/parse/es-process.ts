import type { FileRef, Process, ProcessId } from "#contract/process.ts";
import { boundText } from "./bounded-text.ts";
import { cdhashOrNull, codesigningFlagsOrNull } from "./code-identity.ts";
import {
  booleanOrNull,
  integerOrNull,
  isJsonObject,
  type JsonObject,
  MissingField,
  nonEmptyOrNull,
  requireObject,
  textOrNull,
} from "./json-fields.ts";

/** `auid` of a process that belongs to no login (AU_DEFAUDITID, an unsigned -1). */
const NO_AUID = 4_294_967_295;

/** An audit token as an object; or as eight numbers, as a macOS 26 beta printed it (both recorded). */
interface AuditToken {
  pid: number | null;
  pidversion: number | null;
  euid: number | null;
  auid: number | null;
}

/** Order of the numbers: auid, euid, egid, ruid, rgid, pid, asid, pidversion. */
function auditTokenOrNull(value: unknown): AuditToken | null {
  if (Array.isArray(value)) return readToken(value[0], value[1], value[5], value[7]);
  if (!isJsonObject(value)) return null;
  return readToken(value["auid"], value["euid"], value["pid"], value["pidversion"]);
}

function readToken(auid: unknown, euid: unknown, pid: unknown, pidversion: unknown): AuditToken | null {
  if (auid === undefined && pid === undefined) return null;
  return {
    auid: auid === NO_AUID || auid === -1 ? null : integerOrNull(auid),
    euid: integerOrNull(euid),
    pid: integerOrNull(pid),
    pidversion: integerOrNull(pidversion),
  };
}

function processIdOrNull(token: unknown): ProcessId | null {
  const read = auditTokenOrNull(token);
  return read === null || read.pid === null ? null : { pid: read.pid, pidversion: read.pidversion };
}

/**
 * A process of eslogger (macOS 27 key map). Needs the pid and the executable's path; all else may be missing.
 * @param path where it stands in the record, for the message
 * @throws MissingField
 */
export function readProcess(value: unknown, path: string): Process {
  const process = requireObject(value, path);
  const token = auditTokenOrNull(process["audit_token"]);
  const pid = token?.pid ?? null;
  if (token === null || pid === null) throw new MissingField(`${path}.audit_token.pid`);
  const executable = fileObjectOrNull(process["executable"]);
  if (executable === null) throw new MissingField(`${path}.executable.path`);
  return {
    id: { pid, pidversion: token.pidversion },
    ppid: integerOrNull(process["ppid"]),
    parent: processIdOrNull(process["parent_audit_token"]),
    responsible: processIdOrNull(process["responsible_audit_token"]),
    path: boundText(executable.path),
    pathTruncated: executable.pathTruncated,
    uid: token.euid,
    auid: token.auid,
    signingId: nonEmptyOrNull(process["signing_id"]),
    teamId: nonEmptyOrNull(process["team_id"]),
    cdhash: cdhashOrNull(process["cdhash"]),
    codesigningFlags: codesigningFlagsOrNull(process["codesigning_flags"]),
    isPlatformBinary: booleanOrNull(process["is_platform_binary"]),
    validationCategory: integerOrNull(process["cs_validation_category"]),
    tty: filePathOrNull(process["tty"]),
    startTime: textOrNull(process["start_time"]),
  };
}

/** For `process|null` fields that are context: what cannot be read is null, and stays in the raw record. */
export function processOrNull(value: unknown): Process | null {
  if (!isJsonObject(value)) return null;
  try {
    return readProcess(value, "process");
  } catch (error) {
    if (error instanceof MissingField) return null;
    throw error;
  }
}

/** @throws MissingField when there is no path */
export function readFile(value: unknown, path: string): FileRef {
  const file = fileObjectOrNull(value);
  if (file === null) throw new MissingField(`${path}.path`);
  const { stat } = file;
  return {
    path: boundText(file.path),
    pathTruncated: file.pathTruncated,
    dev: integerOrNull(stat?.["st_dev"]),
    ino: integerOrNull(stat?.["st_ino"]),
    mode: integerOrNull(stat?.["st_mode"]),
    size: integerOrNull(stat?.["st_size"]),
    mtime: textOrNull(stat?.["st_mtimespec"]),
    birthtime: textOrNull(stat?.["st_birthtimespec"]),
  };
}

/** The path of a file that is written as an object or as a plain text. */
export function filePathOrNull(value: unknown): string | null {
  const path = fileObjectOrNull(value)?.path;
  return path === undefined ? null : boundText(path);
}

function fileObjectOrNull(value: unknown): { path: string; pathTruncated: boolean; stat: JsonObject | null } | null {
  if (typeof value === "string") return value === "" ? null : { path: value, pathTruncated: false, stat: null };
  if (!isJsonObject(value)) return null;
  const { path, path_truncated, stat } = value;
  if (typeof path !== "string" || path === "") return null;
  return { path, pathTruncated: path_truncated === true, stat: isJsonObject(stat) ? stat : null };
}
