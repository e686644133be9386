import type { PostureEpoch } from "#contract/posture.ts";
import type { Micros } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import { howWeak } from "./describe-setting.ts";
import { weakSettings } from "./expectation.ts";
import { isFixedWithinBoot } from "./merge-readings.ts";
import type { PostureState, WeakenedEpoch } from "./posture-state.ts";

/** Closed epochs kept at hand; the journal has all. */
const MAX_EPOCHS = 20;
const MAX_HOW = 400;

/** What became of the epoch. */
type Turn = { turn: "opened"; epoch: WeakenedEpoch } | { turn: "closed"; epoch: PostureEpoch } | null;

/**
 * Begins, goes on with or ends the weakened epoch, by what is now settled and expected.
 * @param before the epoch before what happened at `at`
 */
export function refreshEpoch(state: PostureState, before: WeakenedEpoch | null, at: Micros): Turn {
  const weak = weakSettings(state);
  if (weak.length === 0) {
    state.epoch = null;
    if (before === null) return null;
    const closed = toEpoch(before, at);
    state.epochs = [closed, ...state.epochs].slice(0, MAX_EPOCHS);
    return { turn: "closed", epoch: closed };
  }
  const how = weak.map(howWeak).join("; ").slice(0, MAX_HOW);
  if (state.epoch !== null) {
    state.epoch.how = how;
    return null;
  }
  const bootBegan = state.bootTime ?? state.bootHeard ?? at;
  const atBoot = weak.some(([id]) => isFixedWithinBoot(id));
  const since = atBoot ? bootBegan : Math.min(...weak.map(([, settled]) => settled.since));
  const firstSeen = weak.every(([id, settled]) => state.settings[id].seed?.at === settled.since);
  state.epoch = { since, boot: state.bootOrdinal, firstSeen, how };
  return before === null ? { turn: "opened", epoch: state.epoch } : null;
}

/** Newest first, the open one included. */
export function allEpochs({ epoch, epochs }: PostureState): PostureEpoch[] {
  return epoch === null ? epochs : [toEpoch(epoch, null), ...epochs];
}

/** A clock that was set back must not end an epoch before it began. */
function toEpoch({ since, how, firstSeen }: WeakenedEpoch, until: Micros | null): PostureEpoch {
  const ended = until === null ? null : formatTime(Math.max(since, until));
  return { since: formatTime(since), until: ended, how: how ?? "", firstSeen };
}
