import type { Coverage } from "#contract/coverage.ts";
import type { EventOf, SessionEvent, TelemetryEvent } from "#contract/event.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { Correlator } from "#core/correlate/correlator.ts";
import { rulesStillToTell } from "#core/correlate/still-to-tell.ts";
import { Enricher, type EnrichOptions } from "#core/enrich/enricher.ts";
import { evidenceNote } from "#core/findings/evidence-note.ts";
import { FindingBook } from "#core/findings/finding-book.ts";
import { type PostureChange, PostureTracker } from "#core/posture/posture-tracker.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import { RuleSet } from "#core/rules/rule-set.ts";
import type { EventRecord, FindingRecord } from "#core/store/records.ts";
import { CoverageTracker } from "./coverage.ts";
import { FormatWatch } from "./format-watch.ts";
import { ReplayedTwins } from "./replayed-twins.ts";
import { RibbonMarks } from "./ribbon-marks.ts";
import { StagedRecord } from "./staged-record.ts";

/** The rooms whose memory is durable, under the names it is stored by. */
const ROOMS = ["posture", "enrich", "correlate", "findings", "coverage", "formats", "twins", "ribbon"] as const;
type Room = (typeof ROOMS)[number];

export interface StageOptions {
  library: RuleLibrary;
  enrich: EnrichOptions;
  loadState: (room: Room) => StateEntry[];
}

/** What one event led to. */
export interface Staged {
  records: EventRecord[];
  findings: FindingRecord[];
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
  readonly #enricher: Enricher;
  readonly #rules: RuleSet;
  readonly #correlator: Correlator;
  readonly #book: FindingBook;

  constructor({ library, enrich, loadState }: StageOptions) {
    this.posture = new PostureTracker(loadState("posture"));
    this.coverage = new CoverageTracker(loadState("coverage"));
    this.formats = new FormatWatch(loadState("formats"));
    this.twins = new ReplayedTwins(loadState("twins"));
    this.ribbon = new RibbonMarks(loadState("ribbon"));
    this.#enricher = new Enricher(loadState("enrich"), enrich);
    this.#rules = new RuleSet(library.rules);
    this.#correlator = new Correlator(library.correlations, loadState("correlate"));
    this.#book = new FindingBook(loadState("findings"));
  }

  /** Takes one event through all stages; a probe or a restart may add posture changes of its own. */
  process(event: TelemetryEvent, raw: string): Staged {
    const staged: Staged = { records: [], findings: [] };
    this.coverage.apply(event);
    this.formats.apply(event, raw);
    switch (event.kind) {
      case "session_start": {
        const edge = this.posture.start(event);
        this.#stage({ ...event, newBoot: edge.newBoot }, raw, staged);
        break;
      }
      case "probe":
        this.#stage(event, raw, staged);
        for (const change of this.posture.apply(event)) this.#stage(postureChanged(event, change), "", staged);
        break;
      default:
        this.#stage(event, raw, staged);
    }
    return staged;
  }

  /** What the rooms gave up to stay within their bounds, and what the correlations could not place. */
  limits(): Pick<Coverage, "forgotten" | "ungrouped"> {
    const { processes, quarantine, seenCode, assessments } = this.#enricher.evictions();
    const { groupsEvicted, ungroupable } = this.#correlator.stats;
    const forgotten = processes + quarantine + seenCode + assessments + groupsEvicted + this.#book.evicted;
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
    };
    return ROOMS.flatMap((room) => rooms[room].drainChanges().map((change) => ({ room, change })));
  }

  #stage(event: TelemetryEvent, raw: string, staged: Staged): void {
    const posture = this.posture.now();
    this.ribbon.apply(event, posture);
    const enriched = this.#enricher.enrich(event, posture);
    staged.records.push(new StagedRecord(enriched, raw));
    if (enriched.own) return;
    const matched = this.#rules.match(enriched);
    if (matched.length === 0) return;
    const member = { id: event.id, time: event.time, bootOrdinal: posture.bootOrdinal, note: evidenceNote(enriched) };
    const hits = this.#correlator.push(enriched, member, matched);
    // Correlations first: what they tell of this record must not begin a finding of its own.
    for (const hit of hits) staged.findings.push(this.#book.applyCorrelation(hit, enriched));
    for (const rule of rulesStillToTell(matched, hits, event.id)) {
      staged.findings.push(this.#book.applyRule(rule, enriched, member));
    }
  }
}

function postureChanged(
  probe: EventOf<"probe">,
  change: PostureChange,
): Extract<SessionEvent, { kind: "posture_change" }> {
  return {
    kind: "posture_change",
    // A probe proves at most one change of a setting, so the probe's number names it.
    id: { session: probe.id.session, src: `posture:${change.setting}`, n: probe.id.n },
    time: probe.time,
    replayed: probe.replayed,
    ...change,
  };
}
