import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { UsedNumbers } from "./used-numbers.ts";

describe("UsedNumbers", () => {
  it.each<[string, number[], number[]]>([
    ["gives what is free", [5, 9, 7], [5, 9, 7]],
    ["goes on by one where it is not", [5, 5, 5, 6, 5], [5, 6, 7, 8, 9]],
    ["steps over a run that a later number began", [5, 7, 5, 5, 5], [5, 7, 6, 8, 9]],
    ["joins runs from below and from above", [5, 7, 6, 4, 4], [5, 7, 6, 4, 8]],
    ["takes 0", [0, 0], [0, 1]],
  ])("%s", (_name, wanted, given) => {
    const used = new UsedNumbers();
    expect(wanted.map((n) => used.take(n))).toEqual(given);
  });

  it("equals a plain set as long as it remembers everything", () => {
    const random = seededRandom(11);
    const used = new UsedNumbers();
    const plain = new Set<number>();
    for (let round = 0; round < 3000; round += 1) {
      const wanted = Math.floor(random() * 400);
      let expected = wanted;
      while (plain.has(expected)) expected += 1;
      plain.add(expected);
      expect(used.take(wanted)).toBe(expected);
    }
  });

  it("never gives a number twice, also when it cannot remember them all, and never a lower one", () => {
    const random = seededRandom(12);
    const used = new UsedNumbers();
    const given = new Set<number>();
    for (let round = 0; round < 20_000; round += 1) {
      const wanted = Math.floor(random() * 1_000_000_000);
      const n = used.take(wanted);
      expect(n).toBeGreaterThanOrEqual(wanted);
      given.add(n);
    }
    expect(given.size).toBe(20_000);
  });

  it("takes a flood of one number without walking through it", () => {
    const used = new UsedNumbers();
    for (let round = 0; round < 300_000; round += 1) used.take(8);
    expect(used.take(8)).toBe(300_008);
  });
});
