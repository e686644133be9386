import type { PostureFact, PostureSetting, PostureSettingId, PostureValue } from "#contract/posture.ts";
import type { Micros } from "#core/base/clock.ts";

/**
 * How far a probe can be believed about a setting.
 * `exact`: reports what is in force, in full. `coarse`: what is in force, but knows only on and off.
 * `policy`: the boot policy as stored, which decides the next restart and normally equals what is in force.
 */
export type Strength = "exact" | "coarse" | "policy";

export type PosturePart = PostureSetting["parts"][number];
export type FactId = PostureFact["id"];

/** What one probe says about one setting. */
export interface Reading {
  setting: PostureSettingId;
  strength: Strength;
  value: PostureValue;
  /** What exactly is off, in Apple's words; empty when nothing is, or when the probe cannot tell. */
  weak: readonly string[];
  /** The names that the probe would have in `weak` if they were off; left out where it is not known which. */
  listed?: readonly string[];
  /** In words. */
  detail: string;
  /** Left out by a probe that does not list any. */
  parts?: readonly PosturePart[];
}

/** Facts about the machine that come along with a probe. */
export interface HostFacts {
  bootUuid?: string;
  bootTime?: Micros;
  osVersion?: string;
  osBuild?: string;
}

export interface ProbeReading {
  readings: Reading[];
  host: HostFacts;
  /** What has no good or bad value, in the probe's own words. */
  facts?: Partial<Record<FactId, string>>;
}

/** Probe text is content: nothing past this is looked at. */
export const MAX_PROBE_CHARS = 64 * 1024;

/** A reading that could not be made; never good, and never a change by itself. */
export function unknownReading(setting: PostureSettingId, strength: Strength, detail: string): Reading {
  return { setting, strength, value: "unknown", weak: [], detail };
}

export function isDefinite(value: PostureValue): value is "on" | "off" | "partial" {
  return value === "on" || value === "off" || value === "partial";
}
