import type { EventOf, PostureDirection, ProbeEvent } from "#contract/event.ts";
import type { PostureSettingId, PostureSnapshot, PostureValue } from "#contract/posture.ts";
import { MINUTE, type Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { formatTime } from "#core/base/time.ts";
import { describeSetting, howWeak, weakSettings } from "./describe-setting.ts";
import { isFixedWithinBoot, type Merged, mergeReadings, type StoredReading, strengthOf } from "./merge-readings.ts";
import type { PostureChange } from "./posture-change.ts";
import {
  eachSetting,
  type PostureState,
  readState,
  type Settled,
  type SettingState,
  STATE_KEY,
  writeState,
} from "./posture-state.ts";
import { type HostFacts, isDefinite, type Reading } from "./reading.ts";
import { readProbe } from "./read-probe.ts";
import {
  beginUnplaced,
  keepTold,
  keepUnplaced,
  restoreAtHello,
  sameNames,
  type Unplaced,
  type UnplacedReading,
  wasTold,
} from "./unplaced-readings.ts";

export type { PostureChange } from "./posture-change.ts";

/** The posture of a moment, as every record carries it. The same object until something changes: compare by identity. */
export interface PostureNow {
  readonly sip: PostureValue;
  readonly gatekeeper: PostureValue;
  /** SIP, the authenticated root or the boot arguments are weaker than Apple ships them, or were when last read. */
  readonly weakened: boolean;
  readonly weakenedSince: Micros | null;
  /** What is weaker, in words; empty when nothing is. */
  readonly weakenedHow: string;
  /** It was so when Sealbar first looked, so nobody knows since when. */
  readonly weakenedFirstSeen: boolean;
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
/** Two hellos without a boot UUID are of one boot when their boot times are this near (clock corrections). */
const SAME_BOOT_SLACK: Micros = 2 * MINUTE;

/**
 * Follows the protection state across probes and restarts. Bounded: one reading a probe and setting.
 * Deterministic: the same events in the same order give the same state, wherever it was interrupted.
 */
export class PostureTracker {
  #state: PostureState;
  #dirty = false;
  #now: PostureNow | null = null;

  constructor(entries: readonly StateEntry[]) {
    this.#state = readState(entries);
  }

  /** A session begins. Call it for every `session_start`, before the records that follow. */
  start(event: EventOf<"session_start">): BootEdge {
    const knewBoot = this.#state.bootOrdinal > 0;
    const newBoot = this.#enterBoot(event.bootUuid, event.bootTime, event.time);
    const named = event.bootUuid !== null;
    this.#state.bootNamed = named;
    this.#state.unplaced = knewBoot && !newBoot && !named ? beginUnplaced(this.#state, event.time) : null;
    if (event.osVersion !== null) this.#state.osVersion = event.osVersion;
    if (event.osBuild !== null) this.#state.osBuild = event.osBuild;
    this.#touch();
    return { newBoot, bootOrdinal: this.#state.bootOrdinal };
  }

  /** A probe answered (or did not). Returns what is proved to have changed, in a fixed order. */
  apply(probe: ProbeEvent): PostureChange[] {
    const { readings, host } = readProbe(probe);
    const knowsHost = Object.keys(host).length > 0;
    if (readings.length === 0 && !knowsHost) return [];
    if (this.#state.bootOrdinal === 0) this.#enterBoot(host.bootUuid ?? null, host.bootTime ?? null, probe.time);
    const unplaced = this.#learnHost(host, probe.time);
    const knownBefore = eachSetting(this.#state).some(([id, { settled }]) => isFixedWithinBoot(id) && settled !== null);
    const changes = unplaced === null ? [] : this.#judgeAgain(unplaced);
    for (const reading of readings) changes.push(...this.#applyReading(unplacedReading(probe, reading)));
    if (this.#state.unplaced !== null) keepTold(this.#state.unplaced, changes);
    this.#refreshEpoch(probe.time, !knownBefore);
    this.#touch();
    return changes;
  }

  /** What every record of this moment carries. Cheap. */
  now(): PostureNow {
    this.#now ??= this.#computeNow();
    return this.#now;
  }

  snapshot(): PostureSnapshot {
    const { bootUuid, bootTime, osVersion, osBuild, epoch } = this.#state;
    return {
      settings: eachSetting(this.#state).map(([id, setting]) => describeSetting(id, setting)),
      bootUuid,
      bootTime: bootTime === null ? null : formatTime(bootTime),
      osVersion,
      osBuild,
      facts: [],
      epochs: [],
      baseline: { state: "none", at: null, by: null, reason: null },
      weakenedSince: epoch === null ? null : formatTime(epoch.since),
    };
  }

  drainChanges(): StateChange[] {
    if (!this.#dirty) return [];
    this.#dirty = false;
    return [{ key: STATE_KEY, value: writeState(this.#state) }];
  }

  #enterBoot(uuid: string | null, time: Micros | null, heard: Micros): boolean {
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
    for (const [, setting] of eachSetting(state)) setting.readings = [];
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
    const newBoot = this.#enterBoot(host.bootUuid ?? null, host.bootTime ?? null, unplaced?.heard ?? at);
    state.unplaced = null;
    if (!newBoot || unplaced === null) return null;
    restoreAtHello(state, unplaced);
    return unplaced;
  }

  #judgeAgain(unplaced: Unplaced): PostureChange[] {
    const changes = unplaced.readings.flatMap((reading) => this.#applyReading(reading));
    return changes.filter((change) => !wasTold(unplaced, change));
  }

  #applyReading(unplaced: UnplacedReading): PostureChange[] {
    const { setting: id, at, reading } = unplaced;
    const setting = this.#state.settings[id];
    if (this.#state.unplaced !== null) keepUnplaced(this.#state.unplaced, unplaced);
    const pending = notePending(id, reading, setting);
    storeReading(id, setting, reading);
    const merged = mergeReadings(id, setting.readings);
    const changes: PostureChange[] = [];
    const inForce = this.#settle(id, setting, merged, at);
    if (inForce !== null) changes.push(inForce);
    if (pending !== null) changes.push(pending);
    return changes;
  }

  #settle(id: PostureSettingId, setting: SettingState, merged: Merged, at: Micros): PostureChange | null {
    if (!isDefinite(merged.inForce)) return null;
    const boot = this.#state.bootOrdinal;
    const before = setting.settled;
    const changed = before === null || before.value !== merged.inForce || !sameNames(before.weak, merged.weak);
    setting.settled = {
      value: merged.inForce,
      weak: merged.weak,
      detail: merged.detail,
      boot,
      since: changed ? at : before.since,
    };
    if (before === null || !changed) return null;
    const fixed = isFixedWithinBoot(id);
    const direction = directionOf(before, merged);
    // Better evidence of the same boot may name what is off more exactly; only "on" turning out untrue is news.
    if (fixed && before.boot === boot && before.value !== "on") return null;
    if (direction === "same") return null;
    const acrossBoot = fixed || before.boot !== boot;
    return { setting: id, before: before.value, after: merged.inForce, direction, acrossBoot, detail: merged.detail };
  }

  #refreshEpoch(at: Micros, firstSeen: boolean): void {
    const state = this.#state;
    const weak = weakSettings(state);
    if (weak.length === 0) {
      state.epoch = null;
      return;
    }
    if (state.epoch !== null) return;
    const since = state.bootTime ?? state.bootHeard ?? at;
    state.epoch = { since, boot: state.bootOrdinal, firstSeen };
  }

  #computeNow(): PostureNow {
    const state = this.#state;
    return {
      sip: mergeReadings("sip", state.settings.sip.readings).inForce,
      gatekeeper: mergeReadings("gatekeeper", state.settings.gatekeeper.readings).inForce,
      weakened: state.epoch !== null,
      weakenedSince: state.epoch?.since ?? null,
      weakenedHow: state.epoch === null ? "" : weakSettings(state).map(howWeak).join("; "),
      weakenedFirstSeen: state.epoch?.firstSeen ?? false,
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

function unplacedReading(probe: ProbeEvent, { setting, ...said }: Reading): UnplacedReading {
  const text = `${probe.out}${probe.err}`.trim().slice(0, MAX_EVIDENCE_CHARS);
  return { setting, at: probe.time, reading: { probe: probe.name, ...said, text, at: formatTime(probe.time) } };
}

/** One reading a probe. What is fixed within a boot and still reads differently is conflicting evidence for that boot. */
function storeReading(id: PostureSettingId, setting: SettingState, reading: StoredReading): void {
  const index = setting.readings.findIndex((other) => other.probe === reading.probe);
  const earlier = setting.readings[index];
  if (earlier === undefined) {
    setting.readings.push(reading);
    return;
  }
  const mayChange = !isFixedWithinBoot(id) || reading.strength === "policy";
  if (!mayChange && earlier.value !== "unknown") {
    if (reading.value === "unknown" || earlier.value === "conflicting") return;
    if (reading.value !== earlier.value || !sameNames(earlier.weak, reading.weak)) {
      const detail = `${reading.probe} said ${earlier.value} and later ${reading.value} in the same boot, which cannot be`;
      setting.readings[index] = { ...reading, value: "conflicting", weak: [], detail };
      return;
    }
  }
  setting.readings[index] = reading;
}

/** The stored boot arguments changed: nothing is in force yet, and the next restart will change it. */
function notePending(id: PostureSettingId, reading: StoredReading, setting: SettingState): PostureChange | null {
  if (id !== "boot-args" || reading.strength !== "policy" || !isDefinite(reading.value)) return null;
  const before = setting.pending;
  setting.pending = reading.value;
  if (before === null || before === reading.value) return null;
  return {
    setting: "boot-args",
    before,
    after: reading.value,
    direction: strengthOf(reading.value) < strengthOf(before) ? "weaker" : "stronger",
    acrossBoot: false,
    detail: `From the next restart: ${reading.detail}`,
  };
}

function directionOf(before: Settled, after: Merged): PostureDirection {
  const step = strengthOf(after.inForce) - strengthOf(before.value);
  if (step !== 0) return step < 0 ? "weaker" : "stronger";
  const gained = after.weak.some((name) => !before.weak.includes(name));
  const lost = before.weak.some((name) => !after.weak.includes(name));
  if (after.weak.length === 0 || before.weak.length === 0 || gained === lost)
    return gained && lost ? "unknown" : "same";
  return gained ? "weaker" : "stronger";
}
