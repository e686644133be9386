import { existsSync, statSync } from "node:fs";
import { visibleText } from "#contract/visible-text.ts";
import { loadRuleFolders } from "#core/pipeline/rules-folder.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { CliError, EXIT, type ExitCode } from "./exit-codes.ts";
import { streamTerminal } from "./terminal.ts";
import { parseWords } from "./parse-words.ts";

const HELP = `sealbar rules check DIR

Loads every Sigma file (.yml, .yaml) below DIR and lists what cannot run, with file, line and reason.
Exit code 0 only if every rule runs; 1 if a rule has an error or is skipped; 66 if DIR cannot be read.`;

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
  if (verb !== "check" || folder === undefined || more.length > 0)
    throw new CliError(EXIT.usage, "Usage: sealbar rules check DIR");
  if (!existsSync(folder)) throw new CliError(EXIT.input, `There is no folder ${visibleText(folder)}.`);
  if (!statSync(folder).isDirectory())
    throw new CliError(EXIT.input, `${visibleText(folder)} is not a folder. Name the folder that holds the rules.`);

  const library = loadRuleFolders([folder], DEFAULT_MONITOR_SETTINGS);
  if (library.found === 0 && library.problems.length === 0) {
    throw new CliError(EXIT.input, `There is no Sigma rule (.yml, .yaml) below “${visibleText(folder)}”.`);
  }
  const problems = library.problems.toSorted((a, b) =>
    a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1,
  );
  for (const { file, line, kind, reason } of problems) {
    const word = kind === "error" ? terminal.style("red", "error") : terminal.style("yellow", "skipped");
    terminal.write(`${visibleText(file)}:${line}: ${word}: ${visibleText(reason)}`);
  }
  const errors = problems.filter((problem) => problem.kind === "error").length;
  const skipped = problems.length - errors;
  terminal.write(
    `${library.found} rules and correlations found: ${library.rules.length} rules and ${library.correlations.length} correlations run, ${errors} errors, ${skipped} skipped`,
  );
  return problems.length === 0 ? EXIT.ok : EXIT.bad;
}
