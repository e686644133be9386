import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { writeCapture } from "./generate.ts";
import { benchHelper } from "./helper.ts";
import { benchSigning } from "./signing.ts";

const HERE = import.meta.dirname;
const FOLDER = join(HERE, "../.cache/bench");

const Measured = z.object({
  events: z.number(),
  seconds: z.number(),
  /** Of all threads; says more than the clock does on a machine that has other work. */
  cpuSeconds: z.number(),
  peakMiB: z.number(),
  batchP99Ms: z.number().nullable(),
});
type Measured = z.infer<typeof Measured>;

const WAYS = ["bare", "pipeline", "store"] as const;
type Way = (typeof WAYS)[number];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: "string", default: "200000" },
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
  },
});
const [subject, ...more] = positionals;
if (more.length > 0 || (subject !== undefined && subject !== "signing" && subject !== "helper")) {
  process.stderr.write(
    "Usage: npm run bench [-- signing | helper]   without a word: the pipeline (--events N --rounds N --seed N)\n",
  );
  process.exit(64);
}
if (subject !== undefined) {
  await (subject === "signing" ? benchSigning() : benchHelper());
  process.exit();
}

const events = Number(values.events);
const rounds = Number(values.rounds);

/** Each way in a process of its own, so that peak memory is its own too. */
function measure(way: Way, capture: string): Measured {
  const run = spawnSync(process.execPath, [join(HERE, "measure.ts"), way, capture], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (run.status !== 0) throw new Error(`the measurement “${way}” failed with exit code ${run.status}`);
  return Measured.parse(JSON.parse(run.stdout));
}

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

mkdirSync(FOLDER, { recursive: true });
const capture = join(FOLDER, `bench-${events}-${values.seed}.sealcap.jsonl`);
if (!existsSync(capture)) {
  process.stderr.write(`making a capture of ${events} events …\n`);
  await writeCapture(capture, { events, seed: Number(values.seed) });
}
const megabytes = statSync(capture).size / 1e6;

const results: Record<Way, Measured[]> = { bare: [], pipeline: [], store: [] };
for (let round = 1; round <= rounds; round += 1) {
  for (const way of WAYS) {
    process.stderr.write(`round ${round} of ${rounds}: ${way}\n`);
    results[way].push(measure(way, capture));
  }
}

const rate = (way: Way): number => median(results[way].map((one) => one.events / one.seconds));
const bare = rate("bare");
const LABEL: Record<Way, string> = {
  bare: "split + JSON.parse (the bare limit)",
  pipeline: "pipeline without store",
  store: "pipeline with store",
};

console.log(
  `\n${events} events, ${megabytes.toFixed(0)} MB; ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, Node ${process.version}; medians of ${rounds}\n`,
);
console.log(
  "| what | events/s | MB/s | of the limit | CPU an event | batch p99 | peak memory |\n|---|---:|---:|---:|---:|---:|---:|",
);
for (const way of WAYS) {
  const p99 = median(results[way].map((one) => one.batchP99Ms ?? 0));
  const cells = [
    LABEL[way],
    Math.round(rate(way)).toLocaleString("en"),
    ((rate(way) / events) * megabytes).toFixed(0),
    (rate(way) / bare).toFixed(2),
    `${median(results[way].map((one) => (one.cpuSeconds / one.events) * 1e6)).toFixed(1)} µs`,
    p99 === 0 ? "" : `${p99.toFixed(1)} ms`,
    `${Math.round(median(results[way].map((one) => one.peakMiB)))} MiB`,
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
