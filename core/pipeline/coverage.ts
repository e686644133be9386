import type { CoverageState, GapCounts, SourceCoverage } from "#contract/coverage.ts";
import { COVERAGE_STATES } from "#contract/coverage.ts";
import type { TelemetryEvent } from "#contract/event.ts";
import { SOURCES, type SourceName } from "#contract/source.ts";
import type { Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { formatTime } from "#core/base/time.ts";
import { z } from "zod";
import { actionFor, BLIND, isBlind, nextStep } from "./coverage-words.ts";
import { blindBehaviours } from "./behaviour-sources.ts";

const Known = z.object({
  state: z.enum(COVERAGE_STATES),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  lastEvent: z.number().nullable(),
});
export type Known = z.infer<typeof Known>;

/** What only a live session can tell of a source. */
export type LiveFacts = Pick<SourceCoverage, "ratePerMinute" | "provedAt" | "provedBy" | "limitSeconds" | "action"> &
  Partial<Pick<SourceCoverage, "nextStep">>;

/** What a source can be trusted with now, from what its records say and what is known beside them. */
export type Judge = (source: SourceName, known: Known) => { known: Known; live: LiveFacts };

/** Counts of one source, as the store holds them. */
export interface SourceCounts extends GapCounts {
  events: number;
  /** Probes answer; they deliver no events. */
  answers: number;
}

const NO_COUNTS: SourceCounts = { events: 0, answers: 0, lost: 0, shed: 0, unreadable: 0, unknown: 0, shedByUs: 0 };
const ABSENT: Known = { state: "absent", reason: null, detail: null, lastEvent: null };
const DETAIL_MAX = 500;

/**
 * What each source can be trusted to have seen. A source is `running` only once an event of its own has proved it:
 * a status frame that says so makes it `starting`.
 */
export class CoverageTracker {
  readonly #known = new Map<SourceName, Known>();
  readonly #dirty = new Set<SourceName>();

  constructor(entries: readonly StateEntry[]) {
    for (const { key, value } of entries) {
      const source = SOURCES.find((name) => name === key);
      const known = Known.safeParse(JSON.parse(value));
      if (source !== undefined && known.success) this.#known.set(source, known.data);
    }
  }

  apply(event: TelemetryEvent): void {
    switch (event.kind) {
      case "session_start":
        for (const source of SOURCES) {
          const there = event.sources.includes(source);
          this.#set(source, { ...ABSENT, state: there ? "starting" : "absent", lastEvent: this.#of(source).lastEvent });
        }
        return;
      case "session_end":
        for (const [source, known] of this.#known)
          if (known.state !== "absent") this.#set(source, { ...known, state: "stopped" });
        return;
      case "status": {
        const source = SOURCES.find((name) => name === event.source);
        const state = COVERAGE_STATES.find((name) => name === event.state);
        if (source === undefined || state === undefined) return;
        this.#set(source, {
          state: believed(state, event.reason),
          reason: event.reason,
          detail: event.detail === null ? null : event.detail.slice(0, DETAIL_MAX),
          lastEvent: this.#of(source).lastEvent,
        });
        return;
      }
      default: {
        const source = SOURCES.find((name) => name === event.id.src);
        if (source !== undefined) this.#delivered(source, event.time);
      }
    }
  }

  /** When the newest event of a source was; null when it never delivered. */
  lastEventOf(source: SourceName): Micros | null {
    return this.#of(source).lastEvent;
  }

  stateOf(source: SourceName, judge?: Judge): CoverageState {
    const known = this.#of(source);
    return judge === undefined ? known.state : judge(source, known).known.state;
  }

  sources(counts: ReadonlyMap<string, SourceCounts>, judge?: Judge): SourceCoverage[] {
    const judged = new Map(
      SOURCES.map((source) => [source, judge?.(source, this.#of(source)) ?? { known: this.#of(source), live: {} }]),
    );
    const stateOf = (source: SourceName): CoverageState => judged.get(source)?.known.state ?? "absent";
    const behaviours = blindBehaviours((source) => !isBlind(stateOf(source)));
    // Endpoint Security sees all that file changes and process snapshots see.
    const stoodInFor = (source: SourceName) => (source === "fs" || source === "proc") && !isBlind(stateOf("es"));
    return Array.from(judged, ([source, { known, live }]) => {
      const { state, reason, detail, lastEvent } = known;
      const { events, answers, ...gaps } = counts.get(source) ?? NO_COUNTS;
      const blind = isBlind(state) && !stoodInFor(source);
      return {
        source,
        state,
        reason,
        detail,
        lastEventAt: lastEvent === null ? null : formatTime(lastEvent),
        events: events + answers,
        gaps,
        blind: blind ? BLIND[source] : null,
        nextStep: nextStep(source, state, reason),
        action: actionFor(source, state, reason),
        blindBehaviours: blind ? (behaviours.get(source) ?? []) : [],
        ...live,
      };
    });
  }

  drainChanges(): StateChange[] {
    const changes = Array.from(this.#dirty, (source) => ({ key: source, value: JSON.stringify(this.#of(source)) }));
    this.#dirty.clear();
    return changes;
  }

  #of(source: SourceName): Known {
    return this.#known.get(source) ?? ABSENT;
  }

  #set(source: SourceName, known: Known): void {
    this.#known.set(source, known);
    this.#dirty.add(source);
  }

  #delivered(source: SourceName, time: Micros): void {
    const known = this.#of(source);
    const proved = known.state === "starting" || known.state === "silent" || known.state === "absent";
    const lastEvent = Math.max(known.lastEvent ?? 0, time);
    if (proved) this.#set(source, { state: "running", reason: null, detail: null, lastEvent });
    else if (lastEvent !== known.lastEvent) this.#set(source, { ...known, lastEvent });
  }
}

/** Reasons of a source that is not collected at all (native/PROTOCOL.md). */
const NOT_COLLECTED: readonly (string | null)[] = ["not-asked", "not-built-in", "not-supported"];

function believed(state: CoverageState, reason: string | null): CoverageState {
  if (state === "running") return "starting";
  return state === "stopped" && NOT_COLLECTED.includes(reason) ? "absent" : state;
}
