import type { Frame, GapFrame } from "#contract/frames.ts";
import type { EventId } from "#contract/source.ts";
import type { Micros } from "#core/base/clock.ts";

/** What a record must have to be parsed; core/wire's SessionRecord has it. */
export type RecordInput = { id: EventId; at: Micros; raw: string } & (
  | { kind: "frame"; frame: Exclude<Frame, GapFrame> }
  | { kind: "gap"; source: string; from: number | null; to: number | null; count: number | null; why: string }
  | { kind: "unknown"; reason: string }
  | { kind: "fault"; source: string; reason: string; excerpt: string }
);
