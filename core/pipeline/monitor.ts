import type { Coverage, CoverageState } from "#contract/coverage.ts";
import type { StoreTrouble } from "#contract/monitor-port.ts";
import type { PostureSnapshot } from "#contract/posture.ts";
import type { TelemetryEvent } from "#contract/event.ts";
import type { TrustClass } from "#contract/trust.ts";
import type { SourceName } from "#contract/source.ts";
import { ManualClock, type Micros } from "#core/base/clock.ts";
import type { Logger } from "#core/base/logger.ts";
import { ownByIdentity } from "#core/enrich/enricher.ts";
import { gapCountsOf } from "#core/parse/gap-counts.ts";
import type { NoticeBook, Notices } from "#core/findings/notices.ts";
import { parseRecord } from "#core/parse/parse-record.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import type { MonitorSettings } from "#core/settings/monitor-settings.ts";
import { StoreFull } from "#core/store/errors.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { BatchBuilder, type Taken } from "./batch-builder.ts";
import type { Judge } from "./coverage.ts";
import { IdsInFlight } from "./ids-in-flight.ts";
import type { Committed, MonitorStore } from "./monitor-store.ts";
import type { RibbonMarks } from "./ribbon-marks.ts";
import { shedByUs } from "./shed-gap.ts";
import { type Staged, Stages } from "./stages.ts";
import { unreadSettings } from "./unread-settings.ts";

/** Most records a commit holds. */
export const BATCH_RECORDS = 500;

export interface MonitorOptions {
  store: MonitorStore;
  library: RuleLibrary;
  settings: MonitorSettings;
  logger: Logger;
  /** Sealbar's own tools on this Mac: what they do is left out of findings. */
  own?: OwnIdentity;
  /** Called after each commit, with what it added. */
  onCommit?: (committed: CommitNews) => void;
}

/** What a commit added, and what the user is to be told of it. */
export type CommitNews = Committed & Notices;

export interface OwnIdentity {
  /** Lower-case, 40 hex digits. */
  cdhashes: readonly string[];
  teamId: string | null;
}

/** Told of each event that was taken, with the trust in its subject at that moment. */
export type TakenListener = (event: TelemetryEvent, trust: TrustClass | null) => void;

/**
 * The monitor: records in, committed events and findings out. It runs the same in the app, in the command line and in
 * tests. Records that the store already knows are passed over, so the same input can be given any number of times.
 */
