import { existsSync, mkdirSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeCapture } from "./generate.ts";
import { benchHelper } from "./helper.ts";
import { measure, type Measured } from "./measured.ts";
import { benchRules } from "./rules.ts";
import { benchSigning } from "./signing.ts";

const HERE = import.meta.dirname;
const FOLDER = join(HERE, "../.cache/bench");

const WAYS = ["bare", "pipeline", "store"] as const;
type Way = (typeof WAYS)[number];
const SUBJECTS: readonly (string | undefined)[] = [undefined, "signing", "helper", "rules"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: "string", default: "200000" },
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
  },
});
const [subject, ...more] = positionals;
if (more.length > 0 || !SUBJECTS.includes(subject)) {
  process.stderr.write(
    "Usage: npm run bench [-- signing | helper | rules]   without a word: the pipeline (--events N --rounds N --seed N)\n",
  );
  process.exit(64);
}
if (subject === "signing" || subject === "helper") {
  await (subject === "signing" ? benchSigning() : benchHelper());
  process.exit();
}

const events = Number(values.events);
const rounds = Number(values.rounds);

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

mkdirSync(FOLDER, { recursive: true });
const capture = join(FOLDER, `bench-${events}-${values.seed}.sealcap.jsonl`);
if (!existsSync(capture)) {
  process.stderr.write(`making a capture of ${events} events …\n`);
  await writeCapture(capture, { events, seed: Number(values.seed) });
}
if (subject === "rules") {
  benchRules(capture);
  process.exit();
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
