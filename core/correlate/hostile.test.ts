import { describe, expect, it } from "vitest";
import type { StateChange } from "#core/base/state.ts";
import { Correlator } from "./correlator.ts";
import { brief, correlations, push, type Sent, sent } from "./test-support.ts";

/** Limits scaled down: the same floods against the real ones are in `npm run bench -- rules`. */
const LIMITS = { groupsPerCorrelation: 200, membersPerRule: 8, waiting: 50 };
const YEAR = 31_536_000;
const LIBRARY = correlations(
  ["type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 10m"],
  ["type: event_count, rules: [a], group-by: [G], timespan: 10m, condition: {gte: 5}"],
  ["type: temporal_ordered, rules: [a], group-by: [G]", "sealbar: {absent: c, within: 5s}"],
);

class Stored {
  readonly entries = new Map<string, string>();
  most = 0;
  commit(changes: readonly StateChange[]): void {
    for (const { key, value } of changes) {
      if (value === null) this.entries.delete(key);
      else this.entries.set(key, value);
    }
    this.most = Math.max(this.most, this.entries.size);
  }
}

function run(records: Iterable<Sent>): { told: string[]; stored: Stored; correlator: Correlator } {
  const correlator = new Correlator(LIBRARY.correlations, [], LIMITS);
  const stored = new Stored();
  const told: string[] = [];
  let n = 0;
  for (const record of records) {
    told.push(...push(LIBRARY, correlator, record).map(brief));
    if (++n % 100 === 0) stored.commit(correlator.drainChanges());
  }
  told.push(...correlator.finish().map(brief));
  stored.commit(correlator.drainChanges());
  return { told, stored, correlator };
}

function* flood(count: number, kind: string, at: (i: number) => number): Generator<Sent> {
  for (let i = 0; i < count; i++) yield sent(1_000 + i, at(i), kind, { G: `flood ${i}` });
}

const VICTIM = { G: "victim" };
const begin = sent(1, 100, "a", VICTIM);
const end = sent(2, 160, "b", VICTIM);
const HIT = 'c0 ["victim"] 1,2';

describe("hostile captures", () => {
  it("keep memory bounded under any number of groups, and count what was given up", () => {
    const { stored, correlator } = run(flood(20_000, "a", (i) => i / 1_000));
    const perGroup = 1 + LIMITS.membersPerRule;
    const bound = LIBRARY.correlations.length * LIMITS.groupsPerCorrelation * perGroup + LIMITS.waiting + 1;
    expect(stored.most).toBeLessThanOrEqual(bound);
    expect(correlator.stats.groupsEvicted).toBe(3 * (20_000 - LIMITS.groupsPerCorrelation));
    expect(correlator.stats.decidedEarly).toBeGreaterThan(0);
  });

  it("tell every hit that waits, however many there are", () => {
    const { told } = run(flood(2_000, "a", (i) => i / 1_000));
    expect(told.filter((one) => one.startsWith("c2"))).toHaveLength(2_000);
  });

  it.each([
    ["a flood of what can begin nothing", flood(20_000, "b", () => 110)],
    ["a flood of what should be absent", flood(20_000, "c", () => 110)],
    ["as many others as there is room for", flood(LIMITS.groupsPerCorrelation - 1, "a", () => 110)],
    ["a clock that goes back by a year", flood(150, "a", (i) => 110 - YEAR + i)],
    ["a clock that goes ahead by a year", flood(150, "a", (i) => 110 + YEAR + i)],
  ])("%s does not suppress what is told of another subject", (_, records) => {
    const { told } = run([begin, ...records, end]);
    expect(told).toContain(HIT);
  });

  it.each([
    ["begun before the flood", [begin], []],
    ["begun in the midst of it", [], [begin]],
  ])("one program that begins any number of groups pushes out its own, not another's %s", (_, before, midst) => {
    const of = (count: number, from: number): Sent[] =>
      [...flood(count, "a", () => 110)].map((one, i) => ({ ...one, n: from + i, actor: "/Users/ana/x" }));
    const others = [...flood(50, "a", () => 90)].map((one, i) => ({
      ...one,
      n: 500 + i,
      fields: { ...one.fields, G: `other ${i}` },
      actor: `/usr/bin/tool ${i % 5}`,
    }));
    const { told } = run([...others, ...before, ...of(5_000, 10_000), ...midst, ...of(5_000, 20_000), end]);
    expect(told).toContain(HIT);
  });

  it("what is given up after its time is not counted as forgotten", () => {
    const { correlator } = run(flood(1_000, "b", (i) => i * 3_600));
    expect(correlator.stats.groupsEvicted).toBe(0);
    expect(correlator.stats.groupsOutdated).toBe(1_000 - LIMITS.groupsPerCorrelation);
  });

  it("two boots interleaved: each subject is told of", () => {
    const records = Array.from({ length: 40 }, (_, i) => ({ ...sent(10 + i, 110 + i, "c", { G: "x" }), boot: i % 2 }));
    expect(run([begin, ...records, { ...end, boot: 1 }]).told).toContain(HIT);
  });

  it("a process id that is used again stops nothing of another process", () => {
    const key = (G: string) => ({ G });
    const wrapped = [
      sent(1, 0, "a", key("700.4294967295")),
      sent(2, 1, "c", key("700.0")),
      sent(3, 86_400, "c", key("700.4294967295")),
    ];
    expect(run(wrapped).told).toEqual(['c2 ["700.4294967295"] 1']);
  });

  it("what stops another process, in a year, or a year ago, stops nothing", () => {
    for (const seconds of [YEAR, -YEAR]) {
      const records = [sent(1, 0, "a", VICTIM), sent(2, seconds, "c", VICTIM), sent(3, 20, "b", { G: "x" })];
      expect(run(records).told).toContain('c2 ["victim"] 1');
    }
  });

  it("a time to come that silences a correlation for ever does not: only hits near it count", () => {
    const library = correlations(
      ["type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 1d", "sealbar: {unless: c1}"],
      ["type: temporal_ordered, rules: [c, b], group-by: [G], timespan: 1m"],
    );
    const correlator = new Correlator(library.correlations, []);
    const records = [sent(1, YEAR, "c"), sent(2, YEAR + 1, "b"), sent(3, 0, "a"), sent(4, 1, "b")];
    const hits = [...records.flatMap((record) => push(library, correlator, record)), ...correlator.finish()];
    expect(hits.map(brief)).toContain('c0 ["g"] 3,4');
  });
});
