import { type EventHeader, type FileAnswer, FS_CHANGES, type FsEvent, type ProcEvent } from "#contract/event.ts";
import type { Assessment, FileFrame } from "#contract/frames.ts";
import { boundText } from "./bounded-text.ts";
import { cdhashOrNull, codesigningFlagsOrNull } from "./code-identity.ts";
import { readArgs } from "./es-exec.ts";
import {
  integerOrNull,
  isJsonObject,
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
const MAX_AUTHORITY_KEYS = 64;

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

export function parseFileAnswer(header: EventHeader, frame: FileFrame): FileAnswer {
  return {
    ...header,
    kind: "file_answer",
    path: requireText(frame.path, "path"),
    quarantine: textOrNull(frame.quarantine),
    provenance: frame.provenance ?? null,
    mode: frame.mode ?? null,
    size: frame.size ?? null,
    mtime: textOrNull(frame.mtime),
    cdhash: cdhashOrNull(frame.cdhash),
    assessment: frame.assessment === undefined || frame.assessment === null ? null : readAssessment(frame.assessment),
  };
}

/** Only what is understood is carried on; `authority` may be nested to any depth. */
function readAssessment(assessment: Assessment): Assessment {
  const { verdict, source, error, exit, timedOut, authority } = assessment;
  return {
    verdict,
    source: textOrNull(source),
    authority: shallowCopy(authority),
    error: textOrNull(error),
    exit: exit ?? null,
    timedOut: timedOut ?? false,
  };
}

/** spctl's authority is a flat dictionary (Apple's source): texts, numbers and booleans, by name. */
function shallowCopy(value: unknown): JsonObject | string | null {
  if (typeof value === "string") return boundText(value);
  if (!isJsonObject(value)) return null;
  const flat = Object.entries(value).filter(([, inner]) => inner === null || typeof inner !== "object");
  const bounded = flat.slice(0, MAX_AUTHORITY_KEYS).map(([key, inner]): [string, unknown] => {
    return [boundText(key), typeof inner === "string" ? boundText(inner) : inner];
  });
  return Object.fromEntries(bounded);
}
