import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  type MonitorAnswerOf,
  type MonitorRequestOf,
  type MonitorStart,
  type MonitorVerb,
  monitorVerbs,
  type PortMessage,
  PortRequest,
} from "#contract/monitor-port.ts";
import type { JournalPage } from "#contract/posture.ts";
import { PAGE_LIMIT } from "#contract/timeline.ts";
import type { Clock } from "#core/base/clock.ts";
import type { Logger } from "#core/base/logger.ts";
import { findingsPage } from "#core/store/findings.ts";
import { journalPage } from "#core/store/journal.ts";
import { eventDetail, timelinePage } from "#core/store/timeline.ts";
import { checkCapture } from "#core/wire/capture-file.ts";
import { isAllGood } from "#contract/coverage.ts";
import { acceptedBaseline } from "./accepted-baseline.ts";
import { Database } from "./database.ts";
import type { SummariseFile } from "./inspected-answers.ts";
import type { LiveHelper } from "#core/base/live-helper.ts";
import { LiveSession } from "./live-session.ts";
import type { OwnIdentity } from "./monitor.ts";
import { type MonitorState, Publisher } from "./publisher.ts";
import { Recording, recordingFileName } from "./recording.ts";
import { digestOf } from "./recent-digest.ts";
import { DetectionSettings } from "./detection-settings.ts";
import { ribbonOf } from "./ribbon.ts";
import { restartGap } from "./restart-gap.ts";
import { systemTimers, type Timers } from "./timers.ts";

export interface MonitorServiceOptions {
  start: MonitorStart;
  post: (message: PortMessage) => void;
  clock: Clock;
  logger: Logger;
  timers?: Timers;
  /** Whoever collects from this Mac; left out: nothing is collected, and only recordings are shown. */
  helper?: LiveHelper;
  /** Our inspector, for what ran on this Mac. */
  summariseFile?: SummariseFile;
  /** Sealbar's own tools on this Mac. */
  own?: OwnIdentity;
  /** Who uses Sealbar here, as the system says. */
  account?: string | null;
  /** This Mac's store failed in a way that waiting does not help: end this process, so that another takes over. */
  onFault?: (error: unknown) => void;
}

export interface MonitorService {
  /** Answers one request with an `answer` or a `refusal`; what is no request is left out and logged. */
  handle(message: unknown): Promise<void>;
  stop(): Promise<void>;
}

/** Changes go out at most ten times a second. */
const PUBLISH_INTERVAL_MS = 100;
const PRUNE_INTERVAL_MS = 60 * 60 * 1000;

type Handlers = {
  [V in MonitorVerb]: (request: MonitorRequestOf<V>) => MonitorAnswerOf<V> | Promise<MonitorAnswerOf<V>>;
};

/**
 * The monitor behind a message-shaped port: one database of this Mac, and at most one recording shown instead of it.
 * @throws StoreError when this Mac's database cannot be opened
 */
export function createMonitorService(options: MonitorServiceOptions): MonitorService {
  return new Service(options);
}

class Service implements MonitorService {
  readonly #options: MonitorServiceOptions;
  readonly #detection: DetectionSettings;
  readonly #mac: Database;
  readonly #publisher: Publisher;
  readonly #recordings: string;
  readonly #handlers: Handlers;
  readonly #live: LiveSession | null;
  #recording: Recording | null = null;
  #recordingTurn: Promise<unknown> = Promise.resolve();
  #opened = 0;
  #stopped = false;
  #cancelPruning: () => void = () => undefined;

  constructor(options: MonitorServiceOptions) {
    this.#options = options;
    const { start, logger, post } = options;
    this.#recordings = join(start.dataDir, "recordings");
    this.#detection = new DetectionSettings(join(start.dataDir, "monitor-settings.json"), start.rulesDir, logger);
    // A recording is resumed only by the monitor that takes over; otherwise it is read again from the start.
    if (start.restartedAfter === null) rmSync(this.#recordings, { recursive: true, force: true });
    mkdirSync(this.#recordings, { recursive: true });
    this.#publisher = new Publisher({
      timers: this.#timers,
      intervalMs: PUBLISH_INTERVAL_MS,
      state: () => this.#state(),
      send: (change) => post({ t: "change", change }),
    });
    this.#mac = this.#openDatabase(join(start.dataDir, "sealbar.db"), options.own);
    this.#pruneNowAndThen();
    this.#handlers = this.#makeHandlers();
    if (start.restartedAfter !== null && this.#mac.trouble?.kind !== "read-only") {
      this.#mac.monitor.accept(restartGap(start.restartedAfter, options.clock.now()));
      this.#mac.monitor.flush();
    }
    this.#live = this.#collect();
    post({ t: "ready" });
    this.#live?.start();
  }

