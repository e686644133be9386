import { type Severity, severityRank, worseSeverity } from "#contract/severity.ts";
import { MINUTE } from "#core/base/clock.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { type RuleInfo, severityOf } from "./finding-input.ts";
import { hardeningOf } from "./signature-note.ts";

/** An untrusted start this soon after the restart that weakened the Mac is the worst case (behaviours.md 4.3). */
const EARLY_IN_BOOT = 10 * MINUTE;

/** The rule's level, moved by what was known at that moment. Conservative: without knowledge, the rule's level stands. */
export function severityInContext(rule: RuleInfo, enriched: EnrichedEvent): Severity {
  const level = severityOf(rule.level);
  // What the accepted baseline has is how this Mac should be.
  if (enriched.event.kind === "posture_change" && enriched.event.expected === true) return "info";
  switch (rule.behaviours[0]?.toUpperCase()) {
    case "G1":
    case "G13":
    case "G17":
      return capByTrust(level, enriched);
    case "G3":
      // Only with the approving bit in place is it shown that the rewriting let it through.
      return enriched.startsProgram && enriched.quarantine?.state !== "approved" ? atMost(level, "medium") : level;
    case "G6":
      return enriched.quarantine === null || enriched.quarantine.state === "unknown" ? atMost(level, "medium") : level;
    case "G9":
      return enriched.toolRun?.action === "gatekeeper-rule" ? atMost(level, "medium") : level;
    case "G19":
      return hardeningOf(enriched) === "true" ? atMost(level, "medium") : level;
    case "S1":
      // An attempt alone has no effect in the running system; with the change it led to, it counts in full.
      return enriched.event.kind === "posture_change" ? level : atMost(level, "medium");
    case "G8":
      return enriched.toolRun?.action === "gatekeeper-off" ? atMost(level, "medium") : level;
    case "S7":
      return bootArgsInForce(enriched) ? "critical" : level;
    case "S11":
      return enriched.event.kind === "posture_change" && enriched.posture.sip === "on"
        ? atMost(level, "medium")
        : level;
    case "S15":
      return enforcementCommand(enriched, level);
    case "S17":
      return canOnlyFail(enriched) ? atMost(level, "medium") : level;
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

/** To unload what SIP keeps fails; once SIP is not whole, it may work. */
function enforcementCommand({ toolRun, posture }: EnrichedEvent, level: Severity): Severity {
  if (toolRun?.action !== "enforcement-unload") return level;
  return posture.sip === "off" || posture.sip === "partial" ? worseSeverity(level, "high") : atMost(level, "medium");
}

/** Commands that macOS refuses while it runs, whoever gives them (behaviours.md 4.3); boot arguments only while SIP is whole. */
function canOnlyFail({ toolRun, posture }: EnrichedEvent): boolean {
  switch (toolRun?.action) {
    case "sip-weaken":
    case "csr-config-write":
    case "boot-policy-write":
    case "research-guests-allowed":
      return true;
    case "boot-args-write":
      return posture.sip === "on";
    default:
      return false;
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
