import type { HelperStatus } from "#contract/coverage.ts";
import { SOURCES, type SourceName } from "#contract/source.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { type Clock, HOUR, type Micros, MINUTE, SECOND } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import type { Judge, Known, LiveFacts } from "./coverage.ts";
import { HELPER_GONE, NO_PROOF } from "./coverage-words.ts";
import { EventRate } from "./event-rate.ts";
import type { HelperCounts, HelperState } from "#core/base/live-helper.ts";
import { SteadyTime } from "./steady-time.ts";

interface Limits {
  /** A proof older than this proves nothing. */
  proof: Micros;
  /** How long a source that has just begun may take to its first proof. */
  grace: Micros;
  /** Whether an answered heartbeat of the helper proves it: not where records can be made to come. */
  heartbeat: boolean;
  /** Heartbeats alone prove nothing after so long without a record. UNVERIFIED how quiet a healthy Mac can be. */
  quiet: Micros | null;
}

const LIMITS: Readonly<Record<SourceName, Limits>> = {
  // Our own exec can be asked for at any time, so only a delivered exec counts.
  es: { proof: 90 * SECOND, grace: 20 * SECOND, heartbeat: false, quiet: null },
  log: { proof: 90 * SECOND, grace: 30 * SECOND, heartbeat: true, quiet: 12 * HOUR },
  proc: { proof: 90 * SECOND, grace: 30 * SECOND, heartbeat: true, quiet: HOUR },
  fs: { proof: 90 * SECOND, grace: 30 * SECOND, heartbeat: true, quiet: null },
  // Read every half hour.
  probe: { proof: 40 * MINUTE, grace: MINUTE, heartbeat: false, quiet: null },
};
/** A helper that answers nothing for so long is not there, whatever its state was. */
const HEARTBEAT_LIMIT: Micros = MINUTE;
/** A record that the helper had longer ago than this comes from the spool: it proves what was, not what is. */
const FRESH: Micros = MINUTE;

interface Proof {
  steady: Micros;
  at: Micros;
  by: "event" | "heartbeat";
}

const FULL_TIER = "Turn on the full tier to see every launch with its signature.";

/**
 * What a live session knows of its sources beside their records: whether each has proved within its limit that it sees.
 * Proof is a record that has just come, or the answer to a question; never what a source or the helper says about itself.
 */
