import { z } from "zod";
import { SourceName } from "./source.ts";

/**
 * Capture format v1 = helper protocol v1: UTF-8, one JSON object a line.
 * Unknown keys are kept; unknown frame types, sources and probes are counted by the reader and never fatal.
 */
export const FRAME_VERSION = 1;

/** Longest line accepted, in bytes: ARG_MAX is 1 MiB and JSON escaping multiplies it. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

const timestamp = z.string().max(64);
const text = z.string();
const version = z.literal(FRAME_VERSION);

export const HostInfo = z.looseObject({
  os: text.optional(),
  build: text.optional(),
  arch: text.optional(),
  model: text.optional(),
  bootUUID: text.optional(),
  bootTime: timestamp.optional(),
});
export type HostInfo = z.infer<typeof HostInfo>;

export const HelloFrame = z.looseObject({
  v: version,
  t: z.literal("hello"),
  /** Old captures lack it: the file and the hello's position then name the session. */
  session: text.min(1).max(256).optional(),
  at: timestamp,
  host: HostInfo,
  helper: z.looseObject({ version: text.optional(), privileged: z.boolean().optional() }).optional(),
  sources: z.array(text).optional(),
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
  replayed: z.boolean().optional(),
});
export type EventFrame = z.infer<typeof EventFrame>;

/** Answer of `spctl --assess --raw`, run as the user. `verdict` null: not checked. */
export const Assessment = z.looseObject({
  verdict: z.boolean().nullable(),
  source: text.nullish(),
  authority: z.unknown().optional(),
  error: text.nullish(),
  exit: z.number().nullish(),
  timedOut: z.boolean().optional(),
});
export type Assessment = z.infer<typeof Assessment>;

export const FileFrame = z.looseObject({
  v: version,
  t: z.literal("file"),
  at: timestamp,
  path: text,
  quarantine: text.nullish(),
  provenance: z.boolean().nullish(),
  mode: z.number().nullish(),
  size: z.number().nullish(),
  mtime: timestamp.nullish(),
  cdhash: text.nullish(),
  assessment: Assessment.nullish(),
});
export type FileFrame = z.infer<typeof FileFrame>;

export const ProbeFrame = z.looseObject({
  v: version,
  t: z.literal("probe"),
  name: text.max(128),
  at: timestamp,
  /** null when the program did not end by itself. */
  exit: z.number().nullable(),
  ms: z.number().nullish(),
  timedOut: z.boolean().optional(),
  out: text,
  err: text,
});
export type ProbeFrame = z.infer<typeof ProbeFrame>;

/** A source's line that is not JSON, e.g. the unified log's drop marker. */
export const LineFrame = z.looseObject({
  v: version,
  t: z.literal("line"),
  src: SourceName,
  n: z.number().int().nonnegative().optional(),
  at: timestamp.optional(),
  text,
});
export type LineFrame = z.infer<typeof LineFrame>;

export const GAP_REASONS = ["source-dropped", "helper-overflow", "unreadable"] as const;
export const GapFrame = z.looseObject({
  v: version,
  t: z.literal("gap"),
  src: SourceName,
  from: z.number().int().nullish(),
  to: z.number().int().nullish(),
  /** null: something was lost, and nobody knows how much. */
  count: z.number().int().nullish(),
  why: z.enum(GAP_REASONS),
  at: timestamp.optional(),
});
export type GapFrame = z.infer<typeof GapFrame>;

export const SleepFrame = z.looseObject({ v: version, t: z.literal("sleep"), from: timestamp, to: timestamp });
export type SleepFrame = z.infer<typeof SleepFrame>;

export const SOURCE_STATES = ["starting", "running", "denied", "failed", "restarting", "stopped"] as const;
export const StatusFrame = z.looseObject({
  v: version,
  t: z.literal("status"),
  src: SourceName,
  state: z.enum(SOURCE_STATES),
  reason: text.nullish(),
  detail: text.nullish(),
  at: timestamp.optional(),
});
export type StatusFrame = z.infer<typeof StatusFrame>;

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
  ByeFrame,
]);
export type Frame = z.infer<typeof Frame>;
export type FrameType = Frame["t"];
