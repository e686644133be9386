import type { PostureSetting, PostureSettingId, PostureValue } from "#contract/posture.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { formatTime } from "#core/base/time.ts";
import { expectationOf, isWeaker } from "./expectation.ts";
import { mergeReadings } from "./merge-readings.ts";
import type { Level, PostureState } from "./posture-state.ts";
import { isDefinite } from "./reading.ts";

/** What is weaker, in words. */
export function howWeak([id, { value, weak }]: readonly [PostureSettingId, Level]): string {
  const list = weak.join(", ").slice(0, 300);
  switch (id) {
    case "sip":
      return value === "off" ? "SIP is off" : `SIP is partly off${list === "" ? "" : ` (${list})`}`;
    case "authenticated-root":
      return "the system volume is not checked";
    case "boot-args":
      return `boot arguments weaken code signing${list === "" ? "" : ` (${list})`}`;
    case "gatekeeper":
      return "Gatekeeper is off";
    case "secure-boot":
      return `the startup security is reduced${list === "" ? "" : ` (${list})`}`;
    case "kernel-extensions":
      return "kernel extensions of others are allowed";
    case "kernel-variables":
      return `kernel variables weaken code signing${list === "" ? "" : ` (${list})`}`;
    case "library-validation":
      return "library validation is off";
    case "developer-mode":
      return "developer tools may skip checks";
    default:
      return assertNever(id, "a setting without words");
  }
}

/** What a definite value means, as a phrase. */
export function inWords(id: PostureSettingId, level: Level): string {
  return level.value === "on" ? howStrong(id) : howWeak([id, level]);
}

function howStrong(id: PostureSettingId): string {
  switch (id) {
    case "sip":
      return "SIP is on";
    case "authenticated-root":
      return "the system volume is checked";
    case "boot-args":
      return "no boot argument weakens code signing";
    case "gatekeeper":
      return "Gatekeeper is on";
    case "secure-boot":
      return "the startup security is full";
    case "kernel-extensions":
      return "no kernel extensions of others are allowed";
    case "kernel-variables":
      return "no kernel variable weakens code signing";
    case "library-validation":
      return "library validation is on";
    case "developer-mode":
      return "developer tools may not skip checks";
    default:
      return assertNever(id, "a setting without words");
  }
}

export function describeSetting(id: PostureSettingId, state: PostureState): PostureSetting {
  const setting = state.settings[id];
  const merged = mergeReadings(id, setting.readings, setting.atBoot);
  const definite = setting.readings.filter((reading) => reading.value !== "unknown");
  const known = isDefinite(merged.inForce) && setting.settled !== null;
  return {
    id,
    inForce: merged.inForce,
    afterBoot: merged.afterBoot,
    expected: expectationOf(state, id).value,
    expectedByBaseline: state.baseline.accepted[id] !== undefined,
    ...(hasMorePartsOff(expectationOf(state, id), merged) ? { morePartsOff: true } : {}),
    parts: (merged.parts ?? []).map(({ name, value }) => ({ name, value })),
    detail: merged.detail,
    evidence: setting.readings.map(({ probe, text, at }) => ({ probe, text, readAt: at })),
    readAt: definite.reduce<string | null>((latest, { at }) => (latest === null || at > latest ? at : latest), null),
    since: known && setting.settled !== null ? formatTime(setting.settled.since) : null,
  };
}

function hasMorePartsOff(
  expected: Level,
  { inForce: value, weak }: { inForce: PostureValue; weak: readonly string[] },
) {
  return value === expected.value && isDefinite(value) && isWeaker({ value, weak }, expected);
}
