import type { PostureDirection } from "#contract/event.ts";
import type { PostureSettingId } from "#contract/posture.ts";
import { strengthOf } from "./merge-readings.ts";
import { eachSetting, type Level, type PostureState, type Settled } from "./posture-state.ts";

const AS_SHIPPED: Level = { value: "on", weak: [] };

/**
 * Only these begin a weakened epoch: with them the system itself may be changed, or signatures are checked less. The
 * others have findings and words of their own, and are common on Macs whose owner wants them so.
 */
const WEAKENING: readonly PostureSettingId[] = [
  "sip",
  "authenticated-root",
  "secure-boot",
  "boot-args",
  "kernel-variables",
];

/** What the accepted baseline says, else what Apple ships. */
export function expectationOf(state: PostureState, id: PostureSettingId): Level {
  return state.baseline.accepted[id] ?? AS_SHIPPED;
}

/** Less protection than that, or as little and more parts off. Of parts that one of the two does not list nothing is said. */
export function isWeaker(now: Level, than: Level): boolean {
  const step = strengthOf(now.value) - strengthOf(than.value);
  if (step !== 0) return step < 0;
  return now.weak.length > 0 && than.weak.length > 0 && now.weak.some((name) => !than.weak.includes(name));
}

export function isExpected(state: PostureState, id: PostureSettingId, now: Level): boolean {
  const expected = expectationOf(state, id);
  return now.value === expected.value && !isWeaker(now, expected);
}

/** The settings that make the Mac weakened, by their last definite reading. */
export function weakSettings(state: PostureState): [PostureSettingId, Settled][] {
  const weak: [PostureSettingId, Settled][] = [];
  for (const [id, { settled }] of eachSetting(state)) {
    if (settled !== null && WEAKENING.includes(id) && isWeaker(settled, toleratedOf(state, id)))
      weak.push([id, settled]);
  }
  return weak;
}

/**
 * As {@link expectationOf}, but a Mac that was found with its startup security reduced, as kernel extensions of others need
 * it, is not weakened by that until somebody makes it weaker.
 */
function toleratedOf(state: PostureState, id: PostureSettingId): Level {
  const accepted = state.baseline.accepted[id];
  if (accepted !== undefined || id !== "secure-boot") return accepted ?? AS_SHIPPED;
  const { seed } = state.settings[id];
  return seed?.value === "partial" ? seed : AS_SHIPPED;
}

export function directionOf(before: Level, after: Level): PostureDirection {
  const step = strengthOf(after.value) - strengthOf(before.value);
  if (step !== 0) return step < 0 ? "weaker" : "stronger";
  const gained = after.weak.some((name) => !before.weak.includes(name));
  const lost = before.weak.some((name) => !after.weak.includes(name));
  if (after.weak.length === 0 || before.weak.length === 0 || gained === lost)
    return gained && lost ? "unknown" : "same";
  return gained ? "weaker" : "stronger";
}
