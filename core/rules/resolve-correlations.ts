import type { CompiledCorrelation, Grouping, ParsedCorrelation } from "./correlation.ts";
import { type KnownFields, refuseUnknownField } from "./detection-item.ts";
import type { ProblemList } from "./problem.ts";
import type { CompiledRule } from "./rule.ts";

interface Unresolved {
  correlation: ParsedCorrelation;
  problems: ProblemList;
}

/**
 * Joins correlations with the rules they name, and silences (`raisesFindings`) those rules that no correlation asks to
 * speak for themselves, as Sigma's `generate` says. Correlations that others wait for (`unless`) come first.
 */
export function resolveCorrelations(
  parsed: readonly Unresolved[],
  rules: readonly CompiledRule[],
  knownFields: KnownFields,
): CompiledCorrelation[] {
  const ruleByName = new Map<string, CompiledRule>();
  for (const rule of rules) {
    ruleByName.set(rule.id, rule);
    if (rule.name !== null) ruleByName.set(rule.name, rule);
  }
  const correlationNames = new Set(
    parsed.flatMap(({ correlation: { header } }) => [header.id, header.name ?? header.id]),
  );
  const compiled: { correlation: CompiledCorrelation; source: Unresolved }[] = [];
  for (const source of parsed) {
    const correlation = resolveOne(source, ruleByName, correlationNames, knownFields);
    if (correlation !== null) compiled.push({ correlation, source });
  }
  const linked = compiled.flatMap(({ correlation, source }) => linkUnless(correlation, source, compiled) ?? []);
  silence(linked);
  return [...linked.filter((one) => one.unlessId === null), ...linked.filter((one) => one.unlessId !== null)];
}

function resolveOne(
  { correlation, problems }: Unresolved,
  ruleByName: ReadonlyMap<string, CompiledRule>,
  correlationNames: ReadonlySet<string>,
  knownFields: KnownFields,
): CompiledCorrelation | null {
  const before = problems.found.length;
  const { header, places } = correlation;
  const rules: CompiledRule[] = [];
  for (const name of correlation.ruleNames) {
    const rule = ruleByName.get(name);
    if (rule !== undefined && rules.includes(rule)) problems.error(places.rules, `the rule ${name} stands here twice`);
    else if (rule !== undefined) rules.push(rule);
    else if (correlationNames.has(name)) problems.skip(places.rules, `${name} is a correlation itself: not supported`);
    else problems.error(places.rules, `no runnable rule has the name or id ${name}`);
  }
  checkAliases(correlation, problems);
  const groupings = correlation.groupBy.map((names) => groupingOf(names, rules, correlation));
  const asked = new Set([
    ...groupings.flatMap(({ fieldsByRule }) => [...fieldsByRule.values()].flat()),
    ...(correlation.condition?.fields ?? []),
  ]);
  for (const field of asked) refuseUnknownField(field, places.groupBy, knownFields, problems);
  if (problems.found.length > before) return null;
  return {
    ...header,
    kind: "correlation",
    type: correlation.type,
    rules,
    groupings,
    timespan: correlation.timespan,
    boots: correlation.boots,
    condition: correlation.condition,
    unlessId: null,
    speaking: rules.filter(
      (rule, i) => correlation.generate || correlation.generateRules.includes(correlation.ruleNames[i] ?? rule.id),
    ),
  };
}

function checkAliases({ aliases, groupBy, ruleNames, places }: ParsedCorrelation, problems: ProblemList): void {
  const grouped = new Set(groupBy.flat());
  for (const [alias, fields] of aliases) {
    if (!grouped.has(alias)) problems.error(places.aliases, `the alias ${alias} is not in group-by`);
    for (const rule of fields.keys()) {
      if (!ruleNames.includes(rule))
        problems.error(places.aliases, `the alias ${alias} names no rule of this one: ${rule}`);
    }
  }
}

function groupingOf(
  names: readonly string[],
  rules: readonly CompiledRule[],
  correlation: ParsedCorrelation,
): Grouping {
  const fieldsByRule = new Map<string, readonly string[]>();
  rules.forEach((rule, i) => {
    const reference = correlation.ruleNames[i] ?? rule.id;
    fieldsByRule.set(
      rule.id,
      names.map((name) => correlation.aliases.get(name)?.get(reference) ?? name),
    );
  });
  return { names, fieldsByRule };
}

function linkUnless(
  correlation: CompiledCorrelation,
  { correlation: { unless, places }, problems }: Unresolved,
  compiled: readonly { correlation: CompiledCorrelation; source: Unresolved }[],
): CompiledCorrelation | null {
  if (unless === null) return correlation;
  const other = compiled.find(({ correlation: { id, name } }) => id === unless || name === unless);
  const refuse = (reason: string) => {
    problems.error(places.sealbar, reason);
    return null;
  };
  if (other === undefined) return refuse(`unless: no runnable correlation has the name or id ${unless}`);
  if (other.correlation === correlation) return refuse("unless: a correlation cannot wait for itself");
  if (other.source.correlation.unless !== null) return refuse(`unless: ${unless} waits for another one itself`);
  const names = (one: CompiledCorrelation) => JSON.stringify(one.groupings.map((grouping) => grouping.names));
  if (names(other.correlation) !== names(correlation)) return refuse(`unless: ${unless} groups by other fields`);
  return { ...correlation, unlessId: other.correlation.id };
}

function silence(correlations: readonly CompiledCorrelation[]): void {
  const speaking = new Set(correlations.flatMap((one) => one.speaking));
  for (const rule of correlations.flatMap((one) => one.rules)) rule.raisesFindings = speaking.has(rule);
}
