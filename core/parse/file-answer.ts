import type { EventHeader, FileAnswer, FilePart } from "#contract/event.ts";
import { type Assessment, CodesignOutput, type FileFrame } from "#contract/frames.ts";
import { InspectionSummary } from "#contract/inspection-summary.ts";
import { boundText } from "./bounded-text.ts";
import { cdhashOrNull } from "./code-identity.ts";
import { readCodesignText } from "./codesign-text.ts";
import { isJsonObject, type JsonObject, requireText, textOrNull } from "./json-fields.ts";

const MAX_AUTHORITY_KEYS = 64;

/**
 * The answer to "look at this file". An inspection or a codesign output that is not of its form is left out and named in
 * `unreadable`: the rest of the answer still holds.
 */
export function parseFileAnswer(header: EventHeader, frame: FileFrame): FileAnswer {
  const path = requireText(frame.path, "path");
  const unreadable: FilePart[] = [];
  const inspection = readPart(InspectionSummary, frame.inspection, "inspection", unreadable);
  const codesign = readPart(CodesignOutput, frame.codesign, "codesign", unreadable);
  return {
    ...header,
    kind: "file_answer",
    path,
    quarantine: textOrNull(frame.quarantine),
    markUnread: textOrNull(frame.quarantineError) ?? textOrNull(frame.error),
    provenance: frame.provenance ?? null,
    mode: frame.mode ?? null,
    size: frame.size ?? null,
    mtime: textOrNull(frame.mtime),
    cdhash: cdhashOrNull(frame.cdhash),
    assessment: frame.assessment === undefined || frame.assessment === null ? null : readAssessment(frame.assessment),
    inspection,
    codesign: codesign === null ? null : readCodesignText(codesign, path),
    unreadable,
  };
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

function readPart<T>(schema: Schema<T>, value: unknown, name: FilePart, unreadable: FilePart[]): T | null {
  if (value === undefined || value === null) return null;
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  unreadable.push(name);
  return null;
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
