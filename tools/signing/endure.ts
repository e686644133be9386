import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { seededRandom } from "#core/base/seeded-random.ts";
import { inspectBytes } from "#core/signing/inspect.ts";
import { time } from "./certificate.ts";
import type { Damage, Random } from "./random-damage.ts";
import { idsSaid } from "./said.ts";

const NOW = time("2026-11-21T10:00:00Z");
/** A guard against hanging, far above what a run takes: of processor time, so that a busy machine does not decide it. */
const MOST_MS = 500;
/** The first run may pay for a compilation. */
const TRIES = 3;
/** Asking for the memory takes longer than an inspection. */
const LOOK_EVERY = 50;

/** What is wrong with how an input was taken: thrown, failed inside, or too slow in every try; null: nothing. */
export function faultOf(bytes: Buffer): string | null {
  let best = Infinity;
  for (let run = 0; run < TRIES && best >= MOST_MS; run++) {
    const before = process.threadCpuUsage();
    try {
      if (idsSaid(inspectBytes(bytes, { depth: "full", now: NOW })).includes("inspection-failed")) return "failed";
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    const { user, system } = process.threadCpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best < MOST_MS ? null : `took ${Math.round(best)} ms`;
}

export interface Endurance {
  /** A line each. */
  faults: string[];
  /** Bytes that are still held when all is over. */
  kept: number;
  /** Bytes by which the process had grown at most. */
  peak: number;
}

const COLLECTIONS = 5;

/** What is kept, apart from garbage: when the collector runs by itself is chance. Some of it is only let go between turns. */
async function heldBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let i = 0; i < COLLECTIONS; i++) {
    collect();
    await turn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Damages the samples in turn, `count` times in all. */
export async function endure(
  samples: Readonly<Record<string, Buffer>>,
  damage: (bytes: Buffer, random: Random) => Damage,
  count: number,
  seed: number,
): Promise<Endurance> {
  const random = seededRandom(seed);
  const list = Object.entries(samples);
  const held = await heldBytes();
  const resident = process.memoryUsage().rss;
  const faults: string[] = [];
  let peak = 0;
  for (let i = 0; i < count; i++) {
    const [name, image] = list[i % list.length] ?? ["", Buffer.alloc(0)];
    const { bytes, what } = damage(image, random);
    const fault = faultOf(bytes);
    if (fault) faults.push(`${name}, ${what}: ${fault}`);
    if (i % LOOK_EVERY === 0) peak = Math.max(peak, process.memoryUsage().rss - resident);
  }
  return { faults, kept: (await heldBytes()) - held, peak };
}
