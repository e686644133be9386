import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { buildHelper, type Compiler, compilerFor } from "../build.ts";

/** All the helper's time limits are this much shorter in tests. */
export const LIMIT_DIVISOR = 10;

const SANITIZERS = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

export interface TestBuild {
  extra?: readonly string[];
  /** False where speed or memory is what is looked at. */
  sanitize?: boolean;
  limitDivisor?: number;
}

function hostCompiler(): Compiler {
  const compiler = compilerFor("host");
  if (compiler === null) throw new Error("nothing here compiles for this machine");
  return compiler;
}

/** A folder that a test build of the helper takes for the whole machine: its programs, its socket, its spool. */
export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "sealbar-helper-"));
  readonly helper = this.at("sealbar-helper");

  constructor() {
    // Another user must be able to reach the socket.
    chmodSync(this.folder, 0o711);
    for (const folder of ["usr/bin", "usr/sbin", "sbin", "bin", "var/run", "var/db", "marks"]) {
      mkdirSync(this.at(folder), { recursive: true });
    }
  }

  at(path: string): string {
    return join(this.folder, path);
  }

  build({ extra = [], sanitize = true, limitDivisor = LIMIT_DIVISOR }: TestBuild = {}): void {
    const problem = buildHelper({
      compiler: hostCompiler(),
      output: this.helper,
      extra: [
        ...(sanitize ? SANITIZERS : []),
        `-DSEALBAR_PREFIX="${this.folder}"`,
        `-DSEALBAR_LIMIT_DIVISOR=${limitDivisor}`,
        "-DSEALBAR_TEST_BUILD",
        ...extra,
      ],
    });
    if (problem !== null) throw new Error(problem);
  }

  /** The helper as it is shipped, for this machine. */
  buildShipped(output: string): void {
    const problem = buildHelper({ compiler: hostCompiler(), output });
    if (problem !== null) throw new Error(problem);
  }

  /** Compiles one of the stand-ins of native/test. */
  tool(name: string): string {
    const { command, args } = hostCompiler();
    const output = this.at(name);
    const run = spawnSync(command, [...args, "-O2", "-o", output, join(import.meta.dirname, `${name}.c`)], {
      encoding: "utf8",
    });
    if (run.status !== 0) throw new Error(run.stderr);
    return output;
  }

  /** A program, as a shell script. Constructed: it has the words of the real one where they matter. */
  standIn(path: string, script: string): void {
    const file = this.at(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  write(path: string, text: string): void {
    writeFileSync(this.at(path), text);
  }

  remove(path: string): void {
    rmSync(this.at(path), { recursive: true, force: true });
  }

  /** A number that a stand-in wrote to marks/. */
  marked(name: string): number {
    return Number(readFileSync(this.at(`marks/${name}`), "utf8"));
  }

  hasMark(name: string): boolean {
    return existsSync(this.at(`marks/${name}`)) && readFileSync(this.at(`marks/${name}`), "utf8").endsWith("\n");
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether it still runs. One that ended and that nobody has collected yet (a container without an init) does not. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync("/proc/self/stat") || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

export async function until(condition: () => boolean, limitMs = 10_000): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    if (condition()) return true;
    await pause(10);
  }
  return condition();
}
