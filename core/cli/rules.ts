import { existsSync, statSync } from "node:fs";
import { visibleText } from "#contract/visible-text.ts";
import { runExamples } from "#core/correlate/run-examples.ts";
import { loadRuleFolders } from "#core/pipeline/rules-folder.ts";
import type { RuleProblem } from "#core/rules/problem.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { CliError, EXIT, type ExitCode } from "./exit-codes.ts";
import { parseWords } from "./parse-words.ts";
import { rulesOfFolder } from "./rules-of-folder.ts";
import { streamTerminal, type Terminal } from "./terminal.ts";

const HELP = `sealbar rules check DIR
sealbar rules test DIR

check  loads every Sigma file (.yml, .yaml) below DIR and lists what cannot run, with file, line and reason.
       Exit code 0 only if every rule runs; 1 if a rule has an error or is skipped; 66 if DIR cannot be read.
test   does that too, then runs the examples that the rules carry (sealbar: examples: must-fire, must-not-fire)
       through the real engine. Rules of DIR may build on Sealbar's own.
       Exit code 0 only if every rule runs and does what its examples say.`;

function parse(args: readonly string[]): { help: boolean; words: string[] } {
  const { values, positionals } = parseWords("rules", {
    args: [...args],
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" } },
  });
  return { help: values.help === true, words: positionals };
}

export async function rulesCommand(args: readonly string[]): Promise<ExitCode> {
  const { help, words } = parse(args);
  const terminal = streamTerminal(process.stdout);
  if (help) {
    terminal.write(HELP);
    return EXIT.ok;
  }
  const [verb, folder, ...more] = words;
  if ((verb !== "check" && verb !== "test") || folder === undefined || more.length > 0)
    throw new CliError(EXIT.usage, "Usage: sealbar rules check DIR, or sealbar rules test DIR");
  if (!existsSync(folder)) throw new CliError(EXIT.input, `There is no folder ${visibleText(folder)}.`);
  if (!statSync(folder).isDirectory())
    throw new CliError(EXIT.input, `${visibleText(folder)} is not a folder. Name the folder that holds the rules.`);
  return verb === "check" ? check(folder, terminal) : test(folder, terminal);
}

function check(folder: string, terminal: Terminal): ExitCode {
  const library = loadRuleFolders([folder], DEFAULT_MONITOR_SETTINGS);
  refuseEmpty(folder, library.found, library.problems);
  const { errors, skipped } = tellProblems(library.problems, terminal);
  terminal.write(
    `${library.found} rules and correlations found: ${library.rules.length} rules and ${library.correlations.length} correlations run, ${errors} errors, ${skipped} skipped`,
  );
  return library.problems.length === 0 ? EXIT.ok : EXIT.bad;
}

function test(folder: string, terminal: Terminal): ExitCode {
  const library = rulesOfFolder(folder);
  const { problems } = library;
  refuseEmpty(folder, library.found, problems);
  tellProblems(problems, terminal);
  const results = runExamples(library).filter(({ rule }) => library.shipped.has(rule.file));
  const wrong = results.filter(({ ok }) => !ok);
  for (const { rule, expected, example } of wrong) {
    const did = expected === "must-fire" ? "did not fire" : "fired";
    const where = `${visibleText(rule.file)}:${example.line}`;
    terminal.write(
      `${where}: ${terminal.style("red", did)}: ${visibleText(rule.title)}: ${visibleText(example.what)} (${expected})`,
    );
  }
  const own = [...library.rules, ...library.correlations].filter(({ file }) => library.shipped.has(file));
  const without = own.filter(({ examples }) => examples.mustFire.length + examples.mustNotFire.length === 0).length;
  terminal.write(
    `${results.length} examples of ${own.length - without} rules: ${results.length - wrong.length} as they say, ${wrong.length} not; ${without} rules have none`,
  );
  return wrong.length === 0 && problems.length === 0 ? EXIT.ok : EXIT.bad;
}

function refuseEmpty(folder: string, found: number, problems: readonly RuleProblem[]): void {
  if (found > 0 || problems.length > 0) return;
  throw new CliError(EXIT.input, `There is no Sigma rule (.yml, .yaml) below “${visibleText(folder)}”.`);
}

function tellProblems(problems: readonly RuleProblem[], terminal: Terminal): { errors: number; skipped: number } {
  const sorted = problems.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  for (const { file, line, kind, reason } of sorted) {
    const word = kind === "error" ? terminal.style("red", "error") : terminal.style("yellow", "skipped");
    terminal.write(`${visibleText(file)}:${line}: ${word}: ${visibleText(reason)}`);
  }
  const errors = problems.filter((problem) => problem.kind === "error").length;
  return { errors, skipped: problems.length - errors };
}
