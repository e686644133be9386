import type { PostureSettingId } from "#contract/posture.ts";
import type { Micros } from "#core/base/clock.ts";
import { directionOf, isExpected } from "./expectation.ts";
import { changeLine, type JournalLine, pendingLine, snapshotLine } from "./journal-words.ts";
import { isFixedWithinBoot, isPolicyOnly, type Merged, mergeReadings, type StoredReading } from "./merge-readings.ts";
import type { PostureChange } from "./posture-change.ts";
import type { Level, PostureState, Settled, SettingState } from "./posture-state.ts";
import { isDefinite } from "./reading.ts";
import { sameNames, type UnplacedReading } from "./unplaced-readings.ts";

const MAX_PARTS = 32;

/** Takes one probe's word on one setting into the state. What it proves to have changed, and what the journal says of it. */
export function takeReading(
  state: PostureState,
  { setting: id, at, reading }: UnplacedReading,
): { changes: PostureChange[]; lines: JournalLine[] } {
  const setting = state.settings[id];
  const pending = notePending(state, id, reading);
  storeReading(id, setting, reading);
  const merged = mergeReadings(id, setting.readings, setting.atBoot);
  const changes: PostureChange[] = [];
  const lines: JournalLine[] = [];
  const { settled: before, seed } = setting;
  const inForce = settle(state, id, merged, at);
  if (seed === null && setting.seed !== null) lines.push(snapshotLine(id, setting.seed, reading.text));
  if (inForce !== null) {
    changes.push(inForce);
    if (before !== null) lines.push(changeLine(inForce, before, levelOf(merged), reading.text));
  }
  if (pending !== null) changes.push(pending);
  if (merged.afterBoot !== setting.waiting && isDefinite(merged.inForce)) {
    setting.waiting = merged.afterBoot;
    lines.push(pendingLine(id, merged.inForce, merged.afterBoot, reading.text));
  }
  return { changes, lines };
}

function settle(state: PostureState, id: PostureSettingId, merged: Merged, at: Micros): PostureChange | null {
  if (!isDefinite(merged.inForce)) return null;
  const setting = state.settings[id];
  const boot = state.bootOrdinal;
  const before = setting.settled;
  const after = levelOf(merged);
  const direction = before === null ? null : directionOf(before, after);
  const unchanged = before !== null && direction === "same";
  const level = unchanged ? withList(after, before) : after;
  setting.settled = { ...level, detail: merged.detail, boot, since: unchanged ? before.since : at };
  seedFrom(state, setting, before ?? setting.settled);
  if (before === null || direction === null || unchanged) return null;
  const fixed = isFixedWithinBoot(id);
  // Better evidence of the same boot may name what is off more exactly; only "on" turning out untrue is news.
  if (fixed && (before.listedIn ?? before.boot) === boot && before.value !== "on") return null;
  return {
    setting: id,
    before: before.value,
    after: after.value,
    direction,
    acrossBoot: fixed || before.boot !== boot,
    detail: merged.detail,
    expected: isExpected(state, id, after),
    parts: after.weak.slice(0, MAX_PARTS),
  };
}

/** The first definite reading ever: what the baseline begins with. */
function seedFrom(state: PostureState, setting: SettingState, settled: Settled): void {
  if (setting.seed !== null) return;
  const { value, weak, listed, since } = settled;
  setting.seed = { value, weak, ...(listed === undefined ? {} : { listed }), at: since };
  state.baseline.seededAt ??= since;
}

function levelOf({ inForce, weak, listed }: Merged): Level {
  return { value: inForce, weak, ...(listed === undefined ? {} : { listed }) };
}

/** A probe without a list that says the same leaves what an earlier one listed, so that the next list is held against it. */
function withList(after: Level, { weak, listed, boot, listedIn = boot }: Settled): Level & { listedIn?: number } {
  if (after.weak.length > 0 || weak.length === 0) return after;
  return { ...after, weak, ...(listed === undefined ? {} : { listed }), listedIn };
}

/** One reading a probe. What is fixed within a boot and still reads differently is conflicting evidence for that boot. */
function storeReading(id: PostureSettingId, setting: SettingState, reading: StoredReading): void {
  if (isPolicyOnly(id) && isDefinite(reading.value)) setting.atBoot ??= reading;
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
function notePending(state: PostureState, id: PostureSettingId, reading: StoredReading): PostureChange | null {
  if (id !== "boot-args" || reading.strength !== "policy" || !isDefinite(reading.value)) return null;
  const setting = state.settings[id];
  const before = setting.pending;
  setting.pending = reading.value;
  if (before === null || before === reading.value) return null;
  const after: Level = { value: reading.value, weak: reading.weak };
  return {
    setting: "boot-args",
    before,
    after: reading.value,
    direction: directionOf({ value: before, weak: [] }, after) === "weaker" ? "weaker" : "stronger",
    acrossBoot: false,
    detail: `From the next restart: ${reading.detail}`,
    expected: isExpected(state, id, after),
    parts: reading.weak.slice(0, MAX_PARTS),
  };
}
