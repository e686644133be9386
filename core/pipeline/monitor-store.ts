import type { Finding } from "#contract/finding.ts";
import type { EventId } from "#contract/source.ts";
import type { TimelineRow } from "#contract/timeline.ts";
import type { StateEntry } from "#core/base/state.ts";
import type { Batch } from "#core/store/records.ts";
import type { SourceCounts } from "./coverage.ts";

export interface Committed {
  rowIds: number[];
  /** Rows of earlier batches whose severity changed. */
  changedRowIds: number[];
  /** The findings of the batch, as they now stand. */
  findings: Finding[];
}

export interface StoreCounts {
  bySource: ReadonlyMap<string, SourceCounts>;
  faults: number;
}

/** What the monitor needs of a store; SQLite in the product, nothing at all in a benchmark. */
export interface MonitorStore {
  isKnown(id: EventId): boolean;
  /** All or nothing. @throws StoreFull when the disk is full: the same batch may be given again. */
  commit(batch: Batch): Committed;
  loadState(room: string): StateEntry[];
  /** Counts of all sessions, or of those named. */
  counts(sessions?: readonly string[]): StoreCounts;
  rows(rowIds: readonly number[]): TimelineRow[];
  totals(): { events: number; findings: number };
}
