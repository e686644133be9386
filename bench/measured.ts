import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import type { RulesWay } from "./rule-libraries.ts";

const Measured = z.object({
  events: z.number(),
  seconds: z.number(),
  /** Of all threads; says more than the clock does on a machine that has other work. */
  cpuSeconds: z.number(),
  peakMiB: z.number(),
  batchP99Ms: z.number().nullable(),
});
export type Measured = z.infer<typeof Measured>;

/** See measure.ts. */
export type Way = "bare" | "pipeline" | "store" | Exclude<RulesWay, "shipped">;

/** Each way in a process of its own, so that peak memory is its own too. */
export function measure(way: Way, capture: string): Measured {
  const run = spawnSync(process.execPath, [join(import.meta.dirname, "measure.ts"), way, capture], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (run.status !== 0) throw new Error(`the measurement “${way}” failed with exit code ${run.status}`);
  return Measured.parse(JSON.parse(run.stdout));
}
