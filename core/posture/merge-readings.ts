import type { PostureSettingId, PostureValue } from "#contract/posture.ts";
import { isDefinite, type PosturePart, type Strength } from "./reading.ts";

/** A probe's latest word on a setting within one boot. */
export interface StoredReading {
  probe: string;
  strength: Strength;
  value: PostureValue;
  weak: readonly string[];
  listed?: readonly string[];
  detail: string;
  parts?: readonly PosturePart[];
  /** The probe's own words, shortened. */
  text: string;
  /** RFC 3339 UTC. */
  at: string;
}

export interface Merged {
  inForce: PostureValue;
  afterBoot: PostureValue | null;
  weak: readonly string[];
  listed?: readonly string[];
  detail: string;
  parts?: readonly PosturePart[];
}

/**
 * These are fixed when the kernel starts (xnu bsd/kern/kern_csr.c), so within a boot they cannot change; the boot policy's
 * own two are changed in recoveryOS, or made stronger for the next restart.
 */
const FIXED_WITHIN_BOOT: readonly PostureSettingId[] = [
  "sip",
  "authenticated-root",
  "secure-boot",
  "kernel-extensions",
  "boot-args",
];
/** No probe reports these as in force; the first word of the stored policy in a boot stands for it. */
const POLICY_ONLY: readonly PostureSettingId[] = ["secure-boot", "kernel-extensions"];

export function isFixedWithinBoot(setting: PostureSettingId): boolean {
  return FIXED_WITHIN_BOOT.includes(setting);
}

export function isPolicyOnly(setting: PostureSettingId): boolean {
  return POLICY_ONLY.includes(setting);
}

/**
 * Joins several probes' words on one setting. Agreement of any strength is a fact; a coarse probe that says "on" does not
 * contradict an exact "partial", which it cannot express; a stored policy that is weaker than what is in force cannot have
 * been written from the running system, so that is a conflict, while a stronger one waits for the restart.
 * Boot arguments are the exception: their stored value is set by `nvram` in the running system.
 * @param atBoot for a setting that only the policy tells of: its first word in this boot, which stands for what is in force
 */
export function mergeReadings(
  setting: PostureSettingId,
  readings: readonly StoredReading[],
  atBoot: StoredReading | null = null,
): Merged {
  const direct = readings.filter((reading) => reading.strength !== "policy");
  const policies = readings.filter((reading) => reading.strength === "policy" && reading.value !== "unknown");
  const policy = policies[0] ?? null;
  const conflict = readings.find((reading) => reading.value === "conflicting");
  if (conflict !== undefined) return conflicting(conflict.detail);
  const exact = agree(direct.filter((reading) => reading.strength === "exact"));
  const coarse = agree(direct.filter((reading) => reading.strength === "coarse"));
  if (exact === "disagree" || coarse === "disagree") return conflicting(saysWhat(direct));
  if (exact !== null && coarse !== null && contradicts(exact.value, coarse.value)) return conflicting(saysWhat(direct));
  const inForce = exact ?? coarse ?? atBoot;
  const stored = policies.some((other) => other.value !== policy?.value) ? null : policy;
  if (setting === "boot-args") return withPending(inForce, stored, readings);
  if (isPolicyOnly(setting) && policies.length > 1 && stored === null) return conflicting(saysWhat(policies));
  if (inForce === null) {
    if (policies.length > 1 && stored === null) return conflicting(saysWhat(policies));
    return stored === null ? unknownOf(readings) : { ...factsOf(stored, readings), afterBoot: null };
  }
  if (policies.some((other) => strengthOf(other.value) < strengthOf(inForce.value))) {
    return conflicting(saysWhat([inForce, ...policies]));
  }
  return withPending(inForce, stored, readings);
}

function withPending(
  inForce: StoredReading | null,
  stored: StoredReading | null,
  all: readonly StoredReading[],
): Merged {
  const base = inForce === null ? unknownOf(all) : factsOf(inForce, all);
  const pending = stored !== null && stored.value !== base.inForce ? stored.value : null;
  return { ...base, afterBoot: pending };
}

/** The parts are of any probe that agrees on the value and lists them. */
function factsOf(reading: StoredReading, all: readonly StoredReading[]): Omit<Merged, "afterBoot"> {
  const lists = reading.parts ?? all.find(({ value, parts }) => value === reading.value && parts !== undefined)?.parts;
  const { value: inForce, weak, detail, listed } = reading;
  const facts = { inForce, weak, detail, ...(listed === undefined ? {} : { listed }) };
  return lists === undefined ? facts : { ...facts, parts: lists };
}

function agree(readings: readonly StoredReading[]): StoredReading | "disagree" | null {
  const definite = readings.filter((reading) => isDefinite(reading.value));
  const first = definite[0];
  if (first === undefined) return null;
  return definite.every((reading) => reading.value === first.value) ? first : "disagree";
}

function contradicts(exact: PostureValue, coarse: PostureValue): boolean {
  return exact !== coarse && exact !== "partial";
}

/** Order of definite values, weakest first. */
export function strengthOf(value: PostureValue): number {
  return value === "on" ? 2 : value === "partial" ? 1 : 0;
}

function conflicting(detail: string): Merged {
  return { inForce: "conflicting", afterBoot: null, weak: [], detail };
}

function unknownOf(readings: readonly StoredReading[]): Merged {
  const detail = readings.find((reading) => reading.value === "unknown")?.detail ?? "Not read since the Mac started";
  return { inForce: "unknown", afterBoot: null, weak: [], detail };
}

function saysWhat(readings: readonly StoredReading[]): string {
  const words = readings
    .filter((reading) => reading.value !== "unknown")
    .map((reading) => `${reading.probe} says ${reading.value}`);
  return `The evidence disagrees: ${words.join("; ")}`;
}
