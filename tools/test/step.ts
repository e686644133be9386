import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
  /** Of those that passed, how many had to be tried again. */
  retried?: number;
}

/** One thing `npm test` does. `skip` is set, with how to get it, where this machine lacks what it needs. */
export interface Step {
  name: string;
  run: () => Promise<Count>;
  skip?: { why: string; howTo: string } | null;
}

export const total = (counts: readonly Count[]): Count =>
  counts.reduce(
    (sum, count) => ({
      passed: sum.passed + count.passed,
      failed: sum.failed + count.failed,
      skipped: sum.skipped + count.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/** Runs one of the project's tools (or this Node) with its output shown; resolves to its exit code. */
export function runTool(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const bin = command === "node" ? process.execPath : join(ROOT, "node_modules/.bin", command);
  return new Promise((resolve) => {
    const child = spawn(bin, args, {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    });
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on("close", (code) => {
      resolve(code ?? 1);
    });
  });
}

/** A step whose tool has no tests of its own: it counts as one. */
export function check(name: string, command: string, ...args: string[]): Step {
  return {
    name,
    run: async () =>
      (await runTool(command, args)) === 0
        ? { passed: 1, failed: 0, skipped: 0 }
        : { passed: 0, failed: 1, skipped: 0 },
  };
}

/** Counts from a runner's JSON report; a runner that wrote none, or failed with no failed test, failed once. */
async function counted(report: string, run: () => Promise<number>, read: (json: unknown) => Count): Promise<Count> {
  const file = join(ROOT, report);
  rmSync(file, { force: true });
  const code = await run();
  let count: Count;
  try {
    count = read(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const silentFailure = code !== 0 && count.failed === 0;
  const nothingRan = count.passed + count.failed + count.skipped === 0;
  return silentFailure || nothingRan ? { ...count, failed: count.failed + 1 } : count;
}

export function vitest(...projects: string[]): Promise<Count> {
  const report = `test-results/vitest-${projects.join("-")}.json`;
  const args = [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...projects.flatMap((name) => ["--project", name]),
  ];
  return counted(
    report,
    () => runTool("vitest", args),
    (json) => {
      const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = json as Record<string, number>;
      return {
        passed: numPassedTests ?? 0,
        failed: numFailedTests ?? 0,
        skipped: (numPendingTests ?? 0) + (numTodoTests ?? 0),
      };
    },
  );
}

export function playwright(env: NodeJS.ProcessEnv): Promise<Count> {
  const report = "test-results/e2e.json";
  return counted(
    report,
    () => runTool("playwright", ["test"], env),
    (json) => {
      const { stats } = json as { stats: { expected: number; unexpected: number; flaky: number; skipped: number } };
      const { expected, flaky, unexpected, skipped } = stats;
      return { passed: expected + flaky, failed: unexpected, skipped, retried: flaky };
    },
  );
}
