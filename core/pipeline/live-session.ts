import type { Coverage, HelperStatus } from "#contract/coverage.ts";
import type { PostureChain } from "#contract/posture.ts";
import { SOURCES, type SourceName } from "#contract/source.ts";
import { type Clock, type Micros, SECOND } from "#core/base/clock.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { FileLooks } from "./file-looks.ts";
import { HeldRecords, type HeldLimits } from "./held-records.ts";
import { HelperOutage } from "./helper-outage.ts";
import { InspectedAnswers, type SummariseFile } from "./inspected-answers.ts";
import { JournalAnchoring, type JournalAnchoringOptions } from "./journal-anchoring.ts";
import { LiveCoverage } from "./live-coverage.ts";
import type { HelperCounts, HelperListener, HelperState, LiveHelper } from "#core/base/live-helper.ts";
import { LogBackFill } from "./log-back-fill.ts";
import type { Monitor } from "./monitor.ts";
import { PongAccounting } from "./pong-accounting.ts";
import { withoutRefused } from "./refused-frames.ts";
import type { Timers } from "./timers.ts";

/** What comes while the store is at work waits so long at most. */
const COMMIT_MS = 50;
const FULL_DISK_RETRY_MS = 1000;
const TICK_MS = 1000;
/** Our own exec is asked for when no other has proved Endpoint Security for so long. */
const PROVE_AFTER: Micros = 30 * SECOND;
const PROVE_EVERY: Micros = 10 * SECOND;
const MAX_VERSION_CHARS = 64;

export interface LiveSessionOptions {
  helper: LiveHelper;
  monitor: Monitor;
  clock: Clock;
  timers: Timers;
  summariseFile: SummariseFile;
  /** Whether what is taken is kept: only then may the helper's spool forget it. */
  durable: boolean;
  /** The posture journal whose head the launch daemon is to keep; left out: there is none that lasts. */
  anchor?: Pick<JournalAnchoringOptions, "journal" | "logger">;
  /** Each line in the order and the form in which it is taken, for a recording. Valid during the call. */
  onLine?: (line: Uint8Array) => void;
  /** What {@link LiveSession.coverage} says may be another now. */
  onChange?: () => void;
  /** The store failed in a way that waiting does not help. Nothing more is taken. */
  onFault: (error: unknown) => void;
  heldLimits?: HeldLimits;
}

/**
 * Gives what the helper tells to this Mac's monitor, asks the helper what only it can answer, and knows how far each
 * source can be trusted. Nothing that the helper delivers is lost without a record that says so.
 */
export class LiveSession {
  readonly #options: LiveSessionOptions;
  readonly #reader = new SessionReader({ name: "live" });
  readonly #coverage: LiveCoverage;
  readonly #looks: FileLooks;
  readonly #answers: InspectedAnswers;
  readonly #held: HeldRecords;
  readonly #outage = new HelperOutage();
  readonly #accounting = new PongAccounting();
  readonly #backFill = new LogBackFill();
  readonly #anchoring: JournalAnchoring | null;
  /** The newest mark whose records are all taken, though perhaps not committed. */
  #mark: number | null = null;
  #lines = 0;
  #helperVersion: string | null = null;
  #cancelCommit: (() => void) | null = null;
  #committedLately = false;
  #cancelTick: () => void = () => undefined;
  #provedAt: Micros = -PROVE_EVERY;
  #standing = "";
  #ended = false;

