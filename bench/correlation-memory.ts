import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { MINUTE, SECOND } from "#core/base/clock.ts";
import { Correlator } from "#core/correlate/correlator.ts";
import { fieldsOf } from "#core/rules/examples.ts";
import { loadRules } from "#core/rules/load-rules.ts";
import { RuleSet } from "#core/rules/rule-set.ts";

/** One correlation of each kind, by path. */
const RULES = `
title: Begins
id: begins
logsource: {product: macos}
detection: {s: {EventType: begins}, condition: s}
---
title: Goes on
id: goes_on
logsource: {product: macos}
detection: {s: {EventType: goes-on}, condition: s}
---
title: Stops
id: stops
logsource: {product: macos}
detection: {s: {EventType: stops}, condition: s}
---
title: In order
id: in_order
correlation: {type: temporal_ordered, rules: [begins, goes_on], group-by: [Image], timespan: 10m}
---
title: In any order
id: any_order
correlation: {type: temporal, rules: [begins, goes_on, stops], group-by: [Image], timespan: 10m}
---
title: Often
id: often
correlation: {type: event_count, rules: [begins], group-by: [Image], timespan: 1h, condition: {gte: 20}}
---
title: Not stopped
id: not_stopped
correlation: {type: temporal_ordered, rules: [begins], group-by: [Image]}
sealbar: {absent: stops, within: 5s}
`;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const KINDS = ["begins", "goes-on", "begins", "stops"];
const COMMIT_EVERY = 500;

/** Pushes `events` records of `groups` groups in turn, and says what the correlations kept of them. */
export function correlationMemory(events: number, groups: number): [what: string, value: string][] {
  const library = loadRules([{ file: "bench.yml", text: RULES }], {});
  const set = new RuleSet(library.rules);
  const correlator = new Correlator(library.correlations, []);
  const stored = new Map<string, number>();
  const before = heapMiB();
  let most = 0;
  let hits = 0;
  const started = performance.now();
  for (let n = 0; n < events; n++) {
    const group = n % groups;
    const time = 20_000 * MINUTE + n * (SECOND / 1_000);
    const EventType = KINDS[Math.floor(n / groups) % KINDS.length] ?? "begins";
    const fields = fieldsOf({ EventType, Image: `/Users/ana/Downloads/tool-${group}` }, undefined, time);
    const note = {
      kind: "exec",
      title: `Ran tool-${group}`,
      image: `/Users/ana/Downloads/tool-${group}`,
      trust: "ad-hoc",
    };
    const input = { id: { session: "bench", src: "es", n }, time, bootOrdinal: 1, bootTime: 0, note };
    hits += correlator.advance(time, 1).length;
    hits += correlator.push(fields, input, set.match(fields)).length;
    if (n % COMMIT_EVERY === 0) {
      commit(correlator, stored);
      if (n % (100 * COMMIT_EVERY) === 0) most = Math.max(most, heapMiB() - before);
    }
  }
  const seconds = (performance.now() - started) / 1000;
  commit(correlator, stored);
  const after = heapMiB() - before;
  const bytes = [...stored.values()].reduce((sum, one) => sum + one, 0);
  const { groupsEvicted, decidedEarly } = correlator.stats;
  return [
    ["memory at the end, at most on the way", `${after.toFixed(1)} MiB, ${Math.max(most, after).toFixed(1)} MiB`],
    ["stored entries", `${stored.size.toLocaleString("en")}, ${(bytes / 2 ** 20).toFixed(1)} MiB`],
    ["groups given up for newer ones, all counted", groupsEvicted.toLocaleString("en")],
    [
      "hits told; told early because too many waited",
      `${hits.toLocaleString("en")}; ${decidedEarly.toLocaleString("en")}`,
    ],
    ["records a second", Math.round(events / seconds).toLocaleString("en")],
  ];
}

function commit(correlator: Correlator, stored: Map<string, number>): void {
  for (const { key, value } of correlator.drainChanges()) {
    if (value === null) stored.delete(key);
    else stored.set(key, key.length + value.length);
  }
}

/** What is in use, not what is merely not collected yet. */
function heapMiB(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
