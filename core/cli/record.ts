import { existsSync } from "node:fs";
import type { SourceName } from "#contract/source.ts";
import { visibleText } from "#contract/visible-text.ts";
import { CaptureWriter } from "./capture-writer.ts";
import { coverageKey, coverageLine } from "./coverage-view.ts";
import { CliError, EXIT, type ExitCode } from "./exit-codes.ts";
import { type LiveDeps, LiveRun, readSources, requireMac, systemLiveDeps } from "./live.ts";
import { findingBlock } from "./row-line.ts";
import { parseWords } from "./parse-words.ts";

const HELP = `sealbar record FILE [--sources es,log,fs,proc,probe]

Watches this Mac until Ctrl-C and writes what it sees as a capture, for “sealbar replay FILE”: FILE.sealcap.jsonl, or
compressed with .gz at the end. Findings are shown as they come. A file that is there is never written over.
A capture holds command lines, paths and names of this Mac: look at it before you give it away.`;

interface RecordArguments {
  file: string;
  sources: SourceName[] | null;
  help: boolean;
}

export async function recordCommand(args: readonly string[], deps?: LiveDeps): Promise<ExitCode> {
  const wanted = readArguments(args);
  if (wanted.help) {
    process.stdout.write(`${HELP}\n`);
    return EXIT.ok;
  }
  requireMac(deps ?? process, "record");
  if (existsSync(wanted.file)) throw alreadyThere(wanted.file);
  const live = deps ?? systemLiveDeps();
  try {
    return await record(wanted, live);
  } finally {
    await live.close();
  }
}

async function record({ file, sources }: RecordArguments, deps: LiveDeps): Promise<ExitCode> {
  const { terminal } = deps;
  const told = new Set<number>();
  let shown = "";
  const showCoverage = ({ session }: LiveRun) => {
    const coverage = session.coverage();
    if (coverageKey(coverage) === shown) return;
    shown = coverageKey(coverage);
    terminal.write(coverageLine(coverage, terminal));
  };
  const writer = open(file, deps, (error) => run.fail(cannotWrite(file, error)));
  const run: LiveRun = new LiveRun(deps, {
    sources,
    onLine: (line) => writer.add(line),
    onChange: showCoverage,
    onCommit: ({ findings }) => {
      for (const finding of findings) {
        if (told.has(finding.id)) continue;
        told.add(finding.id);
        for (const line of findingBlock(finding, terminal)) terminal.write(line);
      }
    },
  });
  try {
    terminal.write(terminal.style("bold", `Recording into ${visibleText(file)}. Ctrl-C ends it.`));
    run.start();
    await run.wait();
    await run.stop();
  } finally {
    await run.close();
    writer.end();
  }
  const { lines, bytes } = writer;
  terminal.write(
    lines === 0
      ? "Nothing came, so nothing was written."
      : `${lines.toLocaleString("en")} lines, ${(bytes / 1e6).toFixed(1)} MB in ${visibleText(file)}.`,
  );
  return lines === 0 ? EXIT.blind : EXIT.ok;
}

/** @throws CliError */
function open(path: string, { timers }: LiveDeps, onFault: (error: unknown) => void): CaptureWriter {
  try {
    return new CaptureWriter({ path, timers, onFault });
  } catch (error) {
    throw isErrno(error, "EEXIST") ? alreadyThere(path) : cannotWrite(path, error);
  }
}

function alreadyThere(path: string): CliError {
  return new CliError(EXIT.usage, `${visibleText(path)} is there already. Name a file that is not.`);
}

function cannotWrite(path: string, error: unknown): CliError {
  const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return new CliError(EXIT.internal, `${visibleText(path)} cannot be written (${why}), so the recording ends here.`);
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function readArguments(args: readonly string[]): RecordArguments {
  const { values, positionals } = parseWords("record", {
    args: [...args],
    allowPositionals: true,
    options: { sources: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  const [file, ...more] = positionals;
  const help = values.help === true;
  if (!help && (file === undefined || file === "" || more.length > 0)) {
    throw new CliError(EXIT.usage, "Name one file: sealbar record FILE (“sealbar record --help” shows the options).");
  }
  return { file: file ?? "", sources: readSources(values.sources), help };
}
