import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { inspectPath } from "#core/signing/inspect.ts";
import { InspectorPool } from "#core/signing/pool.ts";
import { systemClock } from "#core/base/clock.ts";
import { machO } from "#tools/signing/mach-o.ts";
import { signedPackage } from "#tools/signing/packages.ts";
import { signAdHoc } from "#tools/signing/sign.ts";

const HERE = import.meta.dirname;
const FOLDER = join(HERE, "../.cache/bench");
const ROUNDS = 5;
const LARGE = 128 * 1024 * 1024;
const TREE_FILES = 500;
const READ_AT_ONCE = 1024 * 1024;

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const time = (work: () => void): number => {
  const started = performance.now();
  work();
  return performance.now() - started;
};

/** What raw SHA-256 takes: the same file read the same way, one hash over everything. */
function rawSha256(path: string): void {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafeSlow(READ_AT_ONCE);
  const fd = openSync(path, "r");
  for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer))
    hash.update(buffer.subarray(0, count));
  closeSync(fd);
  hash.digest();
}

/** A large program of our own with pages of `pageSize`. */
function largeProgram(pageSize: number): string {
  const path = join(FOLDER, `large-${pageSize}`);
  if (!existsSync(path)) {
    const image = machO({ textSize: LARGE, seed: "bench" });
    writeFileSync(path, signAdHoc(image, { pageSize, hashes: ["sha256"] }));
  }
  return path;
}

const inspectOnce = (path: string, depth: "header" | "full") =>
  inspectPath(path, { depth, now: systemClock.now() }).inspection;

function pagesTable(): void {
  console.log("| page hashes of | MB | MB/s | raw SHA-256 MB/s | of raw |\n|---|---:|---:|---:|---:|");
  const deno = signedPackage("deno");
  const files: [string, string][] = [
    ["own program, 16 KiB pages", largeProgram(16384)],
    ["own program, 4 KiB pages", largeProgram(4096)],
    ...(deno === null ? [] : [["deno 2.9.5", join(deno, "deno")] satisfies [string, string]]),
  ];
  for (const [name, path] of files) {
    const megabytes = statSync(path).size / 1e6;
    const raw: number[] = [];
    const ours: number[] = [];
    // One after the other, so that what else the machine does falls on both.
    for (let round = 0; round <= ROUNDS; round += 1) {
      raw.push(time(() => rawSha256(path)));
      ours.push(time(() => inspectOnce(path, "full")) - time(() => inspectOnce(path, "header")));
    }
    const [rawRate, rate] = [raw, ours].map((times) => (megabytes / median(times.slice(1))) * 1000);
    const share = (rate ?? 0) / (rawRate ?? 1);
    console.log(
      `| ${name} | ${megabytes.toFixed(0)} | ${rate?.toFixed(0)} | ${rawRate?.toFixed(0)} | ${share.toFixed(2)} |`,
    );
  }
}

function headerTable(): void {
  console.log("\n| signature alone (L1) | cold | warm |\n|---|---:|---:|");
  const notifier = signedPackage("osx-notifier");
  const node = signedPackage("node");
  const deno = signedPackage("deno");
  const files: [string, string | null][] = [
    ["own program, ad hoc", largeProgram(16384)],
    [
      "terminal-notifier, Developer ID, SHA-1",
      notifier && join(notifier, "osx/terminal-notifier-info.app/Contents/MacOS/terminal-notifier"),
    ],
    ["node 8.3.0, Developer ID, SHA-1", node && join(node, "bin/node")],
    ["deno 2.9.5, Developer ID, SHA-256", deno && join(deno, "deno")],
  ];
  for (const [name, path] of files) {
    if (path === null) continue;
    const cold = Array.from({ length: ROUNDS }, () => inNewProcess(path));
    for (let round = 0; round < 20; round += 1) inspectOnce(path, "header");
    const warm = Array.from({ length: 50 }, () => time(() => inspectOnce(path, "header")));
    console.log(`| ${name} | ${median(cold).toFixed(1)} ms | ${median(warm).toFixed(2)} ms |`);
  }
}

/** The first inspection of a process: nothing compiled, no key or certificate known. */
function inNewProcess(path: string): number {
  const run = spawnSync(process.execPath, [join(HERE, "signing-cold.ts"), path], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (run.status !== 0) throw new Error("the cold measurement failed");
  return Number(run.stdout);
}

async function treeTable(): Promise<void> {
  const folder = join(FOLDER, "tree");
  mkdirSync(folder, { recursive: true });
  const paths = Array.from({ length: TREE_FILES }, (_, index) => join(folder, `tool-${index}`));
  for (const [index, path] of paths.entries())
    if (!existsSync(path))
      writeFileSync(path, signAdHoc(machO({ textSize: 65_536 + 4096 * (index % 64), seed: `tool ${index}` })));
  const megabytes = paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1e6;
  console.log(
    `\n| ${TREE_FILES} programs, ${megabytes.toFixed(0)} MB, every page | seconds | files/s |\n|---|---:|---:|`,
  );
  for (const [name, known] of [
    ["threads started, nothing known", false],
    ["asked again", true],
  ] as const) {
    const pool = new InspectorPool({
      workerUrl: new URL("../core/signing/inspect-worker.ts", import.meta.url),
      now: () => systemClock.now(),
    });
    const all = async () => {
      await Promise.all(paths.map((path) => pool.inspect(path, { depth: "full" })));
    };
    if (known) await all();
    const started = performance.now();
    await all();
    const seconds = (performance.now() - started) / 1000;
    console.log(`| ${name} | ${seconds.toFixed(2)} | ${Math.round(TREE_FILES / seconds).toLocaleString("en")} |`);
    await pool.close();
  }
}

/** `npm run bench -- signing`. */
export async function benchSigning(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  console.log(
    `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, Node ${process.version}; medians\n`,
  );
  pagesTable();
  headerTable();
  await treeTable();
}
