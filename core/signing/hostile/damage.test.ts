import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { time } from "#tools/signing/certificate.ts";
import { type Damage, flipAnywhere, type Random, truncate } from "#tools/signing/random-damage.ts";
import { idsSaid } from "#tools/signing/said.ts";
import { sampleImages } from "#tools/signing/samples.ts";
import { inspectBytes } from "../inspect.ts";

const NOW = time("2026-11-21T10:00:00Z");
const FLIPS = 10_000;
const TRUNCATIONS = 2_000;
/** A guard against hanging, far above what a run takes: of processor time, so that a busy machine does not decide it. */
const MOST_MS = 500;
const MAX_GROWTH = 150 * 1024 * 1024;

/** What went wrong with one input; null: nothing. The best of three runs counts: the first may pay for a compilation. */
function faultOf(bytes: Buffer): string | null {
  let best = Infinity;
  for (let run = 0; run < 3 && best >= MOST_MS; run++) {
    const before = process.threadCpuUsage();
    try {
      if (idsSaid(inspectBytes(bytes, { depth: "full", now: NOW })).includes("inspection-failed")) return "failed";
    } catch (error) {
      return `threw ${String(error)}`;
    }
    const { user, system } = process.threadCpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best < MOST_MS ? null : `took ${Math.round(best)} ms`;
}

function faults(make: (bytes: Buffer, random: Random) => Damage, count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const samples = Object.entries(sampleImages());
  const found: string[] = [];
  for (let i = 0; i < count; i++) {
    const [name, image] = samples[i % samples.length] ?? ["", Buffer.alloc(0)];
    const { bytes, what } = make(image, random);
    const fault = faultOf(bytes);
    if (fault) found.push(`${name}, ${what}: ${fault}`);
  }
  return found;
}

describe("random damage never throws, hangs or eats memory", () => {
  it(`${FLIPS} flips of a bit`, { timeout: 300_000 }, () => {
    const before = process.memoryUsage().rss;
    expect(faults(flipAnywhere, FLIPS, 1)).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH);
  });

  it(`${TRUNCATIONS} truncations`, { timeout: 120_000 }, () => {
    const before = process.memoryUsage().rss;
    expect(faults(truncate, TRUNCATIONS, 2)).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH);
  });
});
