import { type EventHeader, FS_CHANGES, type FsEvent, type ProcEvent } from "#contract/event.ts";
import { cdhashOrNull, codesigningFlagsOrNull } from "./code-identity.ts";
import { readArgs } from "./es-exec.ts";
import {
  integerOrNull,
  type JsonObject,
  MissingField,
  nonEmptyOrNull,
  requireInteger,
  requireText,
  textOrNull,
} from "./json-fields.ts";

/** xnu osfmk/kern/cs_blobs.h. */
const CS_PLATFORM_BINARY = 0x0400_0000;
const PROC_CHANGES = ["new", "gone", "changed"] as const;

/** Formats of the helper's own making: the normative list is the capture format v1. */

/** @throws MissingField */
export function parseFsChange(header: EventHeader, body: JsonObject): FsEvent {
  const change = FS_CHANGES.find((known) => known === body["change"]);
  if (change === undefined) throw new MissingField("change");
  return {
    ...header,
    kind: "fs_change",
    path: requireText(body["path"], "path"),
    change,
    xattr: textOrNull(body["xattr"]),
    before: textOrNull(body["before"]),
    after: textOrNull(body["after"]),
  };
}

/** @throws MissingField; a process that is gone may have lost its path */
export function parseProcessSnapshot(header: EventHeader, body: JsonObject): ProcEvent {
  const change = PROC_CHANGES.find((known) => known === body["change"]);
  if (change === undefined) throw new MissingField("change");
  const flags = codesigningFlagsOrNull(body["codesigning_flags"]);
  const ppid = integerOrNull(body["ppid"]);
  return {
    ...header,
    kind: "process_snapshot",
    change,
    process: {
      id: { pid: requireInteger(body["pid"], "pid"), pidversion: integerOrNull(body["pidversion"]) },
      ppid,
      parent: ppid === null ? null : { pid: ppid, pidversion: null },
      responsible: null,
      path: change === "gone" ? (textOrNull(body["path"]) ?? "") : requireText(body["path"], "path"),
      pathTruncated: false,
      uid: integerOrNull(body["uid"]),
      auid: null,
      signingId: nonEmptyOrNull(body["signing_id"]),
      teamId: nonEmptyOrNull(body["team_id"]),
      cdhash: cdhashOrNull(body["cdhash"]),
      codesigningFlags: flags,
      isPlatformBinary: flags === null ? null : (flags & CS_PLATFORM_BINARY) !== 0,
      validationCategory: null,
      tty: null,
      startTime: nonEmptyOrNull(body["start"]),
    },
    args: readArgs(body["args"]),
  };
}