  constructor(options: LiveSessionOptions) {
    this.#options = options;
    const { clock, timers, helper, summariseFile, heldLimits } = options;
    this.#coverage = new LiveCoverage(clock);
    this.#looks = new FileLooks({ helper, clock, timers });
    this.#answers = new InspectedAnswers({
      summarise: summariseFile,
      timers,
      give: (line) => this.#guarded(() => this.#read(line)),
    });
    this.#held = new HeldRecords(heldLimits);
    const { anchor } = options;
    this.#anchoring =
      anchor === undefined ? null : new JournalAnchoring({ ...anchor, helper, onChange: () => options.onChange?.() });
  }

  start(): void {
    const { helper, monitor } = this.#options;
    monitor.listen((event, trust) => this.#looks.started(event, trust));
    this.#tick();
    helper.start(this.#listener());
  }

  /**
   * Stops the helper and commits what came.
   * @returns how many records the disk has no room for. They are lost with us where the helper has no spool.
   */
  async stop(): Promise<number> {
    this.#guarded(() => {
      this.#drain();
      this.#commit();
      this.#anchoring?.end();
    });
    await this.#options.helper.stop();
    if (this.#ended) return 0;
    this.#guarded(() => {
      this.#answers.end();
      this.#drain();
      this.#commit();
    });
    this.#end();
    return this.#held.size;
  }

  get helper(): HelperStatus {
    return this.#coverage.helper;
  }

  /** As the helper says; null before its first word. */
  get helperVersion(): string | null {
    return this.#helperVersion;
  }

  /** How the posture journal compares with what the launch daemon keeps of it. */
  get anchor(): PostureChain["anchor"] {
    return this.#anchoring?.state ?? "none";
  }

  /** Lines that came from the helper. */
  get lines(): number {
    return this.#lines;
  }

  coverage(): Coverage {
    const doubt = this.#anchoring?.doubt ?? null;
    return {
      ...this.#options.monitor.coverage(this.#coverage.judge),
      helper: this.#coverage.helper,
      looks: { asked: this.#looks.asked, skipped: this.#looks.skipped, notInspected: this.#answers.without },
      ...(doubt === null ? {} : { journalDoubt: doubt }),
    };
  }

  /** Tries a source again now. @returns false when the helper cannot be asked */
  retry(source: SourceName): boolean {
    return source === "probe" ? this.#options.helper.probes() : this.#options.helper.retry(source);
  }

  #listener(): HelperListener {
    return {
      line: (bytes) => {
        this.#guarded(() => {
          this.#lines += 1;
          if (!this.#answers.take(bytes)) this.#read(bytes);
        });
      },
      state: (state) => this.#guarded(() => this.#helperIs(state)),
      pong: (at, counts) => this.#guarded(() => this.#answered(at, counts)),
      mark: (mark) => this.#guarded(() => this.#marked(mark)),
    };
  }

  /** A fault of the store, or of ours, ends the session in the open; whoever started it decides what then. */
  #guarded(work: () => void): void {
    if (this.#ended) return;
    try {
      work();
    } catch (error) {
      this.#end();
      this.#options.onFault(error);
    }
  }

  #end(): void {
    this.#ended = true;
    this.#cancelCommit?.();
    this.#cancelTick();
    this.#looks.forget();
  }

  #read(bytes: Buffer): void {
    this.#options.onLine?.(bytes);
    for (const said of this.#reader.read({ kind: "line", number: this.#lines, bytes, terminated: true })) {
      const record = withoutRefused(said);
      const outage = this.#outage.revealedBy(record);
      if (outage !== null) this.#give(outage);
      this.#accounting.saw(record);
      this.#observe(record);
      this.#give(record);
    }
    this.#commitSoon();
  }

  #give(record: SessionRecord): void {
    const { monitor } = this.#options;
    if (monitor.paused || !this.#held.isEmpty) this.#held.add(record);
    else monitor.accept(record);
  }

  /** What the coverage learns from a record, whether or not it can be stored. */
  #observe(record: SessionRecord): void {
    if (record.kind !== "frame") return;
    const { frame, at } = record;
    switch (frame.t) {
      case "hello":
        this.#helperVersion = frame.helper?.version?.slice(0, MAX_VERSION_CHARS) ?? null;
        this.#beginBackFill(record);
        return;
      case "status":
        if (frame.state === "starting") this.#coverage.begins(frame.src);
        else if (frame.state !== "running") this.#coverage.ended(frame.src);
        return;
      case "event":
        this.#coverage.delivered(frame.src, at, frame.src !== "es" || isExec(frame.body));
        return;
      case "line":
        this.#coverage.delivered(frame.src, at, frame.src !== "es");
        return;
      case "probe":
        this.#coverage.delivered("probe", at, true);
        return;
      case "file":
      case "sleep":
      case "baseline":
      case "bye":
        return;
    }
  }

  /** A session whose hello is stored went on without us, and keeps what it saw meanwhile. */
  #beginBackFill(hello: SessionRecord): void {
    const { monitor, clock } = this.#options;
    const last = monitor.knows(hello) ? null : monitor.lastEventOf("log");
    this.#backFill.begin(hello.id.session, last, clock.now());
  }

  #helperIs(state: HelperState): void {
    this.#coverage.helperIs(state);
    this.#anchoring?.helperIs(state);
    if (state.phase !== "connected") {
      this.#mark = null;
      this.#held.forgetMarks();
      this.#looks.forget();
      this.#accounting.reconnected();
      this.#provedAt = -PROVE_EVERY;
    }
    this.#options.onChange?.();
  }

  #answered(at: Micros, counts: ReadonlyMap<string, HelperCounts>): void {
    this.#coverage.answered(counts);
    for (const gap of this.#accounting.missing(at, counts)) this.#give(gap);
    // What was sent before the answer has come, so an idle Mac need not wait for its next record.
    if (this.#held.isEmpty) this.#options.monitor.timePassed(at);
    this.#backFill.ask((time) => this.#options.helper.since(time));
    this.#commitSoon();
  }

  #marked(mark: number): void {
    if (!this.#options.durable) return;
    if (this.#options.monitor.paused || !this.#held.isEmpty) this.#held.addMark(mark);
    else this.#mark = mark;
    this.#commitSoon();
  }

  /** At once when nothing was committed lately, else when the time is over: what comes meanwhile goes together. */
  #commitSoon(): void {
    if (this.#cancelCommit !== null) return;
    const wait = this.#options.monitor.paused ? FULL_DISK_RETRY_MS : this.#committedLately ? COMMIT_MS : 0;
    this.#cancelCommit = this.#options.timers.after(wait, () => {
      this.#cancelCommit = null;
      this.#guarded(() => this.#commitTurn());
    });
  }

  #commitTurn(): void {
    this.#drain();
    this.#commit();
    if (this.#options.monitor.paused) {
      this.#commitSoon();
      this.#options.onChange?.();
      return;
    }
    this.#committedLately = true;
    this.#options.timers.after(COMMIT_MS, () => {
      this.#committedLately = false;
    });
  }

  /** Gives on what was held, as far as there is room. */
  #drain(): void {
    const { monitor } = this.#options;
    if (monitor.paused && !monitor.flush()) return;
    while (!monitor.paused) {
      const held = this.#held.take();
      if (held === null) return;
      if ("mark" in held) this.#mark = held.mark;
      else monitor.accept(held.record);
    }
  }

  #commit(): void {
    if (!this.#options.monitor.flush() || this.#mark === null) return;
    this.#options.helper.ack(this.#mark);
    this.#mark = null;
  }

  #tick(): void {
    this.#guarded(() => {
      const now = this.#coverage.tick();
      if (this.#coverage.isConnected) this.#proveEs(now);
      this.#anchoring?.tick();
      const standing = this.#standingNow();
      if (standing !== this.#standing) this.#options.onChange?.();
      this.#standing = standing;
    });
    if (!this.#ended) this.#cancelTick = this.#options.timers.after(TICK_MS, () => this.#tick());
  }

  #proveEs(now: Micros): void {
    const since = this.#coverage.sinceProof("es");
    if ((since !== null && since < PROVE_AFTER) || now - this.#provedAt < PROVE_EVERY) return;
    const es = this.#options.monitor.stateOf("es");
    if (es !== "starting" && es !== "running") return;
    this.#provedAt = now;
    this.#options.helper.prove("es");
  }

  /** The states alone, without the counts: what a reader has to be told of at once. */
  #standingNow(): string {
    const { monitor } = this.#options;
    return SOURCES.map((source) => monitor.stateOf(source, this.#coverage.judge)).join();
  }
}

/** Endpoint Security delivers execs even on a quiet Mac, because we can ask for one. */
function isExec(body: Record<string, unknown>): boolean {
  const { event } = body;
  return typeof event === "object" && event !== null && "exec" in event;
}
