import { describe, expect, it } from "vitest";
import type { StateEntry } from "#core/base/state.ts";
import { Correlator, type CorrelatorLimits } from "./correlator.ts";
import { brief, correlations, push, type Sent, sent } from "./test-support.ts";

const CHAIN = correlations([
  "type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 10m",
  "sealbar: {absent: c, within: 5s}",
]);
const ALONE = correlations(["type: temporal_ordered, rules: [a], group-by: [G]", "sealbar: {absent: c, within: 5s}"]);

function run(library: typeof CHAIN, records: readonly Sent[], limits?: CorrelatorLimits): string[] {
  const correlator = new Correlator(library.correlations, [], limits);
  return records.flatMap((record) => push(library, correlator, record).map(brief));
}

const later = (seconds: number) => sent(99, seconds, "nothing", { G: "somebody else" });

const BY_MEMBER = correlations([
  "type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 10m",
  "sealbar: {absent: c, absent-by: P, within: 5s}",
]);

describe("absent-by", () => {
  const first = sent(1, 0, "a");
  const runs = sent(2, 1, "b", { P: 700 });
  const stop = (P: number, seconds: number) => sent(3, seconds, "c", { G: "nothing of the group", P });

  it.each([
    ["what is about the last member itself, in whatever group it stands", [first, runs, stop(700, 3)], []],
    ["as well when it came first", [first, stop(700, 0.5), runs], []],
    ["nor when it arrives before its time", [first, stop(700, 3), runs], []],
    ["not what is about another process of the same code", [first, runs, stop(701, 3)], ['c0 ["g"] 1,2']],
    [
      "not the first member's process",
      [{ ...first, fields: { ...first.fields, P: 701 } }, runs, stop(701, 3)],
      ['c0 ["g"] 1,2'],
    ],
    ["not what comes too late", [first, runs, stop(700, 7)], ['c0 ["g"] 1,2']],
    ["nothing where nobody knows which process it is", [first, sent(2, 1, "b"), sent(3, 2, "c")], ['c0 ["g"] 1,2']],
  ])("stops %s", (_, records, expected) => {
    expect(run(BY_MEMBER, [...records, later(60)])).toEqual(expected);
  });

  it("is the same however often the monitor is restarted", () => {
    const stored = new Map<string, string>();
    const told: string[] = [];
    for (const record of [first, runs, stop(700, 3), sent(4, 20, "b", { P: 702 }), later(60)]) {
      const correlator = new Correlator(
        BY_MEMBER.correlations,
        [...stored].map(([key, value]) => ({ key, value })),
      );
      told.push(...push(BY_MEMBER, correlator, record).map(brief));
      for (const { key, value } of correlator.drainChanges()) {
        if (value === null) stored.delete(key);
        else stored.set(key, value);
      }
    }
    expect(told).toEqual(['c0 ["g"] 1,4']);
  });
});

