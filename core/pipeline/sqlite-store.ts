import type { GapCounts } from "#contract/coverage.ts";
import { commitBatch } from "#core/store/commit.ts";
import { type Counts, readCounters } from "#core/store/counters.ts";
import { findingTotal } from "#core/store/findings.ts";
import { StoreError } from "#core/store/errors.ts";
import type { ReadDb, WriteDb } from "#core/store/handle.ts";
import { isKnown } from "#core/store/known.ts";
import { loadState } from "#core/store/state.ts";
import { readMeta } from "#core/store/meta.ts";
import { timelineRowsById } from "#core/store/timeline.ts";
import type { SourceCounts } from "./coverage.ts";
import type { MonitorStore, StoreCounts } from "./monitor-store.ts";

/** The monitor's store on SQLite. */
export function sqliteStore(db: WriteDb): MonitorStore {
  return { ...reading(db), isKnown: (id) => isKnown(db, id), commit: (batch) => commitBatch(db, batch) };
}

/** A database that another process writes: it can be shown, and takes nothing. */
export function readOnlyStore(db: ReadDb): MonitorStore {
  return {
    ...reading(db),
    isKnown: () => false,
    commit: () => {
      throw new StoreError("readonly", "Another process writes this database, so nothing is stored here.");
    },
  };
}

function reading(db: ReadDb): Omit<MonitorStore, "isKnown" | "commit"> {
  return {
    loadState: (room) => loadState(db, room),
    counts: (sessions) => toCounts(readCounters(db, sessions).bySource),
    rows: (rowIds) => timelineRowsById(db, rowIds),
    totals: () => ({ events: readMeta(db).rows, findings: findingTotal(db) }),
  };
}

function toCounts(bySource: Record<string, Counts>): StoreCounts {
  const counts = new Map<string, SourceCounts>();
  let faults = 0;
  for (const [source, named] of Object.entries(bySource)) {
    counts.set(source, { events: named["events"] ?? 0, answers: named["answers"] ?? 0, ...gapsOf(named) });
    faults += named["faults"] ?? 0;
  }
  return { bySource: counts, faults };
}

function gapsOf(named: Counts): GapCounts {
  return {
    lost: named["lost"] ?? 0,
    shed: named["shed"] ?? 0,
    shedByUs: named["shedByUs"] ?? 0,
    unreadable: named["unreadable"] ?? 0,
    unknown: named["unknown"] ?? 0,
  };
}
