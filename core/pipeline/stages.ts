import type { Coverage } from "#contract/coverage.ts";
import type { EventOf, SessionEvent, TelemetryEvent } from "#contract/event.ts";
import type { JournalRecord } from "#core/base/journal-record.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import type { Micros } from "#core/base/clock.ts";
import type { CorrelationHit } from "#core/correlate/correlation-hit.ts";
import { Correlator } from "#core/correlate/correlator.ts";
import { rulesStillToTell } from "#core/correlate/still-to-tell.ts";
import { shortText } from "#core/enrich/cap-text.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { Enricher, type EnrichOptions } from "#core/enrich/enricher.ts";
import { evidenceNote } from "#core/findings/evidence-note.ts";
import { FindingBook } from "#core/findings/finding-book.ts";
import { NoticeBook, type Notices } from "#core/findings/notices.ts";
import type { IntentWindow } from "#core/posture/intent-memory.ts";
import { type PostureChange, PostureTracker } from "#core/posture/posture-tracker.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import { RuleSet } from "#core/rules/rule-set.ts";
import type { EventRecord, FindingRecord } from "#core/store/records.ts";
import { CoverageTracker } from "./coverage.ts";
import { FormatWatch } from "./format-watch.ts";
import { intentOf } from "./intents.ts";
import { ReplayedTwins } from "./replayed-twins.ts";
import { RibbonMarks } from "./ribbon-marks.ts";
import { StagedRecord } from "./staged-record.ts";

/** The rooms whose memory is durable, under the names it is stored by. */
const ROOMS = [
  "posture",
  "enrich",
  "correlate",
  "findings",
  "notices",
  "coverage",
  "formats",
  "twins",
  "ribbon",
] as const;
type Room = (typeof ROOMS)[number];

/** How much of what started a command is kept with it. */
const MAX_CHAIN = 8;
const MAX_ACTOR = 200;

export interface StageOptions {
  library: RuleLibrary;
  enrich: EnrichOptions;
  /** How long an attempt to weaken the Mac is remembered. */
  intents?: IntentWindow;
  loadState: (room: Room) => StateEntry[];
}

/** What one event led to. */
export interface Staged extends Notices {
  records: EventRecord[];
  findings: FindingRecord[];
  /** What the posture journal gains. */
  journal: JournalRecord[];
}

/**
 * The order of the stages, and the rooms that remember between events. Deterministic: what comes out depends on the
 * events and the stored state alone, never on how they were batched.
 */
export class Stages {
  readonly posture: PostureTracker;
  readonly coverage: CoverageTracker;
  readonly formats: FormatWatch;
  readonly twins: ReplayedTwins;
  readonly ribbon: RibbonMarks;
  readonly notices: NoticeBook;
  readonly #enricher: Enricher;
  readonly #rules: RuleSet;
  readonly #correlator: Correlator;
  readonly #book: FindingBook;

  constructor({ library, enrich, intents, loadState }: StageOptions) {
    this.posture = new PostureTracker(loadState("posture"), intents);
    this.coverage = new CoverageTracker(loadState("coverage"));
    this.formats = new FormatWatch(loadState("formats"));
    this.twins = new ReplayedTwins(loadState("twins"));
    this.ribbon = new RibbonMarks(loadState("ribbon"));
    this.notices = new NoticeBook(loadState("notices"));
    this.#enricher = new Enricher(loadState("enrich"), enrich);
    this.#rules = new RuleSet(library.rules);
    this.#correlator = new Correlator(library.correlations, loadState("correlate"));
    this.#book = new FindingBook(loadState("findings"));
  }

  /** Takes one event through all stages; a probe or a restart may add posture changes of its own. */
  process(event: TelemetryEvent, raw: string): Staged {
    const staged = nothing();
    this.coverage.apply(event);
    this.formats.apply(event, raw);
    switch (event.kind) {
      case "session_start": {
        const edge = this.posture.start(event);
        this.notices.start(event);
        this.#stage({ ...event, newBoot: edge.newBoot }, raw, staged);
        break;
      }
      case "probe":
        this.#stage(event, raw, staged);
        for (const change of changesOf(event, this.posture.apply(event))) this.#stage(change, "", staged);
        break;
      case "baseline_accepted":
        this.#stage(event, raw, staged);
        this.posture.acceptBaseline(event);
        break;
      case "session_end":
        this.#stage(event, raw, staged);
        this.#tellWaited(this.#correlator.finish(), staged);
        break;
      default:
        this.#stage(event, raw, staged);
    }
    if (!event.replayed) this.posture.heard(event.time);
    staged.journal.push(...this.posture.takeJournal());
    return staged;
  }