export class Monitor {
  /** The newest event's time: what every clock shows during a replay. */
  readonly clock = new ManualClock();
  #options: MonitorOptions;
  #stages: Stages;
  #building = new BatchBuilder();
  /** A batch that the disk had no room for; nothing else is taken until it is stored. */
  #stuck: Taken | null = null;
  #trouble: StoreTrouble | null = null;
  readonly #inFlight = new IdsInFlight();
  #duplicates = 0;
  /** Of the stages before the last change of the settings, which these counts outlive. */
  #limitsBefore: ReturnType<Stages["limits"]> = { forgotten: 0, ungrouped: 0 };
  #listener: TakenListener | null = null;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#stages = stagesOf(options);
  }

  /**
   * From the next record on other rules and settings are in force. What the rooms remember stays: it is read back from
   * the store, as after a restart.
   * @returns false while the disk is full: nothing changed
   */
  reconfigure(changed: Pick<MonitorOptions, "library" | "settings">): boolean {
    if (!this.flush()) return false;
    this.#options = { ...this.#options, ...changed };
    this.#limitsBefore = this.#limits();
    this.#stages = stagesOf(this.#options);
    return true;
  }

  /** True while the disk is full: give no more records, and call {@link flush} from time to time. */
  get paused(): boolean {
    return this.#stuck !== null;
  }

  get trouble(): StoreTrouble | null {
    return this.#trouble;
  }

  /** Whether this record was taken before: it is in flight, in the store, or retention removed it. */
  knows({ id }: SessionRecord): boolean {
    return this.#inFlight.has(id) || this.#options.store.isKnown(id);
  }

  /** One listener at a time. */
  listen(listener: TakenListener): void {
    this.#listener = listener;
  }

  /** When the newest event of a source was, as far as anybody remembers; microseconds. */
  lastEventOf(source: SourceName): Micros | null {
    return this.#stages.coverage.lastEventOf(source);
  }

  stateOf(source: SourceName, judge?: Judge): CoverageState {
    return this.#stages.coverage.stateOf(source, judge);
  }

  /** Takes one record; a full batch is committed at once. @returns false when it was already known */
  accept(record: SessionRecord): boolean {
    if (this.knows(record)) {
      this.#duplicates += 1;
      return false;
    }
    this.#inFlight.add(record.id);
    const event = parseRecord(record);
    // Not counted as delivered: it was, under its first number.
    if (this.#stages.twins.isTwin(record)) {
      this.#duplicates += 1;
      return false;
    }
    if (event.kind !== "fault") this.#countDelivered(record);
    this.#take(event, record.raw);
    return true;
  }

  /** Everything up to `time` has been given, though no record is as late: an idle Mac decides what waits for time to pass. */
  timePassed(time: Micros): void {
    if (!this.paused) this.#tell(this.#stages.pass(time));
  }

  /** Nothing more will be given, e.g. at the end of a replay: what waits is told. */
  finish(): void {
    this.#tell(this.#stages.finish());
  }

  /** Commits what is in flight. @returns false when the disk is full; nothing is lost, try again later */
  flush(): boolean {
    const taken = this.#stuck ?? this.#building.take(this.#stages);
    if (taken === null) return true;
    try {
      const committed = this.#options.store.commit(taken.batch);
      // Nothing else is taken while a batch is stuck, so what is in flight is always this one batch.
      this.#inFlight.clear();
      this.#stuck = null;
      this.#trouble = null;
      this.#options.onCommit?.({ ...committed, ...taken.notices });
      return true;
    } catch (error) {
      if (!(error instanceof StoreFull)) throw error;
      if (this.#stuck === null) this.#options.logger.warn(error.message);
      this.#stuck = taken;
      this.#trouble = {
        kind: "disk-full",
        message: "The disk is full. Sealbar has stopped storing, and goes on by itself once there is room.",
      };
      return false;
    }
  }

  /** What the ribbon above the timeline is drawn from. */
  get ribbon(): RibbonMarks {
    return this.#stages.ribbon;
  }

  /** What the user was told so far, what is in flight included. */
  get notices(): Pick<NoticeBook, "digest" | "recent"> {
    return this.#stages.notices;
  }

  posture(): PostureSnapshot {
    return this.#stages.posture.snapshot();
  }

  /** @param judge what a live session knows beside the records; without it, the records alone count */
  coverage(judge?: Judge): Coverage {
    const { store, library } = this.#options;
    const { bySource, faults } = store.counts();
    return {
      sources: this.#stages.coverage.sources(bySource, judge),
      skippedRules: library.problems.map(({ file, line, reason }) => ({ file, line, reason })),
      faults,
      duplicates: this.#duplicates,
      ...this.#limits(),
      regexGaveUp: library.regexGaveUp(),
      formatChanges: this.#stages.formats.changes(),
      ...unreadSettings(this.posture()),
    };
  }

  get duplicates(): number {
    return this.#duplicates;
  }

  #limits(): ReturnType<Stages["limits"]> {
    const { forgotten, ungrouped } = this.#stages.limits();
    return {
      forgotten: this.#limitsBefore.forgotten + forgotten,
      ungrouped: this.#limitsBefore.ungrouped + ungrouped,
    };
  }

  /** Sources are counted by what they delivered: events, and for probes answers. */
  #countDelivered(record: SessionRecord): void {
    if (record.kind !== "frame") return;
    const { session, src } = record.id;
    if (record.frame.t === "event") this.#building.count(session, src, "events");
    if (record.frame.t === "probe") this.#building.count(session, src, "answers");
  }

  #tell(staged: Staged): void {
    if (staged.findings.length > 0) this.#building.add(staged);
  }

  #take(event: TelemetryEvent, raw: string): void {
    this.clock.advanceTo(event.time);
    const staged = this.#stages.process(event, raw);
    this.#building.add(staged);
    this.#listener?.(event, staged.records[0]?.trust ?? null);
    if (event.kind === "fault") this.#building.count(event.id.session, event.source, "faults");
    const gap = shedByUs(event) ?? gapCountsOf(event);
    if (gap !== null) {
      for (const [name, by] of Object.entries(gap.counts)) this.#building.count(event.id.session, gap.source, name, by);
    }
    if (this.#building.size >= BATCH_RECORDS) this.flush();
  }
}

function stagesOf({ store, library, settings, own }: MonitorOptions): Stages {
  return new Stages({
    library,
    enrich: {
      developerIdAllowList: settings.developerIdAllowList,
      allowedUsers: settings.allowedUsers,
      policyPaths: settings.policyPaths,
      isOwnProcess: ownByIdentity(own ?? { cdhashes: [], teamId: null }),
    },
    intents: { span: settings.timeWindow.intent, boots: settings.timeWindow.intentBoots },
    loadState: (room) => store.loadState(room),
  });
}
