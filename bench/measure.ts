import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "#core/base/clock.ts";
import { silentLogger } from "#core/base/logger.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import { Monitor } from "#core/pipeline/monitor.ts";
import type { MonitorStore } from "#core/pipeline/monitor-store.ts";
import { replayCaptures } from "#core/pipeline/replay.ts";
import { loadRuleFolders, OUR_RULES } from "#core/pipeline/rules-folder.ts";
import { sqliteStore } from "#core/pipeline/sqlite-store.ts";
import { systemTimers } from "#core/pipeline/timers.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { openStore } from "#core/store/open.ts";
import { measureBareLimit } from "./bare-limit.ts";
import { rulesFor } from "./rule-libraries.ts";

/**
 * One measurement in a process of its own: `measure.ts bare|pipeline|store|no-rules|one-rule|many-rules CAPTURE`, one JSON
 * object on stdout. All but the first two are the pipeline with our rules, unless they say otherwise.
 */
const [way, capture] = process.argv.slice(2);
if (capture === undefined) throw new Error("usage: measure.ts bare|pipeline|store CAPTURE");

/** Takes every batch and keeps nothing: what the stages cost by themselves. */
const nothing: MonitorStore = {
  isKnown: () => false,
  commit: () => ({ rowIds: [], changedRowIds: [], findings: [] }),
  loadState: () => [],
  counts: () => ({ bySource: new Map(), faults: 0 }),
  rows: () => [],
  totals: () => ({ events: 0, findings: 0 }),
};

const batchTimes: number[] = [];
let before = process.cpuUsage();

function timed(store: MonitorStore): MonitorStore {
  return {
    ...store,
    commit: (batch) => {
      const started = performance.now();
      const committed = store.commit(batch);
      batchTimes.push(performance.now() - started);
      return committed;
    },
  };
}

async function replayInto(
  store: MonitorStore,
  library: RuleLibrary = loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS),
): Promise<{ events: number; seconds: number }> {
  let events = 0;
  const counting: MonitorStore = {
    ...store,
    commit: (batch) => {
      for (const { name, by } of batch.counters) if (name === "events") events += by;
      return store.commit(batch);
    },
  };
  const monitor = new Monitor({ store: counting, library, settings: DEFAULT_MONITOR_SETTINGS, logger: silentLogger });
  // What it costs to load the rules is no cost of an event.
  before = process.cpuUsage();
  const started = performance.now();
  await replayCaptures(monitor, [capture ?? ""], { speed: null, timers: systemTimers });
  return { events, seconds: (performance.now() - started) / 1000 };
}

async function withDatabase(): Promise<{ events: number; seconds: number }> {
  const folder = mkdtempSync(join(tmpdir(), "sealbar-bench-"));
  const store = openStore(join(folder, "bench.db"), { clock: systemClock, logger: silentLogger });
  try {
    return await replayInto(timed(sqliteStore(store.db)));
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run() {
  switch (way) {
    case "bare": {
      const { lines, seconds } = measureBareLimit(capture ?? "");
      return { events: lines, seconds };
    }
    case "pipeline":
      return replayInto(nothing);
    case "store":
      return withDatabase();
    case "no-rules":
    case "one-rule":
    case "many-rules":
      return replayInto(nothing, rulesFor(way));
    default:
      throw new Error("there is no such way to measure");
  }
}

const { events, seconds } = await run();
const { user, system } = process.cpuUsage(before);
const sorted = batchTimes.toSorted((a, b) => a - b);
const batchP99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? null;
console.log(
  JSON.stringify({
    events,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    batchP99Ms,
  }),
);
