import { describe, expect, it } from "vitest";
import { Correlator } from "./correlator.ts";
import { brief, correlations, push, type Sent, sent } from "./test-support.ts";

/** Bugs that other Sigma correlation engines have had. */
const ORDERED = correlations(["type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 10s"]);

function run(records: readonly Sent[], library = ORDERED): string[] {
  const correlator = new Correlator(library.correlations, []);
  return records.flatMap((record) => push(library, correlator, record).map(brief));
}

describe("known bugs of other engines", () => {
  it("group-by leakage: one subject's records never complete another's window, in any type", () => {
    const types = [
      "type: temporal_ordered, rules: [a, b], group-by: [G, H], timespan: 10s",
      "type: temporal, rules: [a, b], group-by: [G, H], timespan: 10s",
      "type: event_count, rules: [a, b], group-by: [G, H], timespan: 10s, condition: {gte: 2}",
      "type: value_count, rules: [a, b], group-by: [G, H], timespan: 10s, condition: {gte: 2, field: V}",
    ];
    for (const type of types) {
      const library = correlations([type]);
      const others = [
        sent(1, 0, "a", { G: "x", H: "y", V: "1" }),
        sent(2, 1, "b", { G: "x", H: "z", V: "2" }),
        sent(3, 2, "b", { G: "z", H: "y", V: "3" }),
        sent(4, 3, "b", { G: "y", H: "x", V: "4" }),
        sent(5, 4, "b", { G: "xy", H: "", V: "5" }),
        sent(6, 5, "b", { G: "x", H: null, V: "6" }),
      ];
      expect(run(others, library)).toEqual([]);
      expect(run([...others, sent(7, 6, "b", { G: "x", H: "y", V: "7" })], library)).toEqual(['c0 ["x","y"] 1,7']);
    }
  });

  it("order not enforced: a temporal_ordered correlation never hits backwards, however the records arrive", () => {
    expect(run([sent(1, 0, "b"), sent(2, 1, "a")])).toEqual([]);
    expect(run([sent(2, 1, "a"), sent(1, 0, "b")])).toEqual([]);
    const three = correlations(["type: temporal_ordered, rules: [a, b, c], group-by: [G], timespan: 10s"]);
    expect(run([sent(1, 0, "a"), sent(2, 1, "c"), sent(3, 2, "b")], three)).toEqual([]);
    expect(run([sent(1, 0, "b"), sent(2, 1, "a"), sent(3, 2, "c")], three)).toEqual([]);
    expect(run([sent(1, 0, ["a", "b", "c"])], three)).toEqual([]);
  });

  it("order not enforced at equal times: the source's own order counts, between sources either does", () => {
    const library = ORDERED;
    const correlator = new Correlator(library.correlations, []);
    expect(push(library, correlator, sent(1, 0, "b"))).toEqual([]);
    expect(push(library, correlator, sent(2, 0, "a"))).toEqual([]);
    expect(run([sent(1, 0, "a"), sent(2, 0, "b")])).toEqual(['c0 ["g"] 1,2']);
    for (const order of [
      ["a", "b"],
      ["b", "a"],
    ]) {
      const other = new Correlator(library.correlations, []);
      const hits = order.flatMap((kind, i) =>
        push(library, other, { ...sent(i + 1, 0, kind), ...(kind === "a" ? { src: "log" } : {}) }),
      );
      expect(hits.map((hit) => hit.members.map(({ rule }) => rule))).toEqual([["a", "b"]]);
    }
  });

  it("window overrun: first and last member never lie further apart than the timespan", () => {
    const late = { ...sent(2, 10, "b"), time: 10_000_001 };
    expect(run([sent(1, 0, "a"), late])).toEqual([]);
    expect(run([late, sent(1, 0, "a")])).toEqual([]);
    const three = correlations(["type: temporal, rules: [a, b, c], group-by: [G], timespan: 10s"]);
    expect(run([sent(1, 0, "a"), sent(2, 6, "b"), sent(3, 12, "c")], three)).toEqual([]);
    const count = correlations(["type: event_count, rules: [a], group-by: [G], timespan: 10s, condition: {gte: 3}"]);
    expect(run([sent(1, 0, "a"), sent(2, 6, "a"), sent(3, 12, "a"), sent(4, 18, "a")], count)).toEqual([]);
  });

  it("window overrun by refreshing: a later member does not make an older one young again", () => {
    const records = Array.from({ length: 6 }, (_, i) => sent(i, i * 6, i === 0 ? "a" : i === 5 ? "b" : "c"));
    expect(run(records)).toEqual([]);
  });
});
