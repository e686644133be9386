import type { Evidence, Finding } from "#contract/finding.ts";
import type { EventId, Origin } from "#contract/source.ts";
import type { EventFact } from "#contract/timeline.ts";
import type { TrustClass } from "#contract/trust.ts";
import type { Micros } from "#core/base/clock.ts";
import type { JournalRecord } from "#core/base/journal-record.ts";
import type { StateChange } from "#core/base/state.ts";

/** One record as it is stored: the timeline's row, what search looks through, and what the detail pane shows. */
export interface EventRecord {
  id: EventId;
  time: Micros;
  origin: Origin;
  kind: string;
  title: string;
  /** Path, command line or message. */
  detail: string;
  path: string | null;
  /** Path of who did it. */
  actor: string | null;
  signingId: string | null;
  teamId: string | null;
  cdhash: string | null;
  trust: TrustClass | null;
  facts: EventFact[];
  /** The source's own record, verbatim. */
  raw: string;
}

/** Evidence as the finder names it; which row that is, is looked up when it is read. */
export type EvidenceRecord = Omit<Evidence, "rowId">;

/** A finding before the store has numbered it. `key` makes it the same finding as before. */
export interface FindingRecord extends Omit<Finding, "id" | "evidence"> {
  evidence: EvidenceRecord[];
}

export type CounterName =
  | "events"
  | "faults"
  | "lost"
  | "shed"
  | "unreadable"
  | "unknown"
  | "duplicates"
  | (string & {});

export interface CounterDelta {
  session: string;
  src: string;
  name: CounterName;
  by: number;
}

/** What is committed together: all of it or nothing. */
export interface Batch {
  records: EventRecord[];
  findings: FindingRecord[];
  state: { room: string; change: StateChange }[];
  counters: CounterDelta[];
  /** What the posture journal gains, in order. */
  journal: JournalRecord[];
}