  async handle(message: unknown): Promise<void> {
    const request = PortRequest.safeParse(message);
    if (!request.success) {
      this.#options.logger.warn("a message that is no request was left out");
      return;
    }
    const { id, verb, payload } = request.data;
    try {
      this.#options.post({ t: "answer", id, ok: true, value: await this.#answer(verb, payload) });
    } catch (error) {
      this.#options.post({ t: "refusal", id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#publisher.stop();
    this.#cancelPruning();
    const lost = (await this.#live?.stop()) ?? 0;
    if (lost > 0) this.#options.logger.warn(`the disk is full: ${lost} records could not be stored before the end`);
    await this.#recordingTurn;
    await this.#recording?.close();
    this.#mac.close();
  }

  #answer(verb: string, payload: unknown): unknown {
    if (!isVerb(verb)) throw new Error("The monitor does not know this request.");
    const parsed = monitorVerbs[verb].request.safeParse(payload);
    if (!parsed.success) throw new Error("The request is not of the form that the monitor takes.");
    const handler = this.#handlers[verb] as (request: unknown) => unknown;
    return handler(parsed.data);
  }

  #makeHandlers(): Handlers {
    return {
      snapshot: () => ({
        revision: this.#publisher.revision,
        findings: findingsPage(this.#shown.db, { limit: PAGE_LIMIT, before: null }).findings,
        notifications: this.#mac.monitor.notices.recent(),
        ...(this.#shown === this.#mac ? { digest: digestOf(this.#mac.monitor, this.#options.clock.now()) } : {}),
        ...this.#state(),
      }),
      timelinePage: (query) => timelinePage(this.#shown.db, query, this.#publisher.revision),
      eventDetail: ({ rowId }) => eventDetail(this.#shown.db, rowId),
      findingsPage: (query) => findingsPage(this.#shown.db, query),
      openRecording: (request) => this.#inTurn(() => this.#openRecording(request)),
      closeRecording: () => this.#inTurn(() => this.#closeRecording()),
      retrySource: ({ source }) => this.#live?.retry(source) ?? false,
      ribbon: (query) => ribbonOf(this.#shown.db, this.#shown.monitor.ribbon, query),
      postureJournal: (query) => this.#journal(query),
      acceptBaseline: ({ reason }) => this.#acceptBaseline(reason),
      monitorSettings: () => this.#detection.view(),
      setMonitorSettings: (change) => {
        const answer = this.#detection.change(change);
        if (answer.problems.length === 0) this.#reconfigure();
        return answer;
      },
      shutdown: async () => {
        await this.stop();
        return null;
      },
    };
  }

  #journal(query: MonitorRequestOf<"postureJournal">): JournalPage {
    const page = journalPage(this.#shown.db, query, this.#shown.journal);
    const anchor = this.#shown === this.#mac ? (this.#live?.anchor ?? "none") : "none";
    return { ...page, chain: { ...page.chain, anchor } };
  }

  #acceptBaseline(reason: string): null {
    const { account, clock } = this.#options;
    if (this.#recording !== null)
      throw new Error("Close the recording first: what is accepted is this Mac as it is now.");
    const { monitor, trouble } = this.#mac;
    if (trouble?.kind === "read-only") throw new Error(trouble.message);
    if (monitor.paused) throw new Error(trouble?.message ?? "The disk is full, so nothing can be stored.");
    if (monitor.posture().settings.every(({ readAt }) => readAt === null)) {
      throw new Error("Nothing of this Mac's protection was read since it started, so there is nothing to accept.");
    }
    if (!monitor.accept(acceptedBaseline(account ?? null, reason, clock.now())))
      throw new Error("This Mac was accepted at this very moment already. Try it again.");
    if (!monitor.flush()) throw new Error(monitor.trouble?.message ?? "It could not be stored.");
    this.#publisher.touch();
    return null;
  }

  /** Recordings are opened and closed one after the other: two at once would leave one of them behind. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#recordingTurn.then(() => {
      if (this.#stopped) throw new Error("Sealbar's monitor is stopping.");
      return work();
    });
    this.#recordingTurn = turn.catch(() => undefined);
    return turn;
  }

  async #openRecording({ path, speed }: MonitorRequestOf<"openRecording">): Promise<null> {
    const { byteCount, compressed } = await checkCapture(path);
    await this.#closeRecording();
    const file = recordingFileName(path, byteCount);
    const database = this.#openDatabase(join(this.#recordings, file));
    this.#opened += 1;
    const recording = new Recording({
      id: `${this.#opened} ${file}`,
      path,
      byteCount,
      compressed,
      speed,
      database,
      timers: this.#timers,
      onChange: () => this.#publisher.touch(),
    });
    this.#recording = recording;
    this.#publisher.invalidate();
    recording.play();
    return null;
  }

  async #closeRecording(): Promise<null> {
    const recording = this.#recording;
    if (recording === null) return null;
    this.#recording = null;
    await recording.close();
    this.#publisher.invalidate();
    return null;
  }

  /** Null where nothing is to be collected, or another process writes this Mac's database and so collects too. */
  #collect(): LiveSession | null {
    const { helper, summariseFile, clock, logger, onFault } = this.#options;
    if (helper === undefined || this.#mac.trouble?.kind === "read-only") return null;
    const journal = this.#mac.journalToAnchor;
    return new LiveSession({
      helper,
      ...(journal === null ? {} : { anchor: { journal, logger } }),
      monitor: this.#mac.monitor,
      clock,
      timers: this.#timers,
      summariseFile: summariseFile ?? (() => Promise.resolve(null)),
      durable: true,
      onChange: () => this.#publisher.touch(),
      onFault: (error) => {
        logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        if (onFault === undefined) throw error;
        onFault(error);
      },
    });
  }

  #openDatabase(path: string, own?: OwnIdentity): Database {
    const database: Database = new Database({
      ...(own === undefined ? {} : { own }),
      path,
      library: this.#detection.library,
      settings: this.#detection.settings,
      clock: this.#options.clock,
      logger: this.#options.logger,
      onCommit: ({ rowIds, changedRowIds, findings, notifications, digest }) => {
        const isMac = database === this.#mac;
        if (isMac) this.#publisher.tell({ notifications, digest: database === this.#shown ? digest : [] });
        if (database !== this.#shown) {
          if (isMac && notifications.length > 0) this.#publisher.touch();
          return;
        }
        const tooMany = rowIds.length + changedRowIds.length > PAGE_LIMIT;
        const rows = tooMany
          ? null
          : { added: database.ports.rows(rowIds), changed: database.ports.rows(changedRowIds) };
        this.#publisher.add(rows, findings);
      },
    });
    return database;
  }

  /** This Mac's records from now on; a recording that is shown stays as it was judged. */
  #reconfigure(): void {
    const { library, settings } = this.#detection;
    if (!this.#mac.reconfigure({ library, settings }))
      this.#options.logger.warn("the changed settings are in force once Sealbar is started again");
    this.#publisher.touch();
  }

  #pruneNowAndThen(): void {
    this.#mac.prune(this.#options.clock.now());
    this.#cancelPruning = this.#timers.after(PRUNE_INTERVAL_MS, () => this.#pruneNowAndThen());
  }

  get #timers(): Timers {
    return this.#options.timers ?? systemTimers;
  }

  get #shown(): Database {
    return this.#recording?.database ?? this.#mac;
  }

  #state(): MonitorState {
    const { monitor, ports, trouble } = this.#shown;
    const mac = this.#live?.coverage();
    return {
      totals: ports.totals(),
      coverage: this.#shown === this.#mac && mac !== undefined ? mac : monitor.coverage(),
      posture: monitor.posture(),
      recording: this.#recording?.state ?? null,
      trouble,
      ...(mac?.helper === undefined
        ? {}
        : { live: { helper: mac.helper, allGood: isAllGood(mac) && this.#mac.trouble === null } }),
    };
  }
}

function isVerb(verb: string): verb is MonitorVerb {
  return Object.hasOwn(monitorVerbs, verb);
}