export class LiveCoverage {
  readonly #clock: Clock;
  readonly #time: SteadyTime;
  readonly #rates: Map<SourceName, EventRate>;
  readonly #proofs = new Map<SourceName, Proof>();
  readonly #delivered = new Map<SourceName, Micros>();
  /** Since when each source could have proved itself. */
  readonly #since = new Map<SourceName, Micros>();
  #helper: HelperState = { phase: "connecting", tier: null };
  #lastAnswer: Micros = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#time = new SteadyTime(clock);
    this.#rates = new Map(SOURCES.map((source) => [source, new EventRate(0)]));
  }

  get helper(): HelperStatus {
    const state = this.#helper;
    switch (state.phase) {
      case "connecting":
        return { phase: state.phase, tier: state.tier, reason: null, retryAt: null };
      case "connected":
        return { phase: state.phase, tier: state.tier, reason: state.degraded ?? null, retryAt: null };
      case "waiting":
        return { phase: state.phase, tier: null, reason: state.reason, retryAt: formatTime(state.retryAt) };
      case "refused":
        return { phase: state.phase, tier: null, reason: state.reason, retryAt: null };
      default:
        return assertNever(state, "every state of the helper has a status");
    }
  }

  get isConnected(): boolean {
    return this.#helper.phase === "connected";
  }

  /** To be called at least once a second. */
  tick(): Micros {
    return this.#time.now();
  }

  /** Whatever proved itself to another helper has to do so again. Records may come before it counts as connected. */
  helperIs(state: HelperState): void {
    const before = this.#helper;
    this.#helper = state;
    const isAnother = state.phase !== "connected" || (before.phase === "connected" && before.session !== state.session);
    if (isAnother) {
      this.#proofs.clear();
      this.#delivered.clear();
    } else if (before.phase === "connected") return;
    this.#lastAnswer = this.#time.now();
    for (const source of SOURCES) this.#since.set(source, this.#lastAnswer);
  }

  /** A source is being started: its time of grace begins anew. */
  begins(source: SourceName): void {
    this.#since.set(source, this.#time.now());
  }

  /** A source does not work, and says so itself. */
  ended(source: SourceName): void {
    this.#proofs.delete(source);
  }

  /**
   * A record came. @param at the helper's time of it; @param proves whether it is of the kind that proves the source
   */
  delivered(source: SourceName, at: Micros, proves: boolean): void {
    const steady = this.#time.now();
    this.#rates.get(source)?.add(steady);
    if (!proves || Math.abs(this.#clock.now() - at) > FRESH) return;
    this.#delivered.set(source, steady);
    this.#proofs.set(source, { steady, at: this.#clock.now(), by: "event" });
  }

  /** The helper answered: for what has no own proof, everything it had is here. */
  answered(counts: ReadonlyMap<string, HelperCounts>): void {
    const steady = this.#time.now();
    this.#lastAnswer = steady;
    for (const source of SOURCES) {
      const { heartbeat, quiet } = LIMITS[source];
      const counted = counts.get(source);
      if (!heartbeat || counted === undefined) continue;
      const last = this.#delivered.get(source) ?? this.#since.get(source) ?? 0;
      if (quiet !== null && steady - last > quiet) continue;
      // What never delivered anything in the helper's session has only said that it runs.
      if (quiet !== null && counted.lines === 0) continue;
      this.#proofs.set(source, { steady, at: this.#clock.now(), by: "heartbeat" });
    }
  }

  /** How long ago a source proved itself; null: not yet. */
  sinceProof(source: SourceName): Micros | null {
    const proof = this.#proofs.get(source);
    return proof === undefined ? null : this.#time.now() - proof.steady;
  }

  readonly judge: Judge = (source, known) => {
    const now = this.#time.now();
    return { known: this.#judged(source, known, now), live: this.#facts(source, known, now) };
  };

  #judged(source: SourceName, known: Known, now: Micros): Known {
    if (known.state === "absent") return known;
    const gone = this.#gone(now);
    if (gone !== null) return { ...known, ...gone };
    switch (known.state) {
      case "denied":
      case "failed":
      case "restarting":
      case "stopped":
        return known;
      case "starting":
      case "running":
      case "silent":
        return this.#proved(source, known, now);
      default:
        return assertNever(known.state, "every coverage state is judged");
    }
  }

  #proved(source: SourceName, known: Known, now: Micros): Known {
    const { proof: limit, grace } = LIMITS[source];
    const proof = this.#proofs.get(source);
    if (proof !== undefined && now - proof.steady <= limit) return { ...known, state: "running", reason: null };
    if (proof === undefined && now - (this.#since.get(source) ?? 0) <= grace) return { ...known, state: "starting" };
    return { ...known, state: "silent", reason: NO_PROOF, detail: silence(proof) };
  }

  /** Why no source can be trusted at all; null while the helper is there and answers. */
  #gone(now: Micros): Pick<Known, "state" | "reason" | "detail"> | null {
    const helper = this.#helper;
    switch (helper.phase) {
      case "connecting":
        return { state: "starting", reason: null, detail: null };
      case "waiting":
        return { state: "restarting", reason: HELPER_GONE, detail: helper.reason };
      case "refused":
        return { state: "failed", reason: HELPER_GONE, detail: helper.reason };
      case "connected":
        if (now - this.#lastAnswer <= HEARTBEAT_LIMIT) return null;
        return { state: "silent", reason: NO_PROOF, detail: "Sealbar's helper does not answer." };
      default:
        return assertNever(helper, "every state of the helper is there or not");
    }
  }

  #facts(source: SourceName, known: Known, now: Micros): LiveFacts {
    const proof = this.#proofs.get(source);
    const facts: LiveFacts = {
      ratePerMinute: known.state === "absent" ? null : (this.#rates.get(source)?.perMinute(now) ?? null),
      provedAt: proof === undefined ? null : formatTime(proof.at),
      provedBy: proof?.by ?? null,
      limitSeconds: LIMITS[source].proof / SECOND,
    };
    const isStandard = this.#helper.phase === "connected" && this.#helper.tier === "standard";
    if (source !== "es" || known.state !== "absent" || !isStandard) return facts;
    return { ...facts, action: "enable-full-tier", nextStep: FULL_TIER };
  }
}

function silence(proof: Proof | undefined): string {
  return proof === undefined
    ? "It says that it runs, and has delivered nothing."
    : `It has shown no sign since ${formatTime(proof.at).slice(0, 19)}Z.`;
}
