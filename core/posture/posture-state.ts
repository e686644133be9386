import type { PostureEpoch, PostureSettingId, PostureValue } from "#contract/posture.ts";
import { POSTURE_SETTINGS } from "#contract/posture.ts";
import type { Micros } from "#core/base/clock.ts";
import type { StateEntry } from "#core/base/state.ts";
import type { StoredReading } from "./merge-readings.ts";
import type { FactId } from "./reading.ts";
import type { Unplaced } from "./unplaced-readings.ts";

/** A definite value with what exactly is off. */
export interface Level {
  value: PostureValue;
  weak: readonly string[];
  /** Of these the probe says whether they are off; left out where it is not known which. */
  listed?: readonly string[];
}

/** The last definite value of a setting, which outlives the boot in which it was read. */
export interface Settled extends Level {
  detail: string;
  /** Ordinal of the boot it was last confirmed in. */
  boot: number;
  /** Ordinal of the boot in which what is off was last listed, where that is an earlier one. */
  listedIn?: number;
  since: Micros;
}

export interface SettingState {
  /** Of the current boot only, one a probe, in order of the probes' first answers. */
  readings: StoredReading[];
  settled: Settled | null;
  /** What the stored configuration last said about the next restart. */
  pending: PostureValue | null;
  /** Of the current boot: the first definite word of the stored policy, where nothing else tells what is in force. */
  atBoot: StoredReading | null;
  /** The first definite reading ever. */
  seed: (Level & { at: Micros }) | null;
  /** What was last said to wait for the next restart. */
  waiting: PostureValue | null;
}

export interface WeakenedEpoch {
  /** Start of the boot at which it was first weaker, else when that was first read. */
  since: Micros;
  boot: number;
  /** It was already so at the first reading ever: since when is not known. */
  firstSeen: boolean;
  /** What is weaker, in words; entries of an older database lack it. */
  how?: string;
}

export interface BaselineState {
  /** When the first setting was read. */
  seededAt: Micros | null;
  acceptedAt: Micros | null;
  by: string | null;
  reason: string | null;
  /** Only what was definite when it was accepted. */
  accepted: Partial<Record<PostureSettingId, Level>>;
}

export interface FactState {
  value: string;
  readAt: Micros;
  since: Micros;
}

/** The tracker's whole durable memory, but for the intents and the heartbeat. */
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
  /** Closed ones, newest first. */
  epochs: PostureEpoch[];
  baseline: BaselineState;
  facts: Partial<Record<FactId, FactState>>;
  /** How many lines of the journal this boot has about each setting and fact, and of each kind about none. */
  journalled: Record<string, number>;
  settings: Record<PostureSettingId, SettingState>;
}

export const STATE_KEY = "posture";
const VERSION = 1;

const emptySetting = (): SettingState => ({
  readings: [],
  settled: null,
  pending: null,
  atBoot: null,
  seed: null,
  waiting: null,
});

function settingsFrom(stored: Partial<Record<PostureSettingId, Partial<SettingState>>>): PostureState["settings"] {
  const entries = POSTURE_SETTINGS.map((id) => [id, { ...emptySetting(), ...stored[id] }]);
  return Object.fromEntries(entries) as Record<PostureSettingId, SettingState>;
}

function emptyState(): PostureState {
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
    epochs: [],
    baseline: { seededAt: null, acceptedAt: null, by: null, reason: null, accepted: {} },
    facts: {},
    journalled: {},
    settings: settingsFrom({}),
  };
}

/**
 * Our own JSON, written by {@link writeState} in the same transaction as everything else; another version starts anew.
 * What an older Sealbar did not keep is as if it had never been read.
 */
export function readState(entries: readonly StateEntry[]): PostureState {
  const entry = entries.find((candidate) => candidate.key === STATE_KEY);
  if (entry === undefined) return emptyState();
  const stored = JSON.parse(entry.value) as { v: number; state: Partial<PostureState> };
  if (stored.v !== VERSION) return emptyState();
  return { ...emptyState(), ...stored.state, settings: settingsFrom(stored.state.settings ?? {}) };
}

export function writeState(state: PostureState): string {
  return JSON.stringify({ v: VERSION, state });
}

export function eachSetting(state: PostureState): [PostureSettingId, SettingState][] {
  return POSTURE_SETTINGS.map((id) => [id, state.settings[id]]);
}
