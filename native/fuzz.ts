import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const HERE = import.meta.dirname;
const SOURCES = [
  "anchor",
  "clock",
  "frame",
  "framer",
  "json",
  "platform_common",
  "queue",
  "request",
  "tally",
  "text",
].map((name) => join(HERE, "src", `${name}.c`));
const TARGET = join(HERE, "test/fuzz_target.c");
const SANITIZERS = "address,undefined";
const CLANGS = [
  "clang",
  "clang-21",
  "clang-20",
  "clang-19",
  "clang-18",
  "clang-17",
  "clang-16",
  "clang-15",
  "clang-14",
];

/** Where the changes start from: something of everything that the targets know. The first three bytes are the target's own. */
const SEEDS = [
  '\u0010\u0003 {"v":1,"r":"hello","id":"a","protocol":[1,2],"client":"x"}\n',
  '\u0010\u0003 {"v":1,"r":"inspect","id":7,"path":"/Applications/A\\u00e9 \\ud83d\\ude00.app","pid":1,"pidversion":2,"assess":true}\n',
  '\u0001\u0001 {"r":"probes","names":["mount","sysctl"],"id":null}\n{"r":"ack","mark":12}\r\n{"r":"since","time":"2026-11-21T10:00:00Z"}',
  '\u0002\u0002 {"r":"sources","want":[],"x":{"a":[1,-2.5e3,{"b":"\\n"}],"c":null,"d":false}}',
  `\u0004\u0002 {"v":1,"r":"anchor","id":3,"journal":"${"0a".repeat(32)}","seq":41,"hash":"${"f9".repeat(32)}"}\n{"v":1,"r":"anchors"}`,
  `\u0005\u0003 sealbar-posture-anchor 1\n501 41 ${"0a".repeat(32)} ${"f9".repeat(32)}\n0 9007199254740991 ${"0a".repeat(32)} ${"00".repeat(32)}\n`,
  '\u0001\u0005 {"v":1,"t":"event","src":"es","n":12,"at":"x","body":{}}\n{"v":1,"t":"gap","src":"log","from":3,"to":3,"count":1,"why":"unreadable"}\n{"v":1,"t":"probe"}\n',
  `\u0003\u0004 ${"x".repeat(600)}\n\n\r\n${"y".repeat(30)}`,
];

function compiles(command: string, args: readonly string[]): string | null {
  const run = spawnSync(command, args, { encoding: "utf8" });
  return run.error === undefined && run.status === 0 ? null : (run.stderr ?? run.error?.message ?? "");
}

/** A clang that has libFuzzer; not every one comes with it. */
function buildWithLibFuzzer(output: string): string | null {
  const args = [
    "-D_GNU_SOURCE",
    "-std=c11",
    "-O1",
    "-g",
    `-fsanitize=fuzzer,${SANITIZERS}`,
    "-fno-sanitize-recover=all",
  ];
  return CLANGS.find((clang) => compiles(clang, [...args, "-o", output, TARGET, ...SOURCES]) === null) ?? null;
}

function buildWithDriver(output: string): void {
  const args = ["-D_GNU_SOURCE", "-std=c11", "-O1", "-g", `-fsanitize=${SANITIZERS}`, "-fno-sanitize-recover=all"];
  const problem = compiles("cc", [...args, "-o", output, TARGET, join(HERE, "test/fuzz_driver.c"), ...SOURCES]);
  if (problem !== null) throw new Error(`The fuzz target could not be built.\n${problem}`);
}

/**
 * Throws changed input at the helper's parsers.
 * @returns what it did; throws with what the sanitizers said when something was found
 */
export function fuzz({ seconds, seed, libFuzzer }: { seconds: number; seed: number; libFuzzer: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), "sealbar-fuzz-"));
  try {
    const program = join(folder, "fuzz");
    const files = SEEDS.map((text, i) => {
      const file = join(folder, `seed-${i}`);
      writeFileSync(file, text);
      return file;
    });
    const clang = libFuzzer ? buildWithLibFuzzer(program) : null;
    if (clang === null) buildWithDriver(program);
    const args =
      clang === null
        ? [String(seconds), String(seed), ...files]
        : [
            `-max_total_time=${seconds}`,
            `-seed=${seed}`,
            "-max_len=2048",
            "-timeout=10",
            `-artifact_prefix=${folder}/`,
            folder,
          ];
    const run = spawnSync(program, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
    if (run.status !== 0) throw new Error(`The fuzz target failed (seed ${seed}).\n${run.stderr.slice(-8000)}`);
    const how = clang === null ? "without libFuzzer" : `with libFuzzer (${clang})`;
    const runs = /(\d+) runs/.exec(clang === null ? run.stdout : run.stderr)?.[1] ?? "?";
    return `${runs} inputs in ${seconds} s, ${how}, seed ${seed}: nothing found.`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(): void {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "60" },
      seed: { type: "string", default: "1" },
      "no-libfuzzer": { type: "boolean", default: false },
    },
  });
  const seconds = Number(values.seconds);
  const seed = Number(values.seed);
  if (!Number.isInteger(seconds) || seconds < 1 || !Number.isInteger(seed) || seed < 1) {
    process.stderr.write("usage: node native/fuzz.ts [--seconds N] [--seed N] [--no-libfuzzer]\n");
    process.exitCode = 64;
    return;
  }
  process.stdout.write(`${fuzz({ seconds, seed, libFuzzer: !values["no-libfuzzer"] })}\n`);
}

if (import.meta.main) main();
