import type { EventId } from "#contract/source.ts";
import type { CompiledRule } from "#core/rules/rule.ts";
import type { CorrelationHit } from "./correlation-hit.ts";
import { sameRecord } from "./member.ts";

/**
 * The rules whose own finding for this record is still needed: they raise findings, and no hit that the record
 * completed tells it already (such a hit carries the same record and its history).
 */
export function rulesStillToTell(
  matched: readonly CompiledRule[],
  hits: readonly CorrelationHit[],
  record: EventId,
): CompiledRule[] {
  return matched.filter(
    (rule) =>
      rule.raisesFindings &&
      !hits.some(({ members }) => members.some((one) => one.rule === rule.id && sameRecord(one.id, record))),
  );
}
