import type { Frame, GapFrame } from "#contract/frames.ts";
import type { EventId } from "#contract/source.ts";
import type { Micros } from "#core/base/clock.ts";

interface RecordHeader {
  /** Durable: reading the same capture again gives the same ids. */
  id: EventId;
  /** The helper's time of the frame; where a frame has none, that of the frame before it; 0 if there never was one. */
  at: Micros;
  /** The line itself; empty for a record that we derived. */
  raw: string;
}

/**
 * One line of a session, or what its numbers say is missing. Nothing is left out: what is no frame is a `fault`,
 * what only a newer reader knows is `unknown`. `derived` gaps were found by us, the others come from the helper.
 */
export type SessionRecord = RecordHeader &
  (
    | { kind: "frame"; frame: Exclude<Frame, GapFrame> }
    | {
        kind: "gap";
        source: string;
        from: number | null;
        to: number | null;
        count: number | null;
        why: string;
        derived: boolean;
      }
    | { kind: "unknown"; reason: string }
    | { kind: "fault"; source: string; reason: string; excerpt: string }
  );
