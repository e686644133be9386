import { z } from "zod";
import { SourceName } from "./source.ts";

/**
 * Capture format v1 = helper protocol v1: UTF-8, one JSON object a line.
 * Unknown keys are kept; unknown frame types, sources and probes are counted by the reader and never fatal.
 * A key that may be left out may also be null, which means the same.
 */
export const FRAME_VERSION = 1;

/** Longest line accepted, in bytes: ARG_MAX is 1 MiB and JSON escaping multiplies it. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

const timestamp = z.string().max(64);
const text = z.string();
/** What a program printed; null, or no key, is nothing. */
const printed = text.nullish().transform((output) => output ?? "");
const version = z.literal(FRAME_VERSION);

export const HostInfo = z.looseObject({
  os: text.nullish(),
  build: text.nullish(),
  arch: text.nullish(),
  model: text.nullish(),
  bootUUID: text.nullish(),
  bootTime: timestamp.nullish(),
});
export type HostInfo = z.infer<typeof HostInfo>;

export const HelloFrame = z.looseObject({
  v: version,
  t: z.literal("hello"),
  /** Old captures lack it: the file and the hello's position then name the session. */
  session: text.min(1).max(256).nullish(),
  at: timestamp,
  host: HostInfo,
  helper: z.looseObject({ version: text.nullish(), privileged: z.boolean().nullish() }).nullish(),
  sources: z.array(text).nullish(),
});
export type HelloFrame = z.infer<typeof HelloFrame>;

/** `body` is the source's own object, verbatim; core/parse knows what is inside. */
export const EventFrame = z.looseObject({
  v: version,
  t: z.literal("event"),
  src: SourceName,
  n: z.number().int().nonnegative(),
  at: timestamp,
  body: z.record(z.string(), z.unknown()),
  replayed: z.boolean().nullish(),
});
export type EventFrame = z.infer<typeof EventFrame>;

/** Answer of `spctl --assess --raw`, run as the user. `verdict` null: not checked. */
export const Assessment = z.looseObject({
  verdict: z.boolean().nullable(),
  source: text.nullish(),
  authority: z.unknown().optional(),
  error: text.nullish(),
  exit: z.number().nullish(),
  timedOut: z.boolean().nullish(),
});
export type Assessment = z.infer<typeof Assessment>;

/** What `codesign --verify` and `codesign -d` printed about the file on a Mac; core/parse knows what is inside. */
export const CodesignOutput = z.looseObject({
  exit: z.number().nullish(),
  out: printed,
  err: printed,
  timedOut: z.boolean().nullish(),
});
export type CodesignOutput = z.infer<typeof CodesignOutput>;

export const FileFrame = z.looseObject({
  v: version,
  t: z.literal("file"),
  at: timestamp,
  path: text,
  quarantine: text.nullish(),
  /** An errno name: the mark could not be read, so that no `quarantine` means nothing. */
  quarantineError: text.nullish(),
  /** An errno name: the file could not be looked at. */
  error: text.nullish(),
  provenance: z.boolean().nullish(),
  mode: z.number().nullish(),
  size: z.number().nullish(),
  mtime: timestamp.nullish(),
  cdhash: text.nullish(),
  assessment: Assessment.nullish(),
  /** An `InspectionSummary`. Not by schema, because one that cannot be read must not lose the frame: core/parse says so. */
  inspection: z.unknown().optional(),
  /** A `CodesignOutput`; as `inspection`. */
  codesign: z.unknown().optional(),
});
export type FileFrame = z.infer<typeof FileFrame>;

export const ProbeFrame = z.looseObject({
  v: version,
  t: z.literal("probe"),
  name: text.max(128),
  at: timestamp,
  /** null when the program did not end by itself. */
  exit: z
    .number()
    .nullish()
    .transform((exit) => exit ?? null),
  ms: z.number().nullish(),
  timedOut: z.boolean().nullish(),
  out: printed,
  err: printed,
});
export type ProbeFrame = z.infer<typeof ProbeFrame>;

/** A source's line that is not JSON, e.g. the unified log's drop marker. */
export const LineFrame = z.looseObject({
  v: version,
  t: z.literal("line"),
  src: SourceName,
  n: z.number().int().nonnegative().nullish(),
  at: timestamp.nullish(),
  text,
});
export type LineFrame = z.infer<typeof LineFrame>;

export const GapFrame = z.looseObject({
  v: version,
  t: z.literal("gap"),
  src: SourceName,
  from: z.number().int().nullish(),
  to: z.number().int().nullish(),
  /** null: something was lost, and nobody knows how much. */
  count: z.number().int().nullish(),
  /** `source-dropped`, `helper-overflow` or `unreadable`; a newer helper may have other reasons, whose count counts too. */
  why: text,
  at: timestamp.nullish(),
});
export type GapFrame = z.infer<typeof GapFrame>;

export const SleepFrame = z.looseObject({ v: version, t: z.literal("sleep"), from: timestamp, to: timestamp });
export type SleepFrame = z.infer<typeof SleepFrame>;

export const StatusFrame = z.looseObject({
  v: version,
  t: z.literal("status"),
  src: SourceName,
  /** `starting`, `running`, `denied`, `failed`, `restarting` or `stopped`; a newer helper may have others. */
  state: text,
  reason: text.nullish(),
  detail: text.nullish(),
  at: timestamp.nullish(),
});
export type StatusFrame = z.infer<typeof StatusFrame>;

/**
 * Not from a helper: somebody accepted the Mac as it was at that moment as how it should be. Written by Sealbar itself, so
 * that a replay knows it too.
 */
export const BaselineFrame = z.looseObject({
  v: version,
  t: z.literal("baseline"),
  at: timestamp,
  by: text.nullish(),
  reason: text.nullish(),
});
export type BaselineFrame = z.infer<typeof BaselineFrame>;

export const ByeFrame = z.looseObject({ v: version, t: z.literal("bye"), at: timestamp });
export type ByeFrame = z.infer<typeof ByeFrame>;

export const Frame = z.discriminatedUnion("t", [
  HelloFrame,
  EventFrame,
  FileFrame,
  ProbeFrame,
  LineFrame,
  GapFrame,
  SleepFrame,
  StatusFrame,
  BaselineFrame,
  ByeFrame,
]);
export type Frame = z.infer<typeof Frame>;
