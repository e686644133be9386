import type { CoverageState, GapCounts, SourceCoverage } from "#contract/coverage.ts";
import { COVERAGE_STATES } from "#contract/coverage.ts";
import type { TelemetryEvent } from "#contract/event.ts";
import { SOURCES, type SourceName } from "#contract/source.ts";
import { assertNever } from "#core/base/assert-never.ts";
import type { Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { formatTime } from "#core/base/time.ts";
import { z } from "zod";

const Known = z.object({
  state: z.enum(COVERAGE_STATES),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  lastEvent: z.number().nullable(),
});
type Known = z.infer<typeof Known>;

/** Counts of one source, as the store holds them. */
export interface SourceCounts extends GapCounts {
  events: number;
  /** Probes answer; they deliver no events. */
  answers: number;
}

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
          state: state === "running" ? "starting" : state,
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

  sources(counts: ReadonlyMap<string, SourceCounts>): SourceCoverage[] {
    return SOURCES.map((source) => {
      const { state, reason, detail, lastEvent } = this.#of(source);
      const { events, answers, ...gaps } = counts.get(source) ?? {
        events: 0,
        answers: 0,
        lost: 0,
        shed: 0,
        unreadable: 0,
        unknown: 0,
      };
      return {
        source,
        state,
        reason,
        detail,
        lastEventAt: lastEvent === null ? null : formatTime(lastEvent),
        events: events + answers,
        gaps,
        blind: isBlind(state) && !this.#stoodInFor(source) ? BLIND[source] : null,
        nextStep: nextStep(source, state, reason),
      };
    });
  }

  /** Endpoint Security sees all that file changes and process snapshots see. */
  #stoodInFor(source: SourceName): boolean {
    return (source === "fs" || source === "proc") && !isBlind(this.#of("es").state);
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

const BLIND: Record<SourceName, string> = {
  es: "Launches with their signatures, removed quarantine marks, code that changed after launch and Gatekeeper overrides cannot be seen.",
  log: "What Gatekeeper, AMFI and XProtect decided, and commands run through sudo, cannot be seen.",
  fs: "Changes of quarantine marks cannot be seen where Endpoint Security is not available.",
  proc: "Processes cannot be seen where Endpoint Security is not available.",
  probe: "Whether SIP, Gatekeeper and the boot settings protect this Mac cannot be seen.",
};

function isBlind(state: CoverageState): boolean {
  switch (state) {
    case "running":
    case "stopped":
    case "absent":
    case "starting":
      return state === "absent";
    case "silent":
    case "denied":
    case "failed":
    case "restarting":
      return true;
    default:
      return assertNever(state, "every coverage state is blind or not");
  }
}

function nextStep(source: SourceName, state: CoverageState, reason: string | null): string | null {
  switch (state) {
    case "denied":
      if (reason === "full-disk-access")
        return "Give Sealbar's helper Full Disk Access in System Settings, Privacy & Security, then restart it.";
      if (reason === "not-root") return "Turn on the full tier, so that the helper may run as root.";
      if (reason === "not-admin") return "Use an administrator account: macOS lets only administrators follow its log.";
      return "Look at the reason above; macOS refused this source.";
    case "failed":
    case "silent":
      return source === "probe"
        ? "Ask again; if it stays silent, restart the helper."
        : "Restart the helper; if that does not help, look at the detail above.";
    case "restarting":
    case "starting":
      return "Nothing to do: it is being started.";
    case "running":
    case "stopped":
    case "absent":
      return null;
    default:
      return assertNever(state, "every coverage state has a next step or none");
  }
}
