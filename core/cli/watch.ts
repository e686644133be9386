import type { SourceName } from "#contract/source.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { coverageJsonLine, coverageKey, coverageLine } from "./coverage-view.ts";
import { findingLine, rowJsonLine } from "./json-lines.ts";
import { type LiveDeps, LiveRun, readSources, requireMac, systemLiveDeps } from "./live.ts";
import { ReplayView } from "./replay-view.ts";
import { parseWords } from "./parse-words.ts";

const HELP = `sealbar watch [--json] [--all] [--sources es,log,fs,proc,probe]

Watches this Mac until Ctrl-C: the timeline as it comes, findings, and a line whenever a source begins or ceases to see.
Nothing is kept. With the full tier it shows what the daemon collects, else what can be seen as you.

  --sources LIST  only these sources (standard tier; the daemon decides for itself)
  --all           show every record, also forks, exits and file events
  --json          one JSON object a line: events, findings, coverage`;

interface WatchArguments {
  json: boolean;
  all: boolean;
  sources: SourceName[] | null;
  help: boolean;
}

export async function watchCommand(args: readonly string[], deps?: LiveDeps): Promise<ExitCode> {
  const wanted = readArguments(args);
  if (wanted.help) {
    process.stdout.write(`${HELP}\n`);
    return EXIT.ok;
  }
  requireMac(deps ?? process, "watch");
  const live = deps ?? systemLiveDeps();
  try {
    return await watch(wanted, live);
  } finally {
    await live.close();
  }
}

async function watch({ json, all, sources }: WatchArguments, deps: LiveDeps): Promise<ExitCode> {
  const { terminal } = deps;
  const view = json ? null : new ReplayView(terminal, all);
  let shown = "";
  const showCoverage = ({ session }: LiveRun) => {
    const coverage = session.coverage();
    if (coverageKey(coverage) === shown) return;
    shown = coverageKey(coverage);
    terminal.write(json ? coverageJsonLine(coverage) : coverageLine(coverage, terminal));
  };
  const run = new LiveRun(deps, {
    sources,
    onChange: showCoverage,
    onCommit: ({ rowIds, findings }, store) => {
      const rows = store.rows(rowIds);
      view?.show(rows, findings);
      if (!json) return;
      for (const row of rows) terminal.write(rowJsonLine(row));
      for (const finding of findings) terminal.write(findingLine(finding));
    },
  });
  try {
    view?.beginLive(run.library);
    run.start();
    await run.wait();
    await run.stop();
    showCoverage(run);
    const { events, findings } = run.store.totals();
    if (!json)
      terminal.write(terminal.style("dim", `Ended: ${events.toLocaleString("en")} records, ${findings} findings.`));
    return EXIT.ok;
  } finally {
    await run.close();
  }
}

function readArguments(args: readonly string[]): WatchArguments {
  const { values } = parseWords("watch", {
    args: [...args],
    options: {
      json: { type: "boolean" },
      all: { type: "boolean" },
      sources: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  return {
    json: values.json === true,
    all: values.all === true,
    sources: readSources(values.sources),
    help: values.help === true,
  };
}
