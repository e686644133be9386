import { existsSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { visibleText } from "#contract/visible-text.ts";
import { DAY, type Micros, systemClock } from "#core/base/clock.ts";
import { stderrLogger } from "#core/base/logger.ts";
import { Monitor } from "#core/pipeline/monitor.ts";
import { replayCaptures, totalBytes } from "#core/pipeline/replay.ts";
import { loadRuleFolders, OUR_RULES } from "#core/pipeline/rules-folder.ts";
import { sqliteStore } from "#core/pipeline/sqlite-store.ts";
import { systemTimers } from "#core/pipeline/timers.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { StoreError } from "#core/store/errors.ts";
import { eachFinding, findingsById } from "#core/store/findings.ts";
import { IN_MEMORY, openStore, type Store } from "#core/store/open.ts";
import { prune } from "#core/store/retention.ts";
import { CaptureError } from "#core/wire/capture-error.ts";
import { checkCapture } from "#core/wire/capture-file.ts";
import { databasePath } from "./data-folder.ts";
import { CliError, EXIT, type ExitCode } from "./exit-codes.ts";
import { digestLine, findingLine, notificationLine, summaryLine } from "./json-lines.ts";
import { ProgressLine } from "./progress-line.ts";
import { type ReplayArguments, readReplayArguments, REPLAY_HELP } from "./replay-options.ts";
import { ReplayView } from "./replay-view.ts";
import { streamTerminal } from "./terminal.ts";
import { ToldNotices } from "./told-notices.ts";
import { whatIf } from "./what-if.ts";

/** `sealbar replay`: captures in, timeline and findings out. */
export async function replayCommand(args: readonly string[]): Promise<ExitCode> {
  const options = readReplayArguments(args);
  const terminal = streamTerminal(process.stdout);
  if (options.help) {
    terminal.write(REPLAY_HELP);
    return EXIT.ok;
  }
  if (options.whatIf) {
    checkRules(options.rules);
    return whatIf(options, terminal);
  }
  const started = performance.now();
  await checkInputs(options);
  const logger = stderrLogger("sealbar");
  const library = loadRuleFolders(
    options.rules === null ? [OUR_RULES] : [OUR_RULES, options.rules],
    DEFAULT_MONITOR_SETTINGS,
  );
  const store = open(options.db);
  try {
    const ports = sqliteStore(store.db);
    const view = options.json ? null : new ReplayView(terminal, options.all);
    const told = new ToldNotices();
    const monitor = new Monitor({
      store: ports,
      library,
      settings: DEFAULT_MONITOR_SETTINGS,
      logger,
      onCommit: (committed) => {
        told.add(committed);
        view?.show(ports.rows(committed.rowIds), committed.findings);
      },
    });
    view?.begin(options.files, library);
    const progress = new ProgressLine(process.stderr, await totalBytes(options.files), () => performance.now());
    const { sessions } = await replayCaptures(monitor, options.files, {
      speed: options.speed,
      timers: systemTimers,
      // The timeline itself shows that it goes on.
      onProgress: (bytes) => options.json && progress.update(bytes),
    });
    progress.end();
    const pruned = pruneAll(store, monitor.clock.now());
    const counts = ports.counts(sessions);
    const ms = Math.round(performance.now() - started);
    if (options.json) {
      for (const finding of eachFinding(store.db)) terminal.write(findingLine(finding));
      for (const notification of told.notifications) terminal.write(notificationLine(notification));
      for (const line of told.digest) terminal.write(digestLine(line));
      terminal.write(
        summaryLine({ counts, findings: ports.totals().findings, duplicates: monitor.duplicates, pruned, ms }),
      );
    } else {
      view?.end({
        counts,
        duplicates: monitor.duplicates,
        pruned,
        ms,
        findings: findingsById(store.db, view.findingIds),
        told,
        db: options.db,
      });
    }
    return EXIT.ok;
  } finally {
    store.close();
  }
}

/** Everything that can be refused is refused before anything is written. */
async function checkInputs({ files, rules, db }: ReplayArguments): Promise<void> {
  checkRules(rules);
  const inputs = files.map(canonical);
  if (db !== null && inputs.includes(canonical(db))) {
    throw new CliError(EXIT.usage, "--db names a capture that is to be read. Name another file for the database.");
  }
  // A capture tells of any Mac, and may say that its owner accepted how it is.
  if (db !== null && canonical(db) === canonical(databasePath())) {
    throw new CliError(EXIT.usage, "--db names this Mac's own database. Name another file for what captures tell.");
  }
  for (const file of files) {
    try {
      await checkCapture(file);
    } catch (error) {
      if (error instanceof CaptureError) throw new CliError(EXIT.input, error.message);
      throw error;
    }
  }
}

function checkRules(rules: string | null): void {
  if (rules !== null && !(existsSync(rules) && statSync(rules).isDirectory())) {
    throw new CliError(EXIT.input, `There is no folder “${visibleText(rules)}” to read rules from.`);
  }
}

/**
 * Retention by the newest event's time, but never by a time that has not come yet: one record with a wrong clock must
 * not take the others away.
 * @returns how many records were removed
 */
function pruneAll({ db }: Store, newest: Micros): number {
  let rows = 0;
  for (let more = true; more; ) {
    const pruned = prune(db, Math.min(newest, systemClock.now() + DAY), DEFAULT_MONITOR_SETTINGS.retention);
    rows += pruned.rows;
    more = pruned.more;
  }
  return rows;
}

/** The file a path leads to, whatever links are on the way; the path itself where there is no file yet. */
function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function open(path: string | null): Store {
  try {
    return openStore(path ?? IN_MEMORY, { clock: systemClock, logger: stderrLogger("sealbar") });
  } catch (error) {
    if (error instanceof StoreError) throw new CliError(error.kind === "busy" ? EXIT.blind : EXIT.input, error.message);
    throw error;
  }
}
