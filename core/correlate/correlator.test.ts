import { describe, expect, it } from "vitest";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import { Correlator, type CorrelatorLimits } from "./correlator.ts";
import { rulesStillToTell } from "./still-to-tell.ts";
import { brief, correlations, push, type Sent, sent } from "./test-support.ts";

function run(library: RuleLibrary, records: readonly Sent[], limits?: CorrelatorLimits): string[] {
  const correlator = new Correlator(library.correlations, [], limits);
  return records.flatMap((record) => push(library, correlator, record).map(brief));
}

const ORDERED = correlations(["type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 10m"]);
const TEMPORAL = correlations(["type: temporal, rules: [a, b, c], group-by: [G], timespan: 10s"]);
const COUNT = correlations(["type: event_count, rules: [a], group-by: [G], timespan: 10s, condition: {gte: 3}"]);
const VALUES = correlations([
  "type: value_count, rules: [a], group-by: [G], timespan: 10s, condition: {gte: 2, field: V}",
]);

describe("temporal_ordered", () => {
  it("hits when the rules follow one another, with the members oldest first", () => {
    const correlator = new Correlator(ORDERED.correlations, []);
    expect(push(ORDERED, correlator, sent(1, 0, "a"))).toEqual([]);
    const [hit] = push(ORDERED, correlator, sent(2, 41, "b"));
    expect(hit).toMatchObject({
      groupNames: ["G"],
      groupValues: ["g"],
      count: 2,
      firstTime: 0,
      lastTime: 41_000_000,
      members: [
        { rule: "a", note: { n: "1" } },
        { rule: "b", note: { n: "2" } },
      ],
    });
  });

  it("enforces the order", () => {
    expect(run(ORDERED, [sent(1, 0, "b"), sent(2, 1, "a")])).toEqual([]);
  });

  it("ends the window at its last microsecond", () => {
    expect(run(ORDERED, [sent(1, 0, "a"), sent(2, 600, "b")])).toHaveLength(1);
    const late = { ...sent(2, 600, "b"), time: 600_000_001 };
    expect(run(ORDERED, [sent(1, 0, "a"), late])).toEqual([]);
  });

  it("goes by the records' time, not by their arrival", () => {
    expect(run(ORDERED, [sent(2, 41, "b"), sent(1, 0, "a")])).toEqual(['c0 ["g"] 1,2']);
    expect(run(ORDERED, [sent(2, 41, "a"), sent(1, 0, "b")])).toEqual([]);
  });

  it("does not let one record play two parts", () => {
    expect(run(ORDERED, [sent(1, 0, ["a", "b"])])).toEqual([]);
    expect(run(ORDERED, [sent(1, 0, ["a", "b"]), sent(2, 1, ["a", "b"])])).toEqual(['c0 ["g"] 1,2']);
  });

  it("takes the tightest chain, and hits once for each completing record", () => {
    const records = [sent(1, 0, "a"), sent(2, 5, "a"), sent(3, 6, "b"), sent(4, 7, "b")];
    expect(run(ORDERED, records)).toEqual(['c0 ["g"] 2,3', 'c0 ["g"] 2,4']);
  });

  it("counts restarts where the rule says so, over any number of restarts of the monitor", () => {
    const library = correlations(["type: temporal_ordered, rules: [a, b], timespan: 30d", "sealbar: {boots: 10}"]);
    const after = (boot: number) => run(library, [sent(1, 0, "a"), { ...sent(2, 86_400, "b"), boot }]);
    expect(after(10)).toEqual(["c0 [] 1,2"]);
    expect(after(11)).toEqual([]);
  });

  it("is not blinded by a flood of one rule's records", () => {
    const flood = Array.from({ length: 500 }, (_, i) => sent(i + 2, 1, "c"));
    const library = correlations(["type: temporal_ordered, rules: [c, a, b], group-by: [G], timespan: 10m"]);
    expect(run(library, [...flood, sent(600, 2, "a"), ...flood, sent(601, 3, "b")])).toHaveLength(1);
    expect(run(ORDERED, [sent(1, 0, "a"), ...flood, sent(601, 3, "b")])).toEqual(['c0 ["g"] 1,601']);
  });
});

