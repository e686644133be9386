import type { PostureSetting } from "#contract/posture.ts";
import { isWeakened, isWeaker } from "#contract/posture-rank.ts";

const protections = (count: number): string => (count === 1 ? "1 protection" : `${count} protections`);

/**
 * The protections in one line, against what is expected of this Mac: what is weaker now comes first, then what could not
 * be read, then what a restart brings.
 */
export function verdict(settings: readonly PostureSetting[]): string {
  const weak = settings.filter(isWeakened).length;
  const unread = settings.filter(({ inForce }) => inForce === "unknown" || inForce === "conflicting").length;
  const later = settings.filter(
    (setting) => isWeaker(setting.afterBoot, setting.expected) && !isWeakened(setting),
  ).length;
  if (weak > 0) {
    const weakened = `${protections(weak)} ${weak === 1 ? "is" : "are"} weaker than expected`;
    return unread === 0 ? weakened : `${weakened}, ${unread} could not be read`;
  }
  const now = unread === 0 ? "Protections are as expected" : `${protections(unread)} could not be read`;
  if (later === 0) return now;
  return `${now}, ${unread === 0 ? "but" : "and"} ${later} will be weaker after the next restart`;
}
