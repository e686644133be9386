import { resolve } from "node:path";
import { statSync } from "node:fs";
import type { Inspection } from "#contract/inspection.ts";
import { STANDING, TRUST_WORDS } from "#contract/trust-words.ts";
import { TRUST_CLASSES } from "#contract/trust.ts";
import { visibleText } from "#contract/visible-text.ts";
import { systemClock } from "#core/base/clock.ts";
import { resolveBundle } from "#core/signing/bundle/resolve-bundle.ts";
import { InspectorPool } from "#core/signing/pool.ts";
import { ReadFault } from "#core/signing/problem.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { inspectionLine } from "./inspect-json.ts";
import { INSPECT_HELP, type InspectArguments, readInspectArguments } from "./inspect-options.ts";
import { codeBelow, noCounts, type TreeCounts } from "./inspect-tree.ts";
import { inspectionBlock, verdictLine, verdictMark, verdictStyle } from "./inspect-view.ts";
import { ItemProgress } from "./item-progress.ts";
import { streamTerminal, type Terminal } from "./terminal.ts";

/** Asked for ahead of what is printed: keeps every thread busy while order is kept, and memory bounded. */
const AHEAD = 64;
const MAX_UNREADABLE_LISTED = 20;

/** What is to be inspected. `searched`: found in a folder, so that a line each is enough. */
interface Item {
  path: string;
  searched: boolean;
}

export async function inspectCommand(args: readonly string[]): Promise<ExitCode> {
  const wanted = readInspectArguments(args);
  const terminal = streamTerminal(process.stdout);
  if (wanted.help) {
    terminal.write(INSPECT_HELP);
    return EXIT.ok;
  }
  const pool = new InspectorPool({
    workerUrl: new URL("../signing/inspect-worker.ts", import.meta.url),
    now: () => systemClock.now(),
    cacheSize: 0,
  });
  try {
    return await inspectAll(wanted, pool, terminal);
  } finally {
    await pool.close();
  }
}

async function inspectAll(wanted: InspectArguments, pool: InspectorPool, terminal: Terminal): Promise<ExitCode> {
  const counts = noCounts();
  const progress = new ItemProgress(process.stderr, () => performance.now());
  const tally = new Map<Inspection["verdict"]["class"], number>();
  let searched = false;
  let first = true;
  // Found first, so that the bar knows how much there is.
  const all: Item[] = [];
  for (const item of items(wanted.paths, counts)) {
    all.push(item);
    progress.found(all.length);
  }
  const inspect = (path: string): Promise<Inspection> =>
    pool.inspect(path, { depth: wanted.depth, onProgress: ({ done }) => progress.reading(path, done) });
  for await (const { item, inspection } of inOrder(all, inspect)) {
    searched ||= item.searched;
    tally.set(inspection.verdict.class, (tally.get(inspection.verdict.class) ?? 0) + 1);
    progress.clear();
    if (wanted.json) terminal.write(inspectionLine(inspection));
    else if (item.searched) terminal.write(verdictLine(inspection, terminal));
    else {
      if (!first) terminal.write("");
      for (const line of inspectionBlock(inspection, terminal)) terminal.write(line);
    }
    first = false;
    progress.done(item.path);
  }
  progress.clear();
  const summary = wanted.json ? streamTerminal(process.stderr) : terminal;
  if (searched || counts.folders > 0) writeSummary(tally, counts, summary);
  return exitCode(tally, counts);
}

function* items(paths: readonly string[], counts: TreeCounts): Generator<Item> {
  for (const path of paths) {
    if (!isPlainFolder(path)) yield { path, searched: false };
    else for (const found of codeBelow(path, counts)) yield { path: found, searched: true };
  }
}

/** A folder that is no bundle; what cannot be looked at is inspected, and so gets its reason. */
function isPlainFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory() && resolveBundle(resolve(path)) === null;
  } catch (error) {
    if (error instanceof ReadFault || (error instanceof Error && "code" in error)) return false;
    throw error;
  }
}

/** Runs a bounded number ahead and gives the results in the order of the items. */
async function* inOrder(
  all: Iterable<Item>,
  inspect: (path: string) => Promise<Inspection>,
): AsyncGenerator<{ item: Item; inspection: Inspection }> {
  const running: { item: Item; answer: Promise<Inspection> }[] = [];
  for (const item of all) {
    running.push({ item, answer: inspect(item.path) });
    if (running.length < AHEAD) continue;
    const next = running.shift();
    if (next) yield { item: next.item, inspection: await next.answer };
  }
  for (const { item, answer } of running) yield { item, inspection: await answer };
}

/** Bad outweighs not known: what is known to be bad stays so, however much could not be checked. */
function exitCode(tally: ReadonlyMap<Inspection["verdict"]["class"], number>, counts: TreeCounts): ExitCode {
  const standings = new Set([...tally.keys()].map((trust) => STANDING[trust]));
  if (standings.has("not-trusted")) return EXIT.bad;
  return standings.has("unchecked") || counts.unreadable.length > 0 ? EXIT.blind : EXIT.ok;
}

function writeSummary(
  tally: ReadonlyMap<Inspection["verdict"]["class"], number>,
  counts: TreeCounts,
  terminal: Terminal,
): void {
  const total = [...tally.values()].reduce((sum, count) => sum + count, 0);
  const number = (value: number): string => value.toLocaleString("en");
  terminal.write("");
  terminal.write(`${number(total)} with code in ${number(counts.folders)} folders`);
  for (const trust of TRUST_CLASSES) {
    const count = tally.get(trust);
    if (count === undefined) continue;
    const mark = terminal.style(verdictStyle(trust), verdictMark(trust));
    terminal.write(`  ${mark} ${number(count).padStart(7)}  ${TRUST_WORDS[trust]}`);
  }
  const passed: readonly [number, string][] = [
    [counts.otherFiles, "other files hold no code"],
    [counts.links, "symbolic links were not followed"],
    [counts.special, "pipes, sockets or devices were not opened"],
  ];
  for (const [count, words] of passed)
    if (count > 0) terminal.write(terminal.style("dim", `    ${number(count).padStart(7)}  ${words}`));
  for (const { path, why } of counts.unreadable.slice(0, MAX_UNREADABLE_LISTED))
    terminal.write(`  ${terminal.style("magenta", "?")} ${visibleText(path)}: ${why}`);
  const more = counts.unreadable.length - MAX_UNREADABLE_LISTED;
  if (more > 0) terminal.write(`    and ${number(more)} more folders that could not be read`);
}
