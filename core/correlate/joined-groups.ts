import type { FieldSource } from "#core/base/fields.ts";
import type { Grouping } from "#core/rules/correlation.ts";
import { groupValues } from "#core/rules/group-key.ts";
import type { CompiledRule } from "#core/rules/rule.ts";

/** A group that a record joins. */
export interface JoinedGroup {
  values: readonly string[];
  rules: CompiledRule[];
}

/** The groups that a record joins, each with the rules under which it does: aliases may differ from rule to rule. */
export function groupsJoined(
  grouping: Grouping,
  rules: readonly CompiledRule[],
  fields: FieldSource,
): Iterable<JoinedGroup> {
  const joined = new Map<string, JoinedGroup>();
  for (const rule of rules) {
    for (const values of groupValues(fields, grouping.fieldsByRule.get(rule.id) ?? grouping.names)) {
      const key = JSON.stringify(values);
      const group = joined.get(key);
      if (group === undefined) joined.set(key, { values, rules: [rule] });
      else group.rules.push(rule);
    }
  }
  return joined.values();
}