describe("temporal", () => {
  it("hits in any order, when all are there", () => {
    expect(run(TEMPORAL, [sent(1, 0, "c"), sent(2, 4, "a"), sent(3, 10, "b")])).toEqual(['c0 ["g"] 1,2,3']);
    expect(run(TEMPORAL, [sent(1, 0, "c"), sent(2, 4, "a"), sent(3, 11, "b")])).toEqual([]);
  });

  it("lets one record match several of the rules", () => {
    expect(run(TEMPORAL, [sent(1, 0, ["a", "b"]), sent(2, 1, "c")])).toEqual(['c0 ["g"] 1,1,2']);
  });
});

describe("event_count and value_count", () => {
  it("counts records in a sliding window", () => {
    const at = (...seconds: number[]) =>
      run(
        COUNT,
        seconds.map((second, i) => sent(i, second, "a")),
      );
    expect(at(0, 5, 10)).toEqual(['c0 ["g"] 0,1,2']);
    expect(at(0, 5, 11)).toEqual([]);
    expect(at(0, 5, 11, 15)).toEqual(['c0 ["g"] 1,2,3']);
    expect(at(0, 20, 5, 10)).toEqual(['c0 ["g"] 0,2,3']);
  });

  it("counts a record once, however often it comes", () => {
    expect(run(COUNT, [sent(1, 0, "a"), sent(1, 0, "a"), sent(1, 0, "a")])).toEqual([]);
  });

  it("counts a record once that matches several of the rules", () => {
    const library = correlations(["type: event_count, rules: [a, b], timespan: 10s, condition: {gte: 3}"]);
    expect(run(library, [sent(1, 0, ["a", "b"]), sent(2, 0, ["a", "b"])])).toEqual([]);
    expect(run(library, [sent(1, 0, ["a", "b"]), sent(2, 0, "a"), sent(3, 0, "b")])).toEqual(["c0 [] 1,2,3"]);
  });

  it.each([
    ["{gt: 1}", [2, 3]],
    ["{lte: 2}", [1, 2]],
    ["{lt: 2}", [1]],
    ["{eq: 2}", [2]],
    ["{neq: 2}", [1, 3]],
    ["{gte: 2, lt: 3}", [2]],
  ])("judges the count after each record by %s", (condition, completing) => {
    const library = correlations([`type: event_count, rules: [a], timespan: 10s, condition: ${condition}`]);
    const hits = run(library, [sent(1, 0, "a"), sent(2, 1, "a"), sent(3, 2, "a")]);
    expect(hits.map((hit) => Number(hit.at(-1)))).toEqual(completing);
  });

  it("keeps as many members as the condition needs", () => {
    const library = correlations(["type: event_count, rules: [a], timespan: 1h, condition: {gte: 200}"]);
    expect(
      run(
        library,
        Array.from({ length: 200 }, (_, i) => sent(i, i, "a")),
      ),
    ).toHaveLength(1);
  });

  it("counts distinct values, each of a list", () => {
    expect(run(VALUES, [sent(1, 0, "a", { V: "x" }), sent(2, 1, "a", { V: "x" })])).toEqual([]);
    expect(run(VALUES, [sent(1, 0, "a", { V: "x" }), sent(2, 1, "a", { V: "y" })])).toEqual(['c0 ["g"] 1,2']);
    expect(run(VALUES, [sent(1, 0, "a", { V: ["x", "y"] })])).toEqual(['c0 ["g"] 1']);
  });

  it("counts what lacks the value apart", () => {
    const correlator = new Correlator(VALUES.correlations, []);
    push(VALUES, correlator, sent(1, 0, "a"));
    expect(correlator.stats.withoutValue).toBe(1);
  });
});

