import type { Coverage } from "#contract/coverage.ts";
import type { PostureSnapshot } from "#contract/posture.ts";

/**
 * What could not be read of the protection, or only in contradictions: a fact about what Sealbar sees, and never a finding. Before the first boot is
 * known nothing was to be read.
 */
export function unreadSettings({
  settings,
  bootUuid,
  bootTime,
  baseline,
}: PostureSnapshot): Pick<Coverage, "unreadSettings"> {
  const looked = bootUuid !== null || bootTime !== null || baseline.state !== "none";
  if (!looked) return {};
  const unread = settings.filter(({ inForce }) => inForce === "unknown" || inForce === "conflicting");
  return { unreadSettings: unread.map(({ id, detail }) => ({ setting: id, why: detail })) };
}
