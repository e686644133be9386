import type { Coverage, SourceCoverage } from "#contract/coverage.ts";
import type { LiveStatus } from "#contract/monitor-port.ts";
import { type SourceHealth, sourceHealth } from "#renderer/ui/source-health.ts";
import { ORIGIN_WORDS } from "#renderer/ui/words.ts";

/** The page's first sentence about this Mac. Good only when the monitor says that all is proved. */
export function liveVerdict(
  { sources, formatChanges = [], helper, journalDoubt }: Coverage,
  live: LiveStatus | undefined,
): string {
  if (helper?.phase === "connecting") return "Sealbar is starting to watch this Mac";
  if (helper !== undefined && helper.phase !== "connected") return "This Mac is not being watched";
  if (live?.allGood === true) {
    return helper?.tier === "standard"
      ? "Everything that can be watched in the standard tier is being watched"
      : "Everything that can be watched is being watched";
  }
  const of = (health: SourceHealth) => sources.filter((source) => sourceHealth(source, formatChanges) === health);
  const inTier = sources.filter(({ state }) => state !== "absent");
  const unseen = [...of("blind"), ...of("ended")];
  if (inTier.length === 0 || unseen.length === inTier.length) return "Nothing of this Mac can be seen";
  if (unseen.length > 0) return `Partly blind: ${names(unseen)}`;
  if (of("degraded").length > 0) return `Not all can be seen: ${names(of("degraded"))}`;
  if (formatChanges.length > 0) return "Not all can be read: macOS writes some lines differently now";
  if (journalDoubt !== undefined) return "All is watched, but the posture history is in doubt";
  if (of("verifying").length > 0) return `Not proved yet: ${names(of("verifying"))}`;
  return "Not everything has proved itself yet";
}

/** The oldest of the proofs that "all good" stands on; null when one of them is missing. */
export function oldestProof(sources: readonly SourceCoverage[]): string | null {
  let oldest: string | null = null;
  for (const { state, provedAt } of sources) {
    if (state === "absent") continue;
    if (provedAt === null || provedAt === undefined) return null;
    if (oldest === null || provedAt < oldest) oldest = provedAt;
  }
  return oldest;
}

function names(sources: readonly SourceCoverage[]): string {
  return sources.map(({ source }) => ORIGIN_WORDS[source].long).join(", ");
}
