import type { PostureSetting, PostureSettingId } from "#contract/posture.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { formatTime } from "#core/base/time.ts";
import { isFixedWithinBoot, mergeReadings } from "./merge-readings.ts";
import { eachSetting, type PostureState, type Settled, type SettingState } from "./posture-state.ts";
import { isDefinite } from "./reading.ts";

/** The settings that are weaker than Apple ships them, or were when last read. */
export function weakSettings(state: PostureState): [PostureSettingId, Settled][] {
  const weak: [PostureSettingId, Settled][] = [];
  for (const [id, { settled }] of eachSetting(state)) {
    if (isFixedWithinBoot(id) && settled !== null && settled.value !== "on") weak.push([id, settled]);
  }
  return weak;
}

/** What is weaker, in words. */
export function howWeak([id, { value, weak }]: [PostureSettingId, Settled]): string {
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

export function describeSetting(id: PostureSettingId, setting: SettingState): PostureSetting {
  const merged = mergeReadings(id, setting.readings);
  const definite = setting.readings.filter((reading) => reading.value !== "unknown");
  const known = isDefinite(merged.inForce) && setting.settled !== null;
  return {
    id,
    inForce: merged.inForce,
    afterBoot: merged.afterBoot,
    expected: "on",
    expectedByBaseline: false,
    parts: [],
    detail: merged.detail,
    evidence: setting.readings.map(({ probe, text, at }) => ({ probe, text, readAt: at })),
    readAt: definite.reduce<string | null>((latest, { at }) => (latest === null || at > latest ? at : latest), null),
    since: known && setting.settled !== null ? formatTime(setting.settled.since) : null,
  };
}
