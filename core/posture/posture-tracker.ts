import type { EventOf, ProbeEvent } from "#contract/event.ts";
import type { PostureSnapshot, PostureValue } from "#contract/posture.ts";
import { MINUTE, type Micros } from "#core/base/clock.ts";
import type { JournalRecord } from "#core/base/journal-record.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { formatTime } from "#core/base/time.ts";
import { accept, describeBaseline } from "./baseline.ts";
import { describeSetting, howWeak } from "./describe-setting.ts";
import { allEpochs, refreshEpoch } from "./epochs.ts";
import { isInDoubt, weakSettings } from "./expectation.ts";
import { describeFacts, learnFacts } from "./facts.ts";
import { Heartbeat } from "./heartbeat.ts";
import { DEFAULT_INTENT_WINDOW, type Intent, IntentMemory, intentAbout, type IntentWindow } from "./intent-memory.ts";
import { bootLine, closedLine, intentLine, type JournalLine, lastOfBoot, openedLine } from "./journal-words.ts";
import { mergeReadings } from "./merge-readings.ts";
import type { PostureChange } from "./posture-change.ts";
import {
  eachSetting,
  type PostureState,
  readState,
  STATE_KEY,
  type WeakenedEpoch,
  writeState,
} from "./posture-state.ts";
import type { HostFacts, Reading } from "./reading.ts";
import { readProbe } from "./read-probe.ts";
import { takeReading } from "./take-reading.ts";
import {
  beginUnplaced,
  keepTold,
  keepUnplaced,
  restoreAtHello,
  type Unplaced,
  type UnplacedReading,
  wasTold,
} from "./unplaced-readings.ts";

export type { PostureChange } from "./posture-change.ts";

/** The posture of a moment, as every record carries it. The same object until something changes: compare by identity. */
export interface PostureNow {
  readonly sip: PostureValue;
  readonly gatekeeper: PostureValue;
  /** Something that keeps the system and its signature checks whole is weaker than expected, or was when last read. */
  readonly weakened: boolean;
  readonly weakenedSince: Micros | null;
  /** What is weaker, in words; empty when nothing is. */
  readonly weakenedHow: string;
  /** It was so when Sealbar first looked, so nobody knows since when. */
  readonly weakenedFirstSeen: boolean;
  /** SIP, or something else that was read of this Mac before, is not known in this boot, or its evidence disagrees. */
  readonly inDoubt: boolean;
  readonly bootTime: Micros | null;
  readonly bootOrdinal: number;
}

interface BootEdge {
  /** A restart since the last boot known; false for the first boot ever. */
  newBoot: boolean;
  /** Boots seen so far, this one included. */
  bootOrdinal: number;
}

const MAX_EVIDENCE_CHARS = 600;
/** About one setting or fact. */
const LINES_PER_BOOT = 200;
/** Two hellos without a boot UUID are of one boot when their boot times are this near (clock corrections). */
const SAME_BOOT_SLACK: Micros = 2 * MINUTE;

/**
 * Follows the protection state across probes and restarts, and keeps the journal of it. Bounded: one reading a probe and
 * setting. Deterministic: the same events in the same order give the same state, wherever it was interrupted.
 */
export class PostureTracker {
  readonly #intents: IntentMemory;
  readonly #heartbeat: Heartbeat;
  #state: PostureState;
  #journal: JournalRecord[] = [];
  #unwritten = 0;
  #dirty = false;
  #now: PostureNow | null = null;

  /** @param window how long an intent is remembered */
  constructor(entries: readonly StateEntry[], window: IntentWindow = DEFAULT_INTENT_WINDOW) {
    this.#state = readState(entries);
    this.#intents = new IntentMemory(entries, window);
    this.#heartbeat = new Heartbeat(entries);
  }

  /** Intents and lines of the journal given up to stay within bounds. */
  get evicted(): number {
    return this.#intents.evicted + this.#unwritten;
  }

