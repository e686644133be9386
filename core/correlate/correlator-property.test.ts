import { describe, expect, it } from "vitest";
import { SECOND } from "#core/base/clock.ts";
import type { StateEntry } from "#core/base/state.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import { seededRandom } from "#core/base/seeded-random.ts";
import { pick } from "#core/rules/test-support.ts";
import { Correlator } from "./correlator.ts";
import { brief, correlations, push, type Sent } from "./test-support.ts";

const SPAN = 10;
const LIBRARIES: Record<string, RuleLibrary> = {
  temporal: correlations([`type: temporal, rules: [a, b, c], group-by: [G], timespan: ${SPAN}s`]),
  temporal_ordered: correlations([`type: temporal_ordered, rules: [a, b, c], group-by: [G], timespan: ${SPAN}s`]),
  event_count: correlations([
    `type: event_count, rules: [a, b], group-by: [G], timespan: ${SPAN}s, condition: {gte: 3}`,
  ]),
  value_count: correlations([
    `type: value_count, rules: [a], group-by: [G], timespan: ${SPAN}s, condition: {gte: 3, field: V}`,
  ]),
  boots: correlations([
    `type: temporal_ordered, rules: [a, b], group-by: [G], timespan: ${SPAN}s`,
    "sealbar: {boots: 1}",
  ]),
};
const ALL = correlations(
  [`type: temporal, rules: [a, b], group-by: [G], timespan: ${SPAN}s`],
  [`type: temporal_ordered, rules: [a, b], group-by: [G], timespan: ${SPAN * 2}s`, "sealbar: {unless: c2}"],
  [`type: temporal_ordered, rules: [a, b], group-by: [G], timespan: 3s`, "sealbar: {boots: 2}"],
  [`type: event_count, rules: [a, c], timespan: ${SPAN}s, condition: {gte: 4}`],
  [`type: value_count, rules: [b], group-by: [G], timespan: ${SPAN}s, condition: {gte: 2, field: V}`],
  [`type: temporal_ordered, rules: [a, b], group-by: [G], timespan: ${SPAN}s`, "sealbar: {absent: c, within: 4s}"],
);
/** What a finding's existence hangs on: correlations whose hits are compared by their last record where they wait. */
const WAITING = correlations(
  [`type: temporal_ordered, rules: [a, b], group-by: [G], timespan: ${SPAN}s`, "sealbar: {absent: c, within: 4s}"],
  [`type: temporal, rules: [a, b], group-by: [G], timespan: ${SPAN}s`, "sealbar: {absent: c, within: 4s}"],
  ["type: temporal_ordered, rules: [a], group-by: [G]", "sealbar: {absent: b, within: 3s}"],
  [`type: temporal_ordered, rules: [a, b], group-by: [G], timespan: ${SPAN}s`, "sealbar: {unless: c4}"],
  [`type: temporal_ordered, rules: [c, b], group-by: [G], timespan: ${SPAN}s`],
  [`type: event_count, rules: [a, b], group-by: [G], timespan: ${SPAN}s, condition: {gte: 3}`],
);

/** A stream whose records may arrive a little out of order. */
function stream(seed: number, length: number): Sent[] {
  const random = seededRandom(seed);
  let now = 0;
  return Array.from({ length }, (_, n) => {
    now += Math.floor(random() * 4);
    const late = random() < 0.3 ? Math.floor(random() * 6) : 0;
    const seconds = Math.max(0, now - late);
    const Kind = pick(random, ["a", "b", "c", ["a", "b"]]);
    const fields = { Kind, G: pick(random, ["x", "y", ["x", "y"]]), V: pick(random, ["1", "2", "3", ["3", "4"]]) };
    return { n, time: seconds * SECOND, boot: Math.floor(seconds / 7), fields };
  });
}

type Known = Sent & { arrival: number };
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);
const is = (record: Sent, kind: string): boolean => list(record.fields["Kind"]).includes(kind);
const before = (a: Known, b: Known): boolean => a.time < b.time || (a.time === b.time && a.arrival < b.arrival);

/** Says by trying everything whether `last` completes a window among `known`, one group's records. */
function completes(type: string, known: readonly Known[], last: Known): boolean {
  const windows = known.map((first) => {
    return known.filter((one) => one.time >= first.time && one.time <= first.time + SPAN * SECOND);
  });
  const around = windows.filter((window) => window.includes(last));
  const chain = (kinds: readonly string[], boots: number): boolean => {
    const tuples = kinds.reduce<Known[][]>(
      (rows, kind) => rows.flatMap((row) => known.filter((one) => is(one, kind)).map((one) => [...row, one])),
      [[]],
    );
    return tuples.some((tuple) => {
      const first = tuple[0];
      const end = tuple.at(-1);
      if (first === undefined || end === undefined || !tuple.includes(last)) return false;
      if (end.time - first.time > SPAN * SECOND || Math.abs(end.boot - first.boot) > boots) return false;
      return tuple.every((one, i) => {
        const next = tuple[i + 1];
        return next === undefined || before(one, next);
      });
    });
  };
  switch (type) {
    case "temporal":
      return around.some((window) => ["a", "b", "c"].every((kind) => window.some((one) => is(one, kind))));
    case "temporal_ordered":
      return chain(["a", "b", "c"], Infinity);
    case "boots":
      return chain(["a", "b"], 1);
    case "event_count":
      return around.some((window) => window.filter((one) => is(one, "a") || is(one, "b")).length >= 3);
    default:
      return around.some((window) => {
        return new Set(window.filter((one) => is(one, "a")).flatMap((one) => list(one.fields["V"]))).size >= 3;
      });
  }
}

