import type { PostureDirection } from "#contract/event.ts";
import type { PostureSettingId } from "#contract/posture.ts";
import { mergeReadings, strengthOf } from "./merge-readings.ts";
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

/** What is off only in `now`, as far as `than` would say so: probes have lists of their own, and some have none. */
function offOnlyIn(now: Level, than: Level): boolean {
  if (now.weak.length === 0 || than.weak.length === 0) return false;
  return now.weak.some((name) => !than.weak.includes(name) && (than.listed?.includes(name) ?? true));
}

/** Less protection than that, or as little and more parts off. Of parts that one of the two does not list nothing is said. */
export function isWeaker(now: Level, than: Level): boolean {
  const step = strengthOf(now.value) - strengthOf(than.value);
  if (step !== 0) return step < 0;
  return offOnlyIn(now, than);
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
 * Whether it is not known that the Mac is as protected as expected. What no probe ever could read of this Mac, such as the
 * startup security of an old one, is told by the coverage and leaves it at that.
 */
export function isInDoubt(state: PostureState): boolean {
  return eachSetting(state).some(([id, { readings, atBoot, settled }]) => {
    if (!WEAKENING.includes(id)) return false;
    const { inForce } = mergeReadings(id, readings, atBoot);
    return inForce === "conflicting" || (inForce === "unknown" && (id === "sip" || settled !== null));
  });
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
  // `csrutil enable --without …` writes all anew: what is off for the first time counts, whatever is on again for it.
  if (offOnlyIn(after, before)) return "weaker";
  return offOnlyIn(before, after) ? "stronger" : "same";
}
