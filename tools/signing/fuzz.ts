import { randomInt } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { seededRandom } from "#core/base/seeded-random.ts";
import { faultOf } from "./endure.ts";
import { layoutOf } from "./mach-o.ts";
import { damage } from "./random-damage.ts";
import { sampleImages } from "./samples.ts";

const HELP = `Damages signed binaries at random and inspects what is left, until an input makes the inspector throw, fail or hang.

  node tools/signing/fuzz.ts [--minutes N] [--seed S] [FILE…]

  --minutes N   how long (default 1)
  --seed S      a whole number: the same seed damages the same places (default: a new one, printed)
  FILE…         signed Mach-O files to start from, beside the small ones made here

A failing input is written to a temporary file whose name is printed. It ends with 0 when none failed, with 1 otherwise.
`;

const USAGE = 64;
const MAX_FAULTS = 10;
const MAX_GROWTH = 300 * 1024 * 1024;
const REPORT_EVERY_MS = 10_000;

interface Target {
  name: string;
  bytes: Buffer;
  /** Where damage does most: the headers or the signature. */
  interesting: { offset: number; length: number } | null;
}

function targets(files: readonly string[]): Target[] {
  const made = Object.entries(sampleImages());
  const given = files.map((file): [string, Buffer] => [basename(file), readFileSync(file)]);
  return [...made, ...given].flatMap(([name, bytes]) => {
    const signature = signatureOf(bytes);
    const header: Target = { name, bytes, interesting: { offset: 0, length: Math.min(bytes.length, 1024) } };
    return signature ? [header, { name, bytes, interesting: signature }] : [header];
  });
}

/** Of a thin image; null for others, whose headers are damaged instead. */
function signatureOf(bytes: Buffer): Target["interesting"] {
  try {
    const { codeSignature } = layoutOf(bytes);
    return codeSignature && { offset: codeSignature.offset, length: codeSignature.size };
  } catch {
    return null;
  }
}

function fuzz(minutes: number, seed: number, files: readonly string[]): number {
  console.log(`seed ${seed}`);
  const random = seededRandom(seed);
  const list = targets(files);
  const folder = mkdtempSync(join(tmpdir(), "sealbar-fuzz-"));
  const started = performance.now();
  const memory = process.memoryUsage().rss;
  let faults = 0;
  let runs = 0;
  let reported = 0;
  for (; performance.now() - started < minutes * 60_000 && faults < MAX_FAULTS; runs++) {
    const target = list[runs % list.length];
    if (!target) break;
    const { bytes, what } = damage(target.bytes, random, target.interesting);
    const fault = faultOf(bytes) ?? (process.memoryUsage().rss - memory > MAX_GROWTH ? "memory keeps growing" : null);
    if (fault) {
      faults++;
      const path = join(folder, `${faults}.bin`);
      writeFileSync(path, bytes);
      console.log(`${path}: ${target.name}, ${what}\n  ${fault}`);
    }
    if (performance.now() - started - reported > REPORT_EVERY_MS) {
      reported = performance.now() - started;
      console.log(`${Math.round(reported / 1000)} s: ${runs} inputs, ${faults} failed`);
    }
  }
  console.log(`${runs} inputs, ${faults} failed (seed ${seed})`);
  return faults > 0 ? 1 : 0;
}

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { minutes: { type: "string" }, seed: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const minutes = Number(values.minutes ?? 1);
  const seed = Number(values.seed ?? randomInt(2 ** 32));
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error(HELP);
    return USAGE;
  }
  return fuzz(minutes, seed, positionals);
}

try {
  process.exitCode = main();
} catch (error) {
  // A wrong option or a file that is not there: parseArgs and readFileSync say which.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = USAGE;
}
