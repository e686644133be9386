import type { CoverageState, FormatChange, SourceCoverage } from "#contract/coverage.ts";

/** How a source of this Mac does, as a person needs it: `working` has proof, `blind` sees nothing, `outside` is not of this tier. */
export type SourceHealth = "verifying" | "working" | "degraded" | "blind" | "ended" | "outside";

const HEALTH: Record<CoverageState, SourceHealth> = {
  absent: "outside",
  starting: "verifying",
  running: "working",
  silent: "blind",
  denied: "blind",
  failed: "blind",
  restarting: "degraded",
  stopped: "ended",
};

/** What runs is only working when it has a proof, and what it delivers can be read. */
export function sourceHealth(source: SourceCoverage, changes: readonly FormatChange[] = []): SourceHealth {
  const health = HEALTH[source.state];
  if (health !== "working") return health;
  if (source.provedAt === null || source.provedAt === undefined) return "verifying";
  const hidesSomething = source.blind !== null && source.blind !== "";
  return hidesSomething || changes.some((change) => change.source === source.source) ? "degraded" : "working";
}

/** "120/min"; null when nothing is known of it. */
export function rateWords(ratePerMinute: number | null | undefined): string | null {
  if (ratePerMinute === null || ratePerMinute === undefined) return null;
  if (ratePerMinute > 0 && ratePerMinute < 1) return "less than 1/min";
  return `${Math.round(ratePerMinute).toLocaleString()}/min`;
}
