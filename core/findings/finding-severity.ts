import { type Severity, severityRank } from "#contract/severity.ts";
import { MINUTE } from "#core/base/clock.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { type RuleInfo, severityOf } from "./finding-input.ts";

/** An untrusted start this soon after the restart that weakened the Mac is the worst case (behaviours.md 4.3). */
const EARLY_IN_BOOT = 10 * MINUTE;

/** The rule's level, moved by what was known at that moment. Conservative: without knowledge, the rule's level stands. */
export function severityInContext(rule: RuleInfo, enriched: EnrichedEvent): Severity {
  const level = severityOf(rule.level);
  switch (rule.behaviours[0]?.toUpperCase()) {
    case "G1":
    case "G13":
    case "G17":
      return capByTrust(level, enriched);
    case "S1":
      // An attempt alone has no effect in the running system; with the change it led to, it counts in full.
      return enriched.event.kind === "posture_change" ? level : atMost(level, "medium");
    case "G8":
      return enriched.toolRun?.action === "gatekeeper-off" ? atMost(level, "medium") : level;
    case "S7":
      return bootArgsInForce(enriched) ? "critical" : level;
    case "S16":
      return soonAfterBoot(enriched) ? "critical" : level;
    default:
      return level;
  }
}

/** A local build or a known developer weighs less; that a class could not be checked changes nothing. */
function capByTrust(level: Severity, enriched: EnrichedEvent): Severity {
  if (enriched.args === null) return level;
  switch (enriched.trust?.class) {
    case "linker-signed":
      return atMost(level, enriched.quarantine?.state === "removed" ? "medium" : "low");
    case "platform":
    case "app-store":
    case "testflight":
      return atMost(level, "low");
    case "developer-id":
      return atMost(level, enriched.teamListed === true ? "info" : "medium");
    default:
      return level;
  }
}

function bootArgsInForce({ event }: EnrichedEvent): boolean {
  return event.kind === "posture_change" && event.setting === "boot-args" && event.acrossBoot && event.after === "off";
}

function soonAfterBoot({ posture, time }: EnrichedEvent): boolean {
  return posture.weakened && posture.bootTime !== null && time - posture.bootTime <= EARLY_IN_BOOT;
}

function atMost(level: Severity, limit: Severity): Severity {
  return severityRank(level) > severityRank(limit) ? limit : level;
}
