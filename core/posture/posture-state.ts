import type { PostureSettingId, PostureValue } from "#contract/posture.ts";
import { POSTURE_SETTINGS } from "#contract/posture.ts";
import type { Micros } from "#core/base/clock.ts";
import type { StateEntry } from "#core/base/state.ts";
import type { StoredReading } from "./merge-readings.ts";
import type { Unplaced } from "./unplaced-readings.ts";

/** The last definite value of a setting, which outlives the boot in which it was read. */
export interface Settled {
  value: PostureValue;
  weak: readonly string[];
  detail: string;
  /** Ordinal of the boot it was last confirmed in. */
  boot: number;
  since: Micros;
}

export interface SettingState {
  /** Of the current boot only, one a probe, in order of the probes' first answers. */
  readings: StoredReading[];
  settled: Settled | null;
  /** What the stored configuration last said about the next restart. */
  pending: PostureValue | null;
}

export interface WeakenedEpoch {
  /** Start of the boot at which it was first weaker, else when that was first read. */
  since: Micros;
  boot: number;
  /** It was already so at the first reading ever: since when is not known. */
  firstSeen: boolean;
}

/** The tracker's whole durable memory. */
export interface PostureState {
  bootOrdinal: number;
  bootUuid: string | null;
  bootTime: Micros | null;
  /** When the monitor first heard of this boot. */
  bootHeard: Micros | null;
  /** The latest hello named its boot; else the kernel's own answer decides which boot it is. */
  bootNamed: boolean;
  /** Null while the boot is known. */
  unplaced: Unplaced | null;
  osVersion: string | null;
  osBuild: string | null;
  epoch: WeakenedEpoch | null;
  settings: Record<PostureSettingId, SettingState>;
}

export const STATE_KEY = "posture";
const VERSION = 1;

function emptyState(): PostureState {
  const setting = (): SettingState => ({ readings: [], settled: null, pending: null });
  return {
    bootOrdinal: 0,
    bootUuid: null,
    bootTime: null,
    bootHeard: null,
    bootNamed: false,
    unplaced: null,
    osVersion: null,
    osBuild: null,
    epoch: null,
    settings: Object.fromEntries(POSTURE_SETTINGS.map((id) => [id, setting()])) as Record<
      PostureSettingId,
      SettingState
    >,
  };
}

/** Our own JSON, written by {@link writeState} in the same transaction as everything else; another version starts anew. */
export function readState(entries: readonly StateEntry[]): PostureState {
  const entry = entries.find((candidate) => candidate.key === STATE_KEY);
  if (entry === undefined) return emptyState();
  const stored = JSON.parse(entry.value) as { v: number; state: Partial<PostureState> };
  if (stored.v !== VERSION) return emptyState();
  return { ...emptyState(), ...stored.state };
}

export function writeState(state: PostureState): string {
  return JSON.stringify({ v: VERSION, state });
}

export function eachSetting(state: PostureState): [PostureSettingId, SettingState][] {
  return POSTURE_SETTINGS.map((id) => [id, state.settings[id]]);
}