  /** Everything up to `time` has come, though no record says so: what waited for that moment is told. */
  pass(time: Micros): Staged {
    return this.#tellWaited(this.#correlator.advance(time, this.posture.now().bootOrdinal), nothing());
  }

  /** Nothing more will come: what waits is told. */
  finish(): Staged {
    return this.#tellWaited(this.#correlator.finish(), nothing());
  }

  /** What the rooms gave up to stay within their bounds, and what the correlations could not place. */
  limits(): Pick<Coverage, "forgotten" | "ungrouped"> {
    const enriched = Object.values(this.#enricher.evictions()).reduce((sum, count) => sum + count, 0);
    const { groupsEvicted, ungroupable } = this.#correlator.stats;
    const { evicted, unreadable } = this.#book;
    const forgotten = enriched + groupsEvicted + evicted + unreadable + this.notices.evicted + this.posture.evicted;
    return { forgotten, ungrouped: ungroupable };
  }

  drainChanges(): { room: Room; change: StateChange }[] {
    const rooms: Record<Room, { drainChanges(): StateChange[] }> = {
      posture: this.posture,
      enrich: this.#enricher,
      correlate: this.#correlator,
      findings: this.#book,
      coverage: this.coverage,
      formats: this.formats,
      twins: this.twins,
      ribbon: this.ribbon,
      notices: this.notices,
    };
    return ROOMS.flatMap((room) => rooms[room].drainChanges().map((change) => ({ room, change })));
  }

  #stage(event: TelemetryEvent, raw: string, staged: Staged): void {
    const posture = this.posture.now();
    this.ribbon.apply(event, posture);
    this.#tellWaited(this.#correlator.advance(event.time, posture.bootOrdinal), staged);
    const enriched = this.#enricher.enrich(event, posture);
    staged.records.push(new StagedRecord(enriched, raw));
    if (enriched.own) return;
    const intent = intentOf(enriched, (process) => this.#enricher.ancestors(process, MAX_CHAIN));
    if (intent !== null) this.posture.intended(intent);
    const matched = this.#rules.match(enriched);
    if (matched.length === 0) return;
    const { bootOrdinal, bootTime } = posture;
    const actor = actorOf(enriched);
    const member = { id: event.id, time: event.time, bootOrdinal, bootTime, note: evidenceNote(enriched), actor };
    if (this.#correlator.asksFor(matched)) this.#book.keepMember(enriched);
    const hits = this.#correlator.push(enriched, member, matched, (members) => this.#book.memoryOf(members, enriched));
    // Correlations first: what they tell of this record must not begin a finding of its own.
    for (const hit of hits) {
      if (hit.memory === null) this.#tell(this.#book.applyCorrelation(hit, enriched), enriched, staged);
      else this.#tellWaited([hit], staged);
    }
    for (const rule of rulesStillToTell(matched, hits, event.id)) {
      this.#tell(this.#book.applyRule(rule, enriched, member), enriched, staged);
    }
  }

  #tellWaited(hits: readonly CorrelationHit[], staged: Staged): Staged {
    for (const hit of hits) {
      const finding = this.#book.applyWaited(hit, hit.memory ?? "");
      if (finding !== null) this.#tell(finding, null, staged);
    }
    return staged;
  }

  /** @param enriched the record that led to it; null when a record that did not come did */
  #tell(finding: FindingRecord, enriched: EnrichedEvent | null, staged: Staged): void {
    staged.findings.push(finding);
    const { notification, line } = this.notices.tell(finding, enriched);
    if (notification !== null) staged.notifications.push(notification);
    if (line !== null) staged.digest.push(line);
  }
}

/** Whose share of the correlator's memory it takes: the app that answers for it, else the program itself. */
function actorOf({ responsible, subject }: EnrichedEvent): string {
  return shortText(responsible?.path ?? subject?.path ?? "", MAX_ACTOR);
}

function nothing(): Staged {
  return { records: [], findings: [], notifications: [], digest: [], journal: [] };
}

/** Each with an id of its own: what a probe proves may be more than one change of a setting once its boot is known. */
function changesOf(
  probe: EventOf<"probe">,
  changes: readonly PostureChange[],
): Extract<SessionEvent, { kind: "posture_change" }>[] {
  const seen = new Map<string, number>();
  return changes.map((change) => {
    const times = (seen.get(change.setting) ?? 0) + 1;
    seen.set(change.setting, times);
    const src = times === 1 ? `posture:${change.setting}` : `posture:${change.setting}:${times}`;
    return {
      kind: "posture_change",
      id: { session: probe.id.session, src, n: probe.id.n },
      time: probe.time,
      replayed: probe.replayed,
      ...change,
    };
  });
}
