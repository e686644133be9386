import { describe, expect, it } from "vitest";
import { EsLoss } from "./es-loss.ts";
import { GapAccounting } from "./gap-accounting.ts";
import { GRACE_DELIVERIES, NumberGaps } from "./number-gaps.ts";
import { seededRandom } from "#core/base/seeded-random.ts";

type Fate = "delivered" | "announced" | "late" | "twice" | "lost";
const FATES: Fate[] = ["delivered", "delivered", "delivered", "announced", "late", "twice", "lost"];

/** Numbers 1..count with a random fate each, in an order in which a helper might send them. */
function history(seed: number, count: number): { fates: Map<number, Fate>; calls: [number, number][] } {
  const random = seededRandom(seed);
  const fates = new Map<number, Fate>([[1, "delivered"]]);
  const calls: [number, number][] = [[1, 1]];
  const later: { due: number; n: number }[] = [];
  for (let n = 2; n <= count; n += 1) {
    const fate = FATES[Math.floor(random() * FATES.length)] ?? "delivered";
    fates.set(n, fate);
    if (fate === "delivered" || fate === "announced" || fate === "twice") calls.push([n, n]);
    if (fate === "late" || fate === "twice") later.push({ due: n + Math.floor(random() * 40), n });
    for (const item of later.filter(({ due }) => due === n)) calls.push([item.n, item.n]);
  }
  for (const item of later.filter(({ due }) => due > count)) calls.push([item.n, item.n]);
  return { fates, calls };
}

describe("NumberGaps", () => {
  it("accounts for every number exactly once, whatever is lost, late or doubled", () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const { fates, calls } = history(seed, 700);
      const gaps = new NumberGaps();
      const seen = new Map<number, number>();
      const note = (n: number) => seen.set(n, (seen.get(n) ?? 0) + 1);
      for (const [from, to] of calls) {
        if (gaps.account(from, to) === 1) note(from);
        for (const range of gaps.takeMissing(false)) for (let n = range.from; n <= range.to; n += 1) note(n);
      }
      const missing = gaps.takeMissing(true).flatMap(({ from, to }) => {
        return Array.from({ length: to - from + 1 }, (_, index) => from + index);
      });
      missing.forEach(note);
      const highest = Math.max(...calls.map(([, to]) => to));
      for (let n = 1; n <= highest; n += 1) expect(seen.get(n), `seed ${seed}, number ${n}`).toBe(1);
      for (const n of missing) expect(fates.get(n)).toBe("lost");
      expect(gaps.takeMissing(true)).toEqual([]);
    }
  });

  it("waits for a late number, then reports the hole and takes nothing back", () => {
    const gaps = new NumberGaps();
    gaps.account(1, 1);
    gaps.account(10, 10);
    for (let n = 11; n < 10 + GRACE_DELIVERIES; n += 1) gaps.account(n, n);
    expect(gaps.takeMissing(false)).toEqual([]);
    gaps.account(10 + GRACE_DELIVERIES, 10 + GRACE_DELIVERIES);
    expect(gaps.takeMissing(false)).toEqual([{ from: 2, to: 9 }]);
    expect(gaps.account(5, 5)).toBe(0);
    expect(gaps.takeMissing(true)).toEqual([]);
  });

  it("splits a hole around what arrives late", () => {
    const gaps = new NumberGaps();
    gaps.account(1, 1);
    gaps.account(10, 10);
    expect(gaps.account(4, 5)).toBe(2);
    expect(gaps.takeMissing(true)).toEqual([
      { from: 2, to: 3 },
      { from: 6, to: 9 },
    ]);
  });

  it("counts a hostile jump without walking through it", () => {
    const gaps = new NumberGaps();
    gaps.account(1, 1);
    gaps.account(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    expect(gaps.takeMissing(true)).toEqual([{ from: 2, to: Number.MAX_SAFE_INTEGER - 1 }]);
  });
});

