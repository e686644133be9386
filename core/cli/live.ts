import { join } from "node:path";
import { summarise } from "#contract/inspection-summary.ts";
import { SOURCES, type SourceName } from "#contract/source.ts";
import { type Clock, HOUR, systemClock } from "#core/base/clock.ts";
import { type Logger, stderrLogger } from "#core/base/logger.ts";
import { createNativeHelper } from "#core/helper/native-helper.ts";
import type { SummariseFile } from "#core/pipeline/inspected-answers.ts";
import type { LiveHelper } from "#core/base/live-helper.ts";
import { LiveSession } from "#core/pipeline/live-session.ts";
import { Monitor } from "#core/pipeline/monitor.ts";
import type { Committed, MonitorStore } from "#core/pipeline/monitor-store.ts";
import { loadRuleFolders, OUR_RULES } from "#core/pipeline/rules-folder.ts";
import { sqliteStore } from "#core/pipeline/sqlite-store.ts";
import { systemTimers, type Timers } from "#core/pipeline/timers.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import type { MonitorSettings } from "#core/settings/monitor-settings.ts";
import { readSettings } from "#core/settings/read-settings.ts";
import { InspectorPool } from "#core/signing/pool.ts";
import { IN_MEMORY, openStore } from "#core/store/open.ts";
import { prune, type RetentionPolicy } from "#core/store/retention.ts";
import { settingsPath } from "./data-folder.ts";
import { CliError, EXIT } from "./exit-codes.ts";
import { streamTerminal, type Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** What the live commands take from their surroundings. Tests bring their own. */
export interface LiveDeps {
  platform: NodeJS.Platform;
  /** @param sources of the standard tier; null: all. The daemon decides for itself. */
  createHelper(sources: readonly SourceName[] | null): LiveHelper;
  summariseFile: SummariseFile;
  /** Those of the app, which watches the same Mac. */
  settings: MonitorSettings;
  clock: Clock;
  timers: Timers;
  logger: Logger;
  terminal: Terminal;
  /** Progress, where a person can see it. */
  progress: NodeJS.WriteStream | null;
  /** Calls once when the user wants it to end; returns how to stop listening. */
  onInterrupt(end: () => void): () => void;
  /** After the command, whatever came of it. */
  close(): Promise<void>;
}

/** What a terminal shows is gone with it, so little is kept. */
const RETENTION: RetentionPolicy = { maxAge: HOUR, maxBytes: 100_000_000 };
const PRUNE_EVERY_MS = 60_000;

/** The real ones. The only place of the command line that knows the native helper. */
export function systemLiveDeps(): LiveDeps {
  const logger = stderrLogger("sealbar");
  const inspector = new InspectorPool({
    workerUrl: new URL("../signing/inspect-worker.ts", import.meta.url),
    now: () => systemClock.now(),
  });
  return {
    platform: process.platform,
    createHelper: (sources) => nativeHelper(sources, logger),
    settings: settingsInForce(logger),
    summariseFile: async (path) => summarise(await inspector.inspect(path, { depth: "full" })),
    clock: systemClock,
    timers: systemTimers,
    logger,
    terminal: streamTerminal(process.stdout),
    progress: process.stderr.isTTY ? process.stderr : null,
    onInterrupt,
    close: () => inspector.close(),
  };
}

function settingsInForce(logger: Logger): MonitorSettings {
  const { settings, problem } = readSettings(settingsPath());
  if (problem !== null) logger.warn(problem);
  return settings;
}

function nativeHelper(sources: readonly SourceName[] | null, logger: Logger): LiveHelper {
  return createNativeHelper({
    binary: join(import.meta.dirname, "../../native/build/host/sealbar-helper"),
    client: `sealbar ${VERSION}`,
    ...(sources === null ? {} : { sources }),
    clock: systemClock,
    timers: systemTimers,
    logger,
  });
}

function onInterrupt(end: () => void): () => void {
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  return () => {
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
  };
}

/** @throws CliError with exit code 2, before anything is touched */
export function requireMac({ platform }: Pick<LiveDeps, "platform">, what: string): void {
  if (platform === "darwin") return;
  throw new CliError(
    EXIT.blind,
    `This is not a Mac (${platform}), so there is nothing to ${what}: what Sealbar watches are macOS's own sources. Recordings can be read anywhere with “sealbar replay FILE”.`,
  );
}

/** @throws CliError for a name that is no source */
export function readSources(text: string | undefined): SourceName[] | null {
  if (text === undefined) return null;
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !SOURCES.some((source) => source === name));
  if (unknown === undefined) return SOURCES.filter((source) => names.includes(source));
  throw new CliError(EXIT.usage, `“${unknown}” is no source. The sources are ${SOURCES.join(", ")}.`);
}

export interface LiveRunOptions {
  sources: readonly SourceName[] | null;
  onCommit?: (committed: Committed, store: MonitorStore) => void;
  onLine?: (line: Uint8Array) => void;
  onChange?: (run: LiveRun) => void;
}

/** A monitor of its own in memory, fed by the helper for as long as a command runs. */
export class LiveRun {
  readonly session: LiveSession;
  readonly monitor: Monitor;
  readonly library: RuleLibrary;
  readonly store: MonitorStore;
  readonly #deps: LiveDeps;
  readonly #close: () => void;
  readonly #prune: () => void;
  #cancelPrune: () => void = () => undefined;
  readonly #ended = Promise.withResolvers<void>();

  constructor(deps: LiveDeps, { sources, onCommit, onLine, onChange }: LiveRunOptions) {
    this.#deps = deps;
    const { clock, timers, logger, summariseFile, settings } = deps;
    this.library = loadRuleFolders([OUR_RULES], settings);
    const opened = openStore(IN_MEMORY, { clock, logger });
    this.#close = () => opened.close();
    this.#prune = () => prune(opened.db, clock.now(), RETENTION);
    this.store = sqliteStore(opened.db);
    this.monitor = new Monitor({
      store: this.store,
      library: this.library,
      settings,
      logger,
      onCommit: (committed) => onCommit?.(committed, this.store),
    });
    this.session = new LiveSession({
      helper: deps.createHelper(sources),
      monitor: this.monitor,
      clock,
      timers,
      summariseFile,
      // What a terminal shows is not kept, so the helper's spool must not forget it.
      durable: false,
      ...(onLine === undefined ? {} : { onLine }),
      onChange: () => onChange?.(this),
      onFault: (error) => this.fail(error),
    });
  }

  start(): void {
    this.session.start();
    this.#pruneNowAndThen();
  }

  /** Ends {@link LiveRun.wait} with an error. */
  fail(error: unknown): void {
    this.#ended.reject(error);
  }

  /** Ends {@link LiveRun.wait}. */
  finish(): void {
    this.#ended.resolve();
  }

  /** Until the user ends it, or something fails. */
  async wait(): Promise<void> {
    const cancel = this.#deps.onInterrupt(() => this.finish());
    try {
      await this.#ended.promise;
    } finally {
      cancel();
    }
  }

  /** Everything that came is committed and shown. */
  async stop(): Promise<void> {
    this.#cancelPrune();
    await this.session.stop();
  }

  /** Whatever happened before: nothing that was started is left. */
  async close(): Promise<void> {
    try {
      await this.stop();
    } finally {
      this.#close();
    }
  }

  #pruneNowAndThen(): void {
    this.#cancelPrune = this.#deps.timers.after(PRUNE_EVERY_MS, () => {
      this.#prune();
      this.#pruneNowAndThen();
    });
  }
}
