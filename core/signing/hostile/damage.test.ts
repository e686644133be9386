import { describe, expect, it } from "vitest";
import { endure } from "#tools/signing/endure.ts";
import { flipAnywhere, truncate } from "#tools/signing/random-damage.ts";
import { sampleImages } from "#tools/signing/samples.ts";

const MOST_KEPT = 32 * 1024 * 1024;
/** With the garbage that the collector has not got to. */
const MOST_GROWN = 512 * 1024 * 1024;

describe("random damage never throws, hangs or eats memory", () => {
  it.each([
    { what: "flips of a bit", damage: flipAnywhere, count: 10_000, seed: 1 },
    { what: "truncations", damage: truncate, count: 2_000, seed: 2 },
  ])("$count $what", { timeout: 300_000 }, async ({ damage, count, seed }) => {
    const { faults, kept, peak } = await endure(sampleImages(), damage, count, seed);
    expect(faults).toEqual([]);
    expect(kept).toBeLessThan(MOST_KEPT);
    expect(peak).toBeLessThan(MOST_GROWN);
  });
});
