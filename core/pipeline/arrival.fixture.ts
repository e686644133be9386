import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "#contract/finding.ts";
import { type Micros, SECOND } from "#core/base/clock.ts";
import { silentLogger } from "#core/base/logger.ts";
import type { StateEntry } from "#core/base/state.ts";
import { parseRecord } from "#core/parse/parse-record.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import type { FindingRecord } from "#core/store/records.ts";
import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { Monitor } from "./monitor.ts";
import type { MonitorStore } from "./monitor-store.ts";

/** How far sources may overtake each other. */
const DISORDER: Micros = 2 * SECOND;

export function recordsOf(path: string): SessionRecord[] {
  const splitter = new LineSplitter();
  const reader = new SessionReader({ name: "capture" });
  const bytes = readFileSync(join(import.meta.dirname, "../../e2e/scenarios", path));
  return [...splitter.push(bytes), ...splitter.end()].flatMap((line) => reader.read(line)).concat(reader.end());
}

/**
 * The same records as they might have come: each up to two seconds late, those of one source in their own order, and a
 * session's greeting and farewell where they were.
 */
export function shuffled(records: readonly SessionRecord[], random: () => number): SessionRecord[] {
  let session = 0;
  const latest = new Map<string, Micros>();
  const arrivals = records.map((record, place) => {
    const isEdge = record.kind === "frame" && (record.frame.t === "hello" || record.frame.t === "bye");
    if (isEdge) session += 1;
    const source = sourceOf(record);
    const due = parseRecord(record).time + Math.floor(random() * DISORDER);
    const arrival = Math.max(due, latest.get(source) ?? 0);
    latest.set(source, arrival);
    const at = { record, session, arrival: isEdge ? 0 : arrival, place };
    if (isEdge) {
      session += 1;
      latest.clear();
    }
    return at;
  });
  return arrivals
    .sort((a, b) => a.session - b.session || a.arrival - b.arrival || a.place - b.place)
    .map(({ record }) => record);
}

function sourceOf(record: SessionRecord): string {
  if (record.kind === "gap" || record.kind === "fault") return record.source;
  return record.kind === "frame" && record.frame.t === "probe" ? "probe" : record.id.src;
}

/** Keeps state and findings, and nothing else. */
export class MemoryStore implements MonitorStore {
  readonly findings = new Map<string, FindingRecord>();
  readonly #state = new Map<string, Map<string, string>>();

  isKnown(): boolean {
    return false;
  }
  commit({ findings, state }: Parameters<MonitorStore["commit"]>[0]): ReturnType<MonitorStore["commit"]> {
    for (const finding of findings) this.findings.set(finding.key, finding);
    for (const { room, change } of state) {
      const entries = this.#state.get(room) ?? new Map<string, string>();
      this.#state.set(room, entries);
      if (change.value === null) entries.delete(change.key);
      else entries.set(change.key, change.value);
    }
    return { rowIds: [], changedRowIds: [], findings: [] };
  }
  loadState(room: string): StateEntry[] {
    return Array.from(this.#state.get(room) ?? [], ([key, value]) => ({ key, value }));
  }
  counts(): ReturnType<MonitorStore["counts"]> {
    return { bySource: new Map(), faults: 0 };
  }
  rows(): [] {
    return [];
  }
  totals(): { events: number; findings: number } {
    return { events: 0, findings: this.findings.size };
  }
}

/** @param restarts before which records the monitor is stopped and another goes on from what is stored */
export function play(
  records: readonly SessionRecord[],
  library: RuleLibrary,
  restarts: (place: number) => boolean = () => false,
): MemoryStore {
  const store = new MemoryStore();
  const open = () => new Monitor({ store, library, settings: DEFAULT_MONITOR_SETTINGS, logger: silentLogger });
  let monitor = open();
  for (const [place, record] of records.entries()) {
    if (restarts(place)) {
      monitor.flush();
      monitor = open();
    }
    monitor.accept(record);
  }
  monitor.finish();
  monitor.flush();
  return store;
}

/** What must not depend on how the records came. */
export function told({ findings }: MemoryStore): string[] {
  const brief = ({
    rule,
    subject,
    behaviours,
    severity,
  }: Pick<Finding, "rule" | "subject" | "behaviours" | "severity">) =>
    `${severity} ${rule} ${behaviours.toSorted().join(",")} ${subject.path ?? ""} ${subject.cdhash ?? ""}`;
  return [...findings.values()].map(brief).sort();
}
