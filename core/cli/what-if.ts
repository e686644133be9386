import { existsSync } from "node:fs";
import { visibleText } from "#contract/visible-text.ts";
import { systemClock } from "#core/base/clock.ts";
import { stderrLogger } from "#core/base/logger.ts";
import { loadRuleFolders, OUR_RULES } from "#core/pipeline/rules-folder.ts";
import { sqliteStore } from "#core/pipeline/sqlite-store.ts";
import { replayStored } from "#core/pipeline/what-if.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { StoreError } from "#core/store/errors.ts";
import { eachFinding } from "#core/store/findings.ts";
import { IN_MEMORY, openReadOnly, openStore } from "#core/store/open.ts";
import { databasePath } from "./data-folder.ts";
import { CliError, EXIT, type ExitCode } from "./exit-codes.ts";
import { findingLine, strictJson } from "./json-lines.ts";
import { ItemProgress } from "./item-progress.ts";
import type { ReplayArguments } from "./replay-options.ts";
import { rulesOfFolder } from "./rules-of-folder.ts";
import { findingBlock } from "./row-line.ts";
import type { Terminal } from "./terminal.ts";

/** `sealbar replay --what-if`: what the rules would have found over the days that are stored. Nothing stored is changed. */
export function whatIf({ db, rules, json }: ReplayArguments, terminal: Terminal): ExitCode {
  const started = performance.now();
  const path = db ?? databasePath();
  const stored = openStored(path);
  try {
    const library = rules === null ? loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS) : rulesOfFolder(rules);
    const asked = new Set(
      [...library.rules, ...library.correlations].filter(({ file }) => library.shipped.has(file)).map(({ id }) => id),
    );
    const scratch = openStore(IN_MEMORY, { clock: systemClock, logger: stderrLogger("sealbar") });
    try {
      const progress = new ItemProgress(process.stderr, () => performance.now());
      const done = replayStored({
        stored: stored.db,
        store: sqliteStore(scratch.db),
        library,
        settings: DEFAULT_MONITOR_SETTINGS,
        logger: stderrLogger("sealbar"),
        onProgress: (records) => progress.read(records),
      });
      progress.clear();
      let findings = 0;
      if (!json) {
        const whose = rules === null ? "Sealbar’s rules" : `the rules of ${visibleText(rules)}`;
        terminal.write(
          terminal.style(
            "bold",
            `What ${whose} would have found in ${done.records.toLocaleString("en")} stored records:`,
          ),
        );
      }
      for (const finding of eachFinding(scratch.db)) {
        if (!asked.has(finding.rule)) continue;
        findings += 1;
        if (json) terminal.write(findingLine(finding));
        else for (const line of findingBlock(finding, terminal)) terminal.write(line);
      }
      const ms = Math.round(performance.now() - started);
      if (json)
        terminal.write(
          strictJson({ t: "summary", whatIf: true, ...done, findings, skipped: library.problems.length, ms }),
        );
      else ending(terminal, findings, done.unread, library.problems.length);
      return EXIT.ok;
    } finally {
      scratch.close();
    }
  } finally {
    stored.close();
  }
}

function ending(terminal: Terminal, findings: number, unread: number, skipped: number): void {
  const found =
    findings === 0 ? "Nothing." : `${findings} ${findings === 1 ? "finding" : "findings"}. Nothing was stored.`;
  terminal.write(terminal.style("bold", found));
  if (unread > 0)
    terminal.write(
      terminal.style(
        "dim",
        `${unread.toLocaleString("en")} records were derived or cannot be read again; they were left out.`,
      ),
    );
  if (skipped > 0)
    terminal.write(terminal.style("yellow", `${skipped} rules cannot run: “sealbar rules check DIR” says why.`));
}

function openStored(path: string) {
  if (!existsSync(path)) {
    throw new CliError(EXIT.input, `There is no database ${visibleText(path)}. Name one with --db FILE.`);
  }
  try {
    const store = openReadOnly(path);
    return store;
  } catch (error) {
    if (error instanceof StoreError) throw new CliError(EXIT.input, error.message);
    throw error;
  }
}