describe("absent", () => {
  it.each([
    ["not before its time and two seconds more", [later(8)], []],
    ["by a later record of anybody", [later(9)], ['c0 ["g"] 1,2']],
    ["never, when it followed", [sent(3, 3, "c"), later(9)], []],
    ["never, when it followed at the last microsecond", [sent(3, 6, "c"), later(60)], []],
    ["although it came too late", [{ ...sent(3, 6, "c"), time: 6_000_001 }, later(9)], ['c0 ["g"] 1,2']],
    ["although it came to another group", [sent(3, 3, "c", { G: "x" }), later(9)], ['c0 ["g"] 1,2']],
    ["never, when it arrives after what should have decided it", [later(8), sent(3, 3, "c"), later(9)], []],
  ])("is decided %s", (_, records, expected) => {
    expect(run(CHAIN, [sent(1, 0, "a"), sent(2, 1, "b"), ...records])).toEqual(expected);
  });

  it.each([
    ["just before the last member", 8, []],
    ["two seconds before it", 7.999, ['c0 ["g"] 1']],
  ])("counts what sources may have put %s", (_, seconds, expected) => {
    const stop = { ...sent(3, 0, "c"), time: seconds * 1_000_000 };
    expect(run(ALONE, [stop, sent(1, 10, "a"), later(60)])).toEqual(expected);
  });

  it("needs no more than one rule", () => {
    expect(run(ALONE, [sent(1, 0, "a"), later(8)])).toEqual(['c0 ["g"] 1']);
    expect(run(ALONE, [sent(1, 0, "a"), sent(2, 1, "c"), later(8)])).toEqual([]);
  });

  it("hits for each last member by itself", () => {
    const records = [sent(1, 0, "a"), sent(2, 1, "b"), sent(3, 20, "b"), sent(4, 21, "c"), later(60)];
    expect(run(CHAIN, records)).toEqual(['c0 ["g"] 1,2']);
  });

  it("is told once when the members arrive in the wrong order", () => {
    expect(run(CHAIN, [sent(2, 1, "b"), sent(1, 0, "a"), later(9)])).toEqual(['c0 ["g"] 1,2']);
    expect(run(CHAIN, [sent(2, 1, "b"), sent(3, 2, "c"), sent(1, 0, "a"), later(9)])).toEqual([]);
  });

  it("is decided by a restart of the Mac, whatever the clock says", () => {
    const restarted = { ...later(-31_536_000), boot: 1 };
    expect(run(CHAIN, [sent(1, 0, "a"), sent(2, 1, "b"), restarted])).toEqual(['c0 ["g"] 1,2']);
  });

  it("is decided by the end", () => {
    const correlator = new Correlator(ALONE.correlations, []);
    push(ALONE, correlator, sent(1, 0, "a"));
    expect(correlator.finish().map(brief)).toEqual(['c0 ["g"] 1']);
    expect(correlator.finish()).toEqual([]);
  });

  it("gives back what the caller wanted to know again", () => {
    const correlator = new Correlator(CHAIN.correlations, []);
    push(CHAIN, correlator, sent(2, 1, "b"));
    push(CHAIN, correlator, sent(1, 0, "a"));
    expect(correlator.finish()).toMatchObject([{ memory: "memory of 2", lastTime: 1_000_000 }]);
  });

  it("works by counts, too, and does not count what should be absent", () => {
    const library = correlations([
      "type: event_count, rules: [a], group-by: [G], timespan: 10s, condition: {gte: 2}",
      "sealbar: {absent: c, within: 5s}",
    ]);
    expect(run(library, [sent(1, 0, "c"), sent(2, 8, "a"), later(60)])).toEqual([]);
    expect(run(library, [sent(1, 0, "a"), sent(2, 8, "a"), later(60)])).toEqual(['c0 ["g"] 1,2']);
    expect(run(library, [sent(1, 0, "a"), sent(2, 8, "a"), sent(3, 9, "c"), later(60)])).toEqual([]);
  });

  it("makes a stronger correlation wait, and the weaker one with it", () => {
    const library = correlations(
      ["type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 1m", "sealbar: {unless: c1}"],
      ["type: temporal_ordered, rules: [b], group-by: [G]", "sealbar: {absent: c, within: 30s}"],
    );
    const begun = [sent(1, 0, "a"), sent(2, 1, "b"), later(20)];
    expect(run(library, [...begun, later(60)])).toEqual(['c1 ["g"] 2']);
    expect(run(library, [...begun, sent(3, 21, "c"), later(60)])).toEqual(['c0 ["g"] 1,2']);
  });

  it("goes on after a restart of the monitor at any point", () => {
    const records = [sent(1, 0, "a"), sent(2, 1, "b"), sent(3, 2, "b"), sent(4, 4, "c", { G: "x" }), later(9)];
    const stored = new Map<string, string>();
    const hits = records.flatMap((record) => {
      const entries: StateEntry[] = [...stored].map(([key, value]) => ({ key, value }));
      const correlator = new Correlator(CHAIN.correlations, entries);
      const found = push(CHAIN, correlator, record).map(brief);
      for (const { key, value } of correlator.drainChanges()) {
        if (value === null) stored.delete(key);
        else stored.set(key, value);
      }
      return found;
    });
    expect(hits).toEqual(['c0 ["g"] 1,2']);
    expect(hits).toEqual(run(CHAIN, records));
    expect([...stored.keys()].filter((key) => key.startsWith("wait:"))).toHaveLength(1);
  });

  it("bounds what waits: the oldest is told early rather than lost", () => {
    const limits = { groupsPerCorrelation: 10, membersPerRule: 4, waiting: 2 };
    const correlator = new Correlator(ALONE.correlations, [], limits);
    const told = ["w", "x", "y", "z"].flatMap((G, n) => push(ALONE, correlator, sent(n, 0, "a", { G })).map(brief));
    expect(told).toEqual(['c0 ["w"] 0', 'c0 ["x"] 1']);
    expect(correlator.stats).toMatchObject({ waited: 4, decidedEarly: 2 });
    expect(correlator.finish().map(brief)).toEqual(['c0 ["y"] 2', 'c0 ["z"] 3']);
  });

  it("leaves alone what it cannot read of what waited, counts it, and deletes it", () => {
    const entries = ["{", "[]", '["gone",0,["g"],"k",[],1,1,""]'].map((value, i) => ({ key: `wait:${i}`, value }));
    const correlator = new Correlator(ALONE.correlations, entries);
    expect(correlator.stats.discarded).toBe(3);
    const deleted = correlator.drainChanges().filter(({ value }) => value === null);
    expect(deleted.map(({ key }) => key)).toEqual(["wait:0", "wait:1", "wait:2"]);
    expect(correlator.finish()).toEqual([]);
  });
});

describe("the time after a restart of the Mac (an1447)", () => {
  const HOUR = 3_600;
  // test-support's windows: two hours after the restart, a day and two restarts for what came before.
  const library = correlations(["type: temporal_ordered, rules: [a, b], group-by: [G]", "sealbar: {window: an1447}"]);
  it.each([
    ["within it", { boot: 1, bootAt: 10 * HOUR, at: 12 * HOUR }, 1],
    ["after it", { boot: 1, bootAt: 10 * HOUR, at: 12 * HOUR + 1 }, 0],
    ["in the same boot it counts from the first member", { boot: 0, bootAt: -HOUR, at: 2 * HOUR }, 1],
    ["in the same boot, too late", { boot: 0, bootAt: -HOUR, at: 2 * HOUR + 1 }, 0],
    ["after too many restarts", { boot: 3, bootAt: 10 * HOUR, at: 10 * HOUR }, 0],
    ["the intent forgotten", { boot: 1, bootAt: 25 * HOUR, at: 25 * HOUR }, 0],
  ])("%s", (_, { boot, bootAt, at }, hits) => {
    const correlator = new Correlator(library.correlations, []);
    push(library, correlator, sent(1, 0, "a"));
    expect(push(library, correlator, { ...sent(2, at, "b"), boot, bootTime: bootAt * 1_000_000 })).toHaveLength(hits);
  });
});