describe("groups", () => {
  it("never join by accident: values with separators, and fields that are missing", () => {
    const library = correlations([
      "type: event_count, rules: [a], group-by: [G, H], timespan: 10s, condition: {gte: 2}",
    ]);
    const correlator = new Correlator(library.correlations, []);
    const pairs = [
      ["a,b", "c"],
      ["a", "b,c"],
      ['a","b', "c"],
      ["a", 'b","c'],
      ["a\0b", "c"],
      ["_", "c"],
      ["", "c"],
      ["null", "c"],
      [null, "c"],
      [undefined, "c"],
      [null, "c"],
    ] as const;
    const hits = pairs.flatMap(([G, H], i) => push(library, correlator, sent(i, 0, "a", { G, H })));
    expect(hits).toEqual([]);
    expect(correlator.stats.ungroupable).toBe(4);
  });

  it("do not leak: another group's records complete nothing", () => {
    expect(run(ORDERED, [sent(1, 0, "a", { G: "x" }), sent(2, 1, "b", { G: "y" })])).toEqual([]);
  });

  it("are joined by each value of a list", () => {
    const records = [
      sent(1, 0, "a", { G: ["x", "y"] }),
      sent(2, 1, "b", { G: "y" }),
      sent(3, 2, "b", { G: ["x", "z"] }),
    ];
    expect(run(ORDERED, records)).toEqual(['c0 ["y"] 1,2', 'c0 ["x"] 1,3']);
  });

  it("follow aliases", () => {
    const library = correlations([
      "type: temporal_ordered, rules: [a, b], group-by: [code], timespan: 1m, aliases: {code: {a: From, b: To}}",
    ]);
    expect(run(library, [sent(1, 0, "a", { From: "x" }), sent(2, 1, "b", { To: "x" })])).toEqual(['c0 ["x"] 1,2']);
    expect(run(library, [sent(1, 0, "a", { To: "x" }), sent(2, 1, "b", { From: "x" })])).toEqual([]);
  });

  it("fall back to the other groupings, and tell a thing seen twice once", () => {
    const library = correlations([
      "type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 1m",
      "sealbar: {group-by-else: [[H]]}",
    ]);
    const both = [sent(1, 0, "a", { G: "x", H: "h" }), sent(2, 1, "b", { G: "x", H: "h" })];
    const second = [sent(1, 0, "a", { G: "x", H: "h" }), sent(2, 1, "b", { G: null, H: "h" })];
    expect(run(library, both)).toEqual(['c0 ["x"] 1,2']);
    expect(run(library, second)).toEqual(['c0 ["h"] 1,2']);
  });
});

describe("one correlation instead of another", () => {
  const library = correlations(
    ["type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 1d", "sealbar: {unless: c1}"],
    ["type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 10m"],
  );

  it("is silent for the group while the stronger one has spoken", () => {
    const records = [sent(1, 0, "a"), sent(2, 60, "b"), sent(3, 3_600, "b"), sent(4, 3_600, "a", { G: "other" })];
    const more = [sent(5, 7_200, "b", { G: "other" }), sent(6, 7_210, "c")];
    expect(run(library, [...records, ...more])).toEqual(['c1 ["g"] 1,2', 'c0 ["other"] 4,5']);
  });

  it("waits for the stronger one, which may be late by two seconds", () => {
    const stronger = correlations(
      ["type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 1d", "sealbar: {unless: c1}"],
      ["type: temporal_ordered, rules: [c, b], group-by: [G], timespan: 10m"],
    );
    const [a, c, b, late] = [sent(1, 0, "a"), sent(2, 10, "c"), sent(3, 11, "b"), sent(4, 13, "a", { G: "later" })];
    const after = sent(5, 30, "a", { G: "later" });
    expect(run(stronger, [a, c, b, late, after])).toEqual(['c1 ["g"] 2,3']);
    expect(run(stronger, [a, b, late, c, after])).toEqual(['c1 ["g"] 2,3']);
    expect(run(stronger, [a, b, late, after])).toEqual(['c0 ["g"] 1,3']);
  });

  it("leaves out the plain finding of a record whose hit tells it", () => {
    const speaking = correlations(["type: temporal_ordered, rules: [a, b], timespan: 1m, generate: true"]);
    const correlator = new Correlator(speaking.correlations, []);
    const tell = (record: Sent, rule: string) => {
      const hits = push(speaking, correlator, record);
      const matched = speaking.rules.filter(({ id }) => id === rule);
      return rulesStillToTell(matched, hits, { session: "s", src: "es", n: record.n }).map(({ id }) => id);
    };
    expect(tell(sent(1, 0, "b"), "b")).toEqual(["b"]);
    expect(tell(sent(2, 1, "a"), "a")).toEqual(["a"]);
    expect(tell(sent(3, 2, "b"), "b")).toEqual([]);
  });
});