  /** A session begins. Call it for every `session_start`, before the records that follow. */
  start(event: EventOf<"session_start">): BootEdge {
    const knewBoot = this.#state.bootOrdinal > 0;
    const lastHeard = this.#heartbeat.last;
    const newBoot = this.#enterBoot(event.bootUuid, event.bootTime, event.time, lastHeard);
    const named = event.bootUuid !== null;
    this.#state.bootNamed = named;
    this.#state.unplaced = knewBoot && !newBoot && !named ? beginUnplaced(this.#state, event.time, lastHeard) : null;
    if (event.osVersion !== null) this.#state.osVersion = event.osVersion;
    if (event.osBuild !== null) this.#state.osBuild = event.osBuild;
    this.#touch();
    return { newBoot, bootOrdinal: this.#state.bootOrdinal };
  }

  /** Any record came: call it after the rest, so that the next boot knows since when there was silence. */
  heard(time: Micros): void {
    this.#heartbeat.heard(time);
  }

  /** A probe answered (or did not). Returns what is proved to have changed, in a fixed order. */
  apply(probe: ProbeEvent): PostureChange[] {
    const { readings, host, facts = {} } = readProbe(probe);
    const tells = readings.length > 0 || Object.keys(host).length > 0 || Object.keys(facts).length > 0;
    if (!tells) return [];
    if (this.#state.bootOrdinal === 0) {
      this.#enterBoot(host.bootUuid ?? null, host.bootTime ?? null, probe.time, this.#heartbeat.last);
    }
    const before = this.#state.epoch;
    const unplaced = this.#learnHost(host, probe.time);
    const changes = unplaced === null ? [] : this.#judgeAgain(unplaced);
    for (const reading of readings) changes.push(...this.#applyReading(unplacedReading(probe, reading)));
    if (this.#state.unplaced !== null) keepTold(this.#state.unplaced, changes);
    const evidence = evidenceOf(probe);
    for (const line of learnFacts(this.#state, facts, probe.time, evidence)) this.#write(line, probe.time);
    this.#turnEpoch(before, probe.time, "restored", evidence);
    this.#touch();
    return changes;
  }

  /** The Mac as it is now is how it should be: what is weaker now is expected from here on. */
  acceptBaseline({ by, reason, time }: EventOf<"baseline_accepted">): void {
    const before = this.#state.epoch;
    this.#write(accept(this.#state, { by, reason, at: time }), time);
    this.#turnEpoch(before, time, "accepted", reason ?? "");
    this.#touch();
  }

  /** A command that may weaken the Mac was run. */
  intended(intent: Intent): void {
    const noted = this.#intents.note(intent, this.#state.bootOrdinal);
    if (noted !== null) this.#write(intentLine(noted, intentAbout(noted.action)), noted.at);
  }

  /** What every record of this moment carries. Cheap. */
  now(): PostureNow {
    this.#now ??= this.#computeNow();
    return this.#now;
  }

  snapshot(): PostureSnapshot {
    const { bootUuid, bootTime, osVersion, osBuild, epoch } = this.#state;
    return {
      settings: eachSetting(this.#state).map(([id]) => describeSetting(id, this.#state)),
      facts: describeFacts(this.#state),
      bootUuid,
      bootTime: bootTime === null ? null : formatTime(bootTime),
      osVersion,
      osBuild,
      weakenedSince: epoch === null ? null : formatTime(epoch.since),
      epochs: allEpochs(this.#state),
      baseline: describeBaseline(this.#state),
    };
  }

  /** What is to be written to the journal since the last call, in order. */
  takeJournal(): JournalRecord[] {
    if (this.#journal.length === 0) return [];
    const lines = this.#journal;
    this.#journal = [];
    return lines;
  }

  drainChanges(): StateChange[] {
    const others = [...this.#intents.drainChanges(), ...this.#heartbeat.drainChanges()];
    if (!this.#dirty) return others;
    this.#dirty = false;
    return [{ key: STATE_KEY, value: writeState(this.#state) }, ...others];
  }

  #enterBoot(uuid: string | null, time: Micros | null, heard: Micros, lastHeard: Micros | null): boolean {
    const state = this.#state;
    const first = state.bootOrdinal === 0;
    if (!first && isSameBoot(state, uuid, time)) {
      state.bootUuid ??= uuid;
      state.bootTime ??= time;
      return false;
    }
    state.bootOrdinal += 1;
    state.bootUuid = uuid;
    state.bootTime = time;
    state.bootHeard = heard;
    state.journalled = {};
    for (const [, setting] of eachSetting(state)) Object.assign(setting, { readings: [], atBoot: null, waiting: null });
    const silence = lastHeard === null ? null : (time ?? heard) - lastHeard;
    const intents = this.#intents.within(heard, state.bootOrdinal);
    this.#write(bootLine({ first, began: time, silence, uuid }, intents), heard);
    return !first;
  }

  /** Returns what must be judged again, since it was not of the boot it was taken for. */
  #learnHost(host: HostFacts, at: Micros): Unplaced | null {
    const state = this.#state;
    if (host.osVersion !== undefined) state.osVersion = host.osVersion;
    if (host.osBuild !== undefined) state.osBuild = host.osBuild;
    if (host.bootUuid === undefined && host.bootTime === undefined) return null;
    if (state.bootNamed) {
      state.bootTime ??= host.bootTime ?? null;
      return null;
    }
    const { unplaced } = state;
    const heard = unplaced?.heard ?? at;
    const lastHeard = unplaced === null ? this.#heartbeat.last : (unplaced.lastHeard ?? null);
    const newBoot = this.#enterBoot(host.bootUuid ?? null, host.bootTime ?? null, heard, lastHeard);
    state.unplaced = null;
    if (!newBoot || unplaced === null) return null;
    restoreAtHello(state, unplaced);
    return unplaced;
  }

  #judgeAgain(unplaced: Unplaced): PostureChange[] {
    // What is in force before what is stored, so that the policy does not stand for it where something better is known.
    const readings = unplaced.readings.toSorted((a, b) => Number(isPolicy(a)) - Number(isPolicy(b)));
    const changes = readings.flatMap((reading) => this.#applyReading(reading));
    return changes.filter((change) => !wasTold(unplaced, change));
  }

  #applyReading(unplaced: UnplacedReading): PostureChange[] {
    if (this.#state.unplaced !== null) keepUnplaced(this.#state.unplaced, unplaced);
    const { changes, lines } = takeReading(this.#state, unplaced);
    for (const line of lines) this.#write(line, unplaced.at);
    return changes;
  }

  #turnEpoch(before: WeakenedEpoch | null, at: Micros, why: "accepted" | "restored", evidence: string): void {
    const turned = refreshEpoch(this.#state, before, at);
    if (turned === null) return;
    if (turned.turn === "closed") {
      this.#write(closedLine(turned.epoch, why, evidence), at);
      return;
    }
    const { since, firstSeen, how = "" } = turned.epoch;
    const intents = this.#intents.within(at, this.#state.bootOrdinal);
    this.#write(openedLine({ since, firstSeen, how }, intents, evidence), at);
  }

  /** The journal never forgets, so what goes to and fro without end is written down so often and no more. */
  #write(line: JournalLine, at: Micros): void {
    const { journalled, bootUuid } = this.#state;
    // Attempts have a limit of their own.
    const topic = line.kind === "intent" ? null : (line.about ?? line.kind);
    const written = topic === null ? 0 : (journalled[topic] ?? 0) + 1;
    if (topic !== null) journalled[topic] = written;
    if (written > LINES_PER_BOOT) this.#unwritten += 1;
    else this.#journal.push({ at, bootUuid, ...(written === LINES_PER_BOOT ? lastOfBoot(line) : line) });
  }

  #computeNow(): PostureNow {
    const state = this.#state;
    const inForce = (id: "sip" | "gatekeeper") => mergeReadings(id, state.settings[id].readings).inForce;
    return {
      sip: inForce("sip"),
      gatekeeper: inForce("gatekeeper"),
      weakened: state.epoch !== null,
      weakenedSince: state.epoch?.since ?? null,
      weakenedHow: state.epoch === null ? "" : weakSettings(state).map(howWeak).join("; "),
      weakenedFirstSeen: state.epoch?.firstSeen ?? false,
      inDoubt: isInDoubt(state),
      bootTime: state.bootTime,
      bootOrdinal: state.bootOrdinal,
    };
  }

  #touch(): void {
    this.#dirty = true;
    this.#now = null;
  }
}

function isSameBoot(state: PostureState, uuid: string | null, time: Micros | null): boolean {
  if (uuid !== null && state.bootUuid !== null) return uuid.toLowerCase() === state.bootUuid.toLowerCase();
  if (time !== null && state.bootTime !== null) return Math.abs(time - state.bootTime) <= SAME_BOOT_SLACK;
  return true;
}

function isPolicy({ reading }: UnplacedReading): boolean {
  return reading.strength === "policy";
}

function evidenceOf({ out, err }: ProbeEvent): string {
  return `${out}${err}`.trim().slice(0, MAX_EVIDENCE_CHARS);
}

function unplacedReading(probe: ProbeEvent, { setting, ...said }: Reading): UnplacedReading {
  const text = evidenceOf(probe);
  return { setting, at: probe.time, reading: { probe: probe.name, ...said, text, at: formatTime(probe.time) } };
}
