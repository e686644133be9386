import type { PostureSetting, PostureValue } from "#contract/posture.ts";

const isWeak = (value: PostureValue | null, expected: PostureValue): boolean =>
  value !== expected && (value === "off" || value === "partial");

const protections = (count: number): string => (count === 1 ? "1 protection" : `${count} protections`);

/** The protections in one line: what is weak now comes first, then what could not be read, then what a restart brings. */
export function verdict(settings: readonly PostureSetting[]): string {
  const weak = settings.filter(({ inForce, expected }) => isWeak(inForce, expected)).length;
  const unread = settings.filter(({ inForce }) => inForce === "unknown" || inForce === "conflicting").length;
  const later = settings.filter(({ afterBoot, expected }) => isWeak(afterBoot, expected)).length;
  if (weak > 0) {
    const weakened = `${protections(weak)} ${weak === 1 ? "is" : "are"} weakened`;
    return unread === 0 ? weakened : `${weakened}, ${unread} could not be read`;
  }
  const now = unread === 0 ? "Protections are as expected" : `${protections(unread)} could not be read`;
  if (later === 0) return now;
  return `${now}, ${unread === 0 ? "but" : "and"} ${later} will be weaker after the next restart`;
}
