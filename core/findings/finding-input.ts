import type { Evidence, Finding } from "#contract/finding.ts";
import { SEVERITIES, type Severity } from "#contract/severity.ts";
import type { EventId } from "#contract/source.ts";
import type { IdentityLadder } from "#core/rules/group-key.ts";
import type { Micros } from "#core/base/clock.ts";

/** What findings need to know of a rule or a correlation; core/rules' and core/correlate's own types fit. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  /** Sigma's word: informational, low, medium, high, critical. */
  readonly level: string;
  readonly description?: string | null | undefined;
  readonly behaviours: readonly string[];
  readonly analytics: readonly string[];
  readonly techniques: readonly string[];
  readonly falsePositives?: readonly string[] | undefined;
  /** Which fields tell one subject from another; without it, the identity ladder of code. */
  readonly groupFields?: IdentityLadder | undefined;
}

/** One record of a correlation, as it was kept when it arrived. */
export interface HitMember {
  readonly rule: string;
  readonly id: EventId;
  readonly time: Micros;
  /** How many restarts of the Mac had been seen. */
  readonly bootOrdinal?: number;
  /** What {@link evidenceNote} made of it then. */
  readonly note: Readonly<Record<string, string>>;
}

export interface CorrelationInput {
  readonly correlation: RuleInfo;
  /** As the correlation calls the fields of its group. */
  readonly groupNames?: readonly string[];
  readonly groupValues: readonly string[];
  readonly members: readonly HitMember[];
  readonly firstTime: Micros;
  readonly lastTime: Micros;
  readonly count: number;
}

/** A finding as this room hands it to the store, which gives it its id and the evidence its row ids. */
export type FindingRecord = Omit<Finding, "id" | "evidence"> & { evidence: EvidenceRecord[] };
export type EvidenceRecord = Omit<Evidence, "rowId">;

/** A rule's level as a severity; an unknown word is medium, so that nothing is hidden. */
export function severityOf(level: string): Severity {
  if (level === "informational") return "info";
  return SEVERITIES.find((severity) => severity === level) ?? "medium";
}
