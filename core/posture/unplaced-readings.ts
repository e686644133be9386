import type { PostureSettingId } from "#contract/posture.ts";
import type { Micros } from "#core/base/clock.ts";
import { isFixedWithinBoot, type StoredReading } from "./merge-readings.ts";
import type { PostureChange } from "./posture-change.ts";
import type { PostureState, Settled, WeakenedEpoch } from "./posture-state.ts";
import { eachSetting } from "./posture-state.ts";

/** A reading whose boot is not known yet. */
export interface UnplacedReading {
  setting: PostureSettingId;
  at: Micros;
  reading: StoredReading;
}

/**
 * What came since a hello that did not name its boot, until the kernel's own answer does. The readings were judged as of
 * the boot before; should they turn out to be of a new one, they are judged again from what was known at the hello.
 */
export interface Unplaced {
  /** When that hello came. */
  heard: Micros;
  /** When something had last been heard before it; null: never, or an older Sealbar did not keep it. */
  lastHeard?: Micros | null;
  settled: Record<PostureSettingId, { settled: Settled | null; pending: StoredReading["value"] | null }>;
  epoch: WeakenedEpoch | null;
  readings: UnplacedReading[];
  /** Changes told meanwhile, which are not told twice. */
  told: PostureChange[];
}

export function beginUnplaced(state: PostureState, heard: Micros, lastHeard: Micros | null): Unplaced {
  const settled = Object.fromEntries(
    eachSetting(state).map(([id, setting]) => [id, { settled: setting.settled, pending: setting.pending }]),
  ) as Unplaced["settled"];
  return { heard, lastHeard, settled, epoch: state.epoch, readings: [], told: [] };
}

/**
 * Keeps a reading, bounded: a probe's latest word on what may change, and its two first different words on what may not,
 * since those are enough to contradict each other.
 */
export function keepUnplaced(unplaced: Unplaced, kept: UnplacedReading): void {
  const { setting, reading } = kept;
  const ofProbe = (other: UnplacedReading): boolean =>
    other.setting === setting && other.reading.probe === reading.probe;
  const earlier = unplaced.readings.filter(ofProbe);
  if (isFixedWithinBoot(setting) && reading.strength !== "policy") {
    const said = earlier.some(
      (other) => other.reading.value === reading.value && sameNames(other.reading.weak, reading.weak),
    );
    if (said || earlier.filter((other) => other.reading.value !== "unknown").length >= 2) return;
  } else {
    unplaced.readings = unplaced.readings.filter((other) => !ofProbe(other));
  }
  unplaced.readings.push({ ...kept, reading: { ...reading } });
}

/** Puts back what was known at the hello. */
export function restoreAtHello(state: PostureState, unplaced: Unplaced): void {
  for (const [id, setting] of eachSetting(state)) Object.assign(setting, unplaced.settled[id]);
  state.epoch = unplaced.epoch;
}

/** Keeps what of a change was told: enough to know it again. */
export function wasTold(unplaced: Unplaced, change: PostureChange): boolean {
  return unplaced.told.some(
    (told) =>
      told.setting === change.setting &&
      told.before === change.before &&
      told.after === change.after &&
      told.direction === change.direction,
  );
}

const MAX_TOLD = 16;

/** The latest ones; Gatekeeper alone may change without end. */
export function keepTold(unplaced: Unplaced, changes: readonly PostureChange[]): void {
  const news = changes.filter((change) => !wasTold(unplaced, change));
  unplaced.told = [...unplaced.told, ...news].slice(-MAX_TOLD);
}

export function sameNames(before: readonly string[], after: readonly string[]): boolean {
  return before.length === after.length && before.every((name) => after.includes(name));
}