describe("EsLoss", () => {
  const total = (pairs: [number, number][]) => {
    const loss = new EsLoss();
    return pairs.reduce((sum, [n, globalSeqNum]) => sum + loss.deliver(n, globalSeqNum), 0);
  };

  it.each<[string, [number, number][], number]>([
    [
      "nothing is lost",
      [
        [1, 0],
        [2, 1],
        [3, 2],
      ],
      0,
    ],
    [
      "a client that began earlier",
      [
        [1, 5000],
        [2, 5001],
      ],
      0,
    ],
    [
      "an exact hole",
      [
        [1, 0],
        [2, 4],
      ],
      3,
    ],
    [
      "what the helper shed is not lost by macOS",
      [
        [1, 0],
        [41, 40],
      ],
      0,
    ],
    [
      "both at once",
      [
        [1, 0],
        [41, 45],
      ],
      5,
    ],
    [
      "disorder counts once and never below zero",
      [
        [1, 0],
        [2, 2],
        [3, 1],
        [4, 3],
      ],
      1,
    ],
    [
      "the same frame again",
      [
        [1, 0],
        [2, 4],
        [2, 4],
        [1, 0],
        [3, 5],
      ],
      3,
    ],
    [
      "a restart that was not announced",
      [
        [1, 0],
        [2, 900],
        [3, 0],
        [4, 1],
      ],
      899,
    ],
    [
      "a restart far below",
      [
        [1, 50_000],
        [2, 50_001],
        [3, 7],
        [4, 8],
      ],
      0,
    ],
  ])("%s", (_name, pairs, lost) => {
    expect(total(pairs)).toBe(lost);
  });

  it("equals the number of dropped events for random drops", () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seededRandom(seed);
      const pairs: [number, number][] = [];
      let dropped = 0;
      let waiting = 0;
      for (let globalSeqNum = 0, n = 1; globalSeqNum < 500; globalSeqNum += 1) {
        if (random() < 0.2) {
          if (pairs.length > 0) waiting += 1;
          continue;
        }
        dropped += waiting;
        waiting = 0;
        pairs.push([n, globalSeqNum]);
        n += 1;
      }
      expect(total(pairs), `seed ${seed}`).toBe(dropped);
    }
  });
});

describe("GapAccounting", () => {
  const gap = { src: "es", from: 101, to: 140, count: 40, why: "helper-overflow" } as const;

  it("does not report what a gap frame names, before or after the hole shows", () => {
    for (const order of ["before", "after"]) {
      const gaps = new GapAccounting();
      gaps.deliver("es", 100);
      if (order === "after") gaps.deliver("es", 141);
      expect(gaps.announce(gap)).toBe(40);
      if (order === "before") gaps.deliver("es", 141);
      expect(gaps.announce(gap)).toBe(0);
      expect(gaps.end()).toEqual([]);
    }
  });

  it("keeps sources apart and reports what no gap frame names", () => {
    const gaps = new GapAccounting();
    gaps.deliver("log", 1);
    gaps.deliver("es", 1);
    gaps.deliver("es", 4);
    gaps.deliver("log", 2);
    expect(gaps.end()).toEqual([{ source: "es", from: 2, to: 3 }]);
  });

  it("passes on counts that nobody knows, and bad ranges, without believing them", () => {
    const gaps = new GapAccounting();
    gaps.deliver("log", 1);
    expect(gaps.announce({ src: "log", from: null, to: null, count: null, why: "source-dropped" })).toBeNull();
    expect(gaps.announce({ src: "log", from: 9, to: 2, count: 3, why: "helper-overflow" })).toBe(3);
    expect(gaps.announce({ src: "log", from: 2, to: 3, count: -5, why: "helper-overflow" })).toBeNull();
    expect(gaps.end()).toEqual([]);
  });

  it("counts a loss once when both a gap frame and eslogger's count tell of it", () => {
    const gaps = new GapAccounting();
    gaps.deliverEsEvent(1, 10);
    expect(gaps.announce({ src: "es", from: null, to: null, count: 3, why: "source-dropped" })).toBe(3);
    expect(gaps.deliverEsEvent(2, 16)).toBe(2);
    gaps.restartEs();
    expect(gaps.deliverEsEvent(3, 0)).toBe(0);
  });
});
