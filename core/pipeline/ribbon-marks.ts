import type { PostureSpan, SourceSpan } from "#contract/ribbon.ts";
import { type EventOf, type TelemetryEvent } from "#contract/event.ts";
import { SOURCES, type SourceName } from "#contract/source.ts";
import type { Micros } from "#core/base/clock.ts";
import { StateChanges, type StateChange, type StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "#core/enrich/bounded-table.ts";
import type { PostureNow } from "#core/posture/posture-tracker.ts";

type Track = SourceName | "posture";
type State = PostureSpan["state"] | SourceSpan["state"];

/** A stretch of a band. `to` null: it lasts until the next one of its track begins. */
export interface Stretch {
  track: Track;
  from: Micros;
  to: Micros | null;
  state: State;
  words: string;
}

/** What is known of the bands at this moment; one small entry of the state. */
interface Now {
  /** The state that each track is in. */
  states: Partial<Record<Track, { state: State; words: string }>>;
  /** When each source last delivered: where a gap began. */
  lastOf: Partial<Record<SourceName, Micros>>;
  order: number;
}

const MAX_STRETCHES = 4096;
const MAX_BOOTS = 512;
const MAX_WORDS = 200;
const STRETCHES = "stretch:";
const BOOTS = "boot:";
const NOW = "now";

/**
 * Remembers what the ribbon above the timeline shows: which source saw when, how the Mac was protected, when it restarted.
 * Bounded and durable; the oldest stretches go first, and what lies before them is not known.
 */
export class RibbonMarks {
  readonly #stretches: BoundedTable<Stretch, number>;
  readonly #boots: BoundedTable<Micros, number>;
  readonly #changes = new StateChanges();
  #now: Now;
  #dirty = false;
  #posture: PostureNow | null = null;

  constructor(entries: readonly StateEntry[]) {
    this.#stretches = new BoundedTable(STRETCHES, MAX_STRETCHES, entries);
    this.#boots = new BoundedTable(BOOTS, MAX_BOOTS, entries);
    const stored = entries.find(({ key }) => key === NOW);
    this.#now = stored === undefined ? { states: {}, lastOf: {}, order: 0 } : (JSON.parse(stored.value) as Now);
  }

  get evicted(): number {
    return this.#stretches.evicted + this.#boots.evicted;
  }

  /** @param posture as it is with this event */
  apply(event: TelemetryEvent, posture: PostureNow): void {
    this.#applyPosture(event, posture);
    switch (event.kind) {
      case "session_start":
        this.#begin(event);
        return;
      case "session_end":
        for (const source of SOURCES)
          if (this.#now.states[source] !== undefined) this.#enter(source, event.time, "off");
        this.#enter("posture", event.time, "unknown", "Nobody was watching");
        this.#posture = null;
        return;
      case "status":
        this.#applyStatus(event);
        return;
      case "gap":
        this.#applyGap(event);
        return;
      case "sleep":
        for (const source of this.#watching()) this.#add(source, event.from, event.to, "asleep", "");
        return;
      case "line":
        if (event.dropMarker) this.#missing("log", event.time, "macOS dropped log messages");
        else this.#delivered(event.source, event.time);
        return;
      case "fault":
        return;
      case "probe":
        this.#delivered("probe", event.time);
        return;
      default:
        this.#delivered(event.id.src, event.time);
    }
  }

  /** The stretches of all tracks that touch the time, in the order they were noted. */
  *between(from: Micros, to: Micros): Generator<Stretch> {
    for (const [, stretch] of this.#stretches.entries()) {
      if (stretch.from < to && (stretch.to === null || stretch.to > from)) yield stretch;
    }
  }

  boots(from: Micros, to: Micros): Micros[] {
    return [...this.#boots.entries()].map(([, at]) => at).filter((at) => at >= from && at < to);
  }

  drainChanges(): StateChange[] {
    if (this.#dirty) this.#changes.set(NOW, JSON.stringify(this.#now));
    this.#dirty = false;
    return [...this.#changes.drain(), ...this.#stretches.drainChanges(), ...this.#boots.drainChanges()];
  }

  #begin(event: EventOf<"session_start">): void {
    if (event.newBoot) this.#boots.set(this.#next(), event.bootTime ?? event.time);
    const announced = new Set(event.sources);
    for (const source of SOURCES) {
      if (announced.has(source)) this.#enter(source, event.time, "degraded", "It has not delivered anything yet");
      else if (this.#now.states[source] !== undefined) this.#enter(source, event.time, "off");
    }
  }

  #applyStatus({ source, state, reason, time }: EventOf<"status">): void {
    const track = SOURCES.find((name) => name === source);
    if (track === undefined) return;
    const words = reason ?? "";
    if (state === "running") this.#enter(track, time, "running");
    else if (state === "starting" || state === "restarting") this.#enter(track, time, "degraded", words);
    else this.#enter(track, time, "off", words);
  }

  #applyGap({ source, count, time }: EventOf<"gap">): void {
    if (source === "monitor") {
      for (const track of this.#watching()) this.#enter(track, time, "gap", "Sealbar was not watching");
      return;
    }
    this.#missing(source, time, count === null ? "An unknown number of events was lost" : `${count} events were lost`);
  }

  #missing(source: string, time: Micros, words: string): void {
    const track = SOURCES.find((name) => name === source);
    if (track === undefined) return;
    const from = this.#now.lastOf[track] ?? time;
    // A moment would not be seen.
    this.#add(track, Math.min(from, time - 1), time, "gap", words);
  }

  /** A record proves that its source sees, whatever was said of it before. */
  #delivered(source: string, time: Micros): void {
    const track = SOURCES.find((name) => name === source);
    if (track === undefined) return;
    this.#now.lastOf[track] = Math.max(time, this.#now.lastOf[track] ?? time);
    this.#dirty = true;
    this.#enter(track, time, "running");
  }

  /** The same object until something changes, so looking costs nothing. */
  #applyPosture(event: TelemetryEvent, posture: PostureNow): void {
    if (posture === this.#posture) return;
    this.#posture = posture;
    const state = posture.weakened ? "weakened" : posture.inDoubt ? "unknown" : "strong";
    this.#enter("posture", event.time, state, posture.weakenedHow);
    const { bootTime } = posture;
    if (event.kind !== "posture_change" || !event.acrossBoot || bootTime === null || bootTime >= event.time) return;
    // It was so since the restart, before anybody could read it.
    this.#add("posture", bootTime, event.time, state, posture.weakenedHow.slice(0, MAX_WORDS));
  }

  *#watching(): Generator<SourceName> {
    for (const source of SOURCES) {
      const state = this.#now.states[source]?.state;
      if (state !== undefined && state !== "off") yield source;
    }
  }

  #enter(track: Track, time: Micros, state: State, words = ""): void {
    const now = this.#now.states[track];
    const short = words.slice(0, MAX_WORDS);
    if (now?.state === state && now.words === short) return;
    this.#now.states[track] = { state, words: short };
    this.#add(track, time, null, state, short);
  }

  #add(track: Track, from: Micros, to: Micros | null, state: State, words: string): void {
    this.#stretches.set(this.#next(), { track, from, to, state, words });
    this.#dirty = true;
  }

  #next(): number {
    this.#now.order += 1;
    return this.#now.order;
  }
}