const KINDS: Record<string, readonly string[]> = {
  temporal: ["a", "b", "c"],
  temporal_ordered: ["a", "b", "c"],
  boots: ["a", "b"],
  event_count: ["a", "b"],
  value_count: ["a"],
};

describe("the correlator and brute force agree", () => {
  it.each(Object.entries(LIBRARIES))("%s", (type, library) => {
    let hits = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const correlator = new Correlator(library.correlations, []);
      const known: Known[] = [];
      for (const record of stream(seed, 24)) {
        const last = { ...record, arrival: record.n };
        known.push(last);
        const wanted = (KINDS[type] ?? []).some((kind) => is(record, kind));
        const expected = list(record.fields["G"]).filter((group) => {
          return (
            wanted &&
            completes(
              type,
              known.filter((one) => list(one.fields["G"]).includes(group)),
              last,
            )
          );
        });
        const found = push(library, correlator, record).map((hit) => hit.groupValues[0]);
        expect({ seed, n: record.n, found }).toEqual({ seed, n: record.n, found: expected });
        hits += found.length;
      }
    }
    expect(hits).toBeGreaterThan(20);
  });
});

/** The store's part: the last value of each key. */
function commit(stored: Map<string, string>, correlator: Correlator): void {
  for (const { key, value } of correlator.drainChanges()) {
    if (value === null) stored.delete(key);
    else stored.set(key, value);
  }
}

const entriesOf = (stored: ReadonlyMap<string, string>): StateEntry[] =>
  Array.from(stored, ([key, value]) => ({ key, value })).reverse();

describe("killed and restored", () => {
  const limits = { groupsPerCorrelation: 2, membersPerRule: 5 };

  it("goes on at every point as if nothing had happened, whatever the batches", () => {
    for (let seed = 1; seed <= 8; seed++) {
      const records = stream(seed, 32);
      const whole = new Correlator(ALL.correlations, [], limits);
      const hits = records.map((record) => push(ALL, whole, record).map(brief));
      const stored = new Map<string, string>();
      commit(stored, whole);
      for (let killed = 1; killed < records.length; killed++) {
        const state = new Map<string, string>();
        const first = new Correlator(ALL.correlations, [], limits);
        const resumed = records.slice(0, killed).map((record) => push(ALL, first, record).map(brief));
        commit(state, first);
        const second = new Correlator(ALL.correlations, entriesOf(state), limits);
        for (const record of records.slice(killed)) {
          resumed.push(push(ALL, second, record).map(brief));
          if (record.n % 3 === 0) commit(state, second);
        }
        commit(state, second);
        expect(resumed).toEqual(hits);
        expect(Object.fromEntries(state)).toEqual(Object.fromEntries(stored));
      }
      expect(hits.flat().length).toBeGreaterThan(10);
    }
  });
});

/** Two sources, each in its own order, that overtake each other by up to two seconds. */
function arrivals(seed: number, records: readonly Sent[]): Sent[] {
  const random = seededRandom(seed);
  const latest = new Map<string, number>();
  return records
    .map((record) => {
      const { src = "es" } = record;
      const arrival = Math.max(latest.get(src) ?? 0, record.time + Math.floor(random() * 2 * SECOND));
      latest.set(src, arrival);
      return { record, arrival };
    })
    .sort((one, other) => one.arrival - other.arrival || one.record.n - other.record.n)
    .map(({ record }) => record);
}

describe("arrival within two seconds across sources", () => {
  const told = (records: readonly Sent[]) => {
    const correlator = new Correlator(WAITING.correlations, []);
    const hits = [...records.flatMap((record) => push(WAITING, correlator, record)), ...correlator.finish()];
    return [
      ...new Set(
        hits.map(({ correlation, groupValues, members, memory }) => {
          const last = memory === null ? "" : ` ${members.at(-1)?.time ?? 0}`;
          return `${correlation.id} ${groupValues.join()}${last}`;
        }),
      ),
    ].sort();
  };

  it("changes nothing", () => {
    let hits = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const random = seededRandom(seed);
      let time = 0;
      const records = Array.from({ length: 24 }, (_, n): Sent => {
        time += Math.floor(random() * 2.5 * SECOND);
        const fields = { Kind: pick(random, ["a", "b", "c"]), G: pick(random, ["x", "y"]) };
        return { n, src: pick(random, ["es", "log"]), time, boot: 0, fields };
      });
      const inOrder = told(records);
      expect({ seed, told: told(arrivals(seed, records)) }).toEqual({ seed, told: inOrder });
      hits += inOrder.length;
    }
    expect(hits).toBeGreaterThan(500);
  });
});