describe("bounds", () => {
  it("lets the least recently used group go, and counts it, in memory and in the state", () => {
    const limits = { groupsPerCorrelation: 2, membersPerRule: 4 };
    const correlator = new Correlator(ORDERED.correlations, [], limits);
    for (const [n, G] of ["x", "y", "x", "z"].entries()) push(ORDERED, correlator, sent(n, n, "a", { G }));
    expect(correlator.stats.groupsEvicted).toBe(1);
    const changes = new Map(correlator.drainChanges().map(({ key, value }) => [key, value]));
    expect(changes.get('["c0",0,"y"]')).toBeNull();
    const groups = [...changes.keys()].filter((key) => !key.includes("#"));
    expect(groups.toSorted()).toEqual(['["c0",0,"x"]', '["c0",0,"y"]', '["c0",0,"z"]', "stats"]);
    const members = [...changes.keys()].filter((key) => key.includes("#"));
    expect(members.toSorted()).toEqual(['["c0",0,"x"]#0', '["c0",0,"x"]#1', '["c0",0,"z"]#0']);
    expect(push(ORDERED, correlator, sent(9, 9, "b", { G: "x" })).map(brief)).toEqual(['c0 ["x"] 2,9']);
    for (let n = 10; n < 20; n++) push(ORDERED, correlator, sent(n, n, "a", { G: "x" }));
    expect(correlator.stats.membersEvicted).toBe(8);
  });

  it("stores what came and went, not what stayed", () => {
    const limits = { groupsPerCorrelation: 1, membersPerRule: 2 };
    const correlator = new Correlator(ORDERED.correlations, [], limits);
    const drained = () =>
      correlator.drainChanges().map(({ key, value }) => `${key} ${value === null ? "gone" : "set"}`);
    push(ORDERED, correlator, sent(1, 1, "a"));
    push(ORDERED, correlator, sent(2, 2, "a"));
    expect(drained()).toEqual(['["c0",0,"g"] set', '["c0",0,"g"]#0 set', '["c0",0,"g"]#1 set']);
    push(ORDERED, correlator, sent(3, 3, "a"));
    expect(drained()).toEqual(['["c0",0,"g"] set', '["c0",0,"g"]#0 gone', '["c0",0,"g"]#2 set', "stats set"]);
    push(ORDERED, correlator, sent(4, 4, "a", { G: "h" }));
    push(ORDERED, correlator, sent(5, 5, "a"));
    const again = drained();
    expect(again).toContain('["c0",0,"h"] gone');
    expect(again.filter((line) => line.startsWith('["c0",0,"g"]'))).toEqual([
      '["c0",0,"g"] set',
      '["c0",0,"g"]#1 gone',
      '["c0",0,"g"]#2 gone',
      '["c0",0,"g"]#0 set',
    ]);
  });

  it("keeps a sequence that has begun through a flood of groups that have not", () => {
    const limits = { groupsPerCorrelation: 10, membersPerRule: 4 };
    const flood = Array.from({ length: 300 }, (_, i) => sent(i + 2, 1, "b", { G: `flood ${i}` }));
    expect(run(ORDERED, [sent(1, 0, "a"), ...flood, sent(900, 2, "b")], limits)).toEqual(['c0 ["g"] 1,900']);
  });

  it("leaves alone what it cannot read, counts it, and deletes it", () => {
    const entries = [
      { key: '["c0",0,"x"]', value: "{" },
      { key: '["c0",0,"y"]', value: '{"v":1,"m":[[1]],"a":0,"h":null,"t":1}' },
      { key: '["c0",0,"y"]#0', value: "[]" },
      { key: '["gone",0,"x"]', value: '{"v":1,"m":[],"a":0,"h":null,"t":1}' },
      { key: "nonsense", value: "null" },
      { key: '["c0",0,"z"]#7', value: "{" },
      { key: '["c0",0,"z"]', value: '{"v":2,"a":8,"h":null,"t":1}' },
      { key: "stats", value: "[]" },
    ];
    const correlator = new Correlator(ORDERED.correlations, entries);
    const unreadable = entries.slice(0, 6).map(({ key }) => key);
    expect(correlator.stats.discarded).toBe(unreadable.length);
    const deleted = correlator.drainChanges().filter(({ value }) => value === null);
    expect(deleted.map(({ key }) => key).toSorted()).toEqual(unreadable.toSorted());
  });

  it("does nothing for a record that no correlation asks for", () => {
    const correlator = new Correlator(ORDERED.correlations, []);
    expect(push(ORDERED, correlator, sent(1, 0, "c"))).toEqual([]);
    expect(correlator.drainChanges()).toEqual([]);
  });
});
