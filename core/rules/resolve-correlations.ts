import type { Absence, CompiledCorrelation, Grouping, ParsedCorrelation } from "./correlation.ts";
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
  const byName = new Map<string, ParsedCorrelation>();
  for (const { correlation } of parsed) {
    byName.set(correlation.header.id, correlation);
    if (correlation.header.name !== null) byName.set(correlation.header.name, correlation);
  }
  const compiled: { correlation: CompiledCorrelation; source: Unresolved }[] = [];
  for (const source of parsed) {
    const correlation = resolveOne(source, ruleByName, byName, knownFields);
    if (correlation !== null) compiled.push({ correlation, source });
  }
  const linked = compiled.flatMap(({ correlation, source }) => linkUnless(correlation, source, compiled) ?? []);
  silence(linked);
  return [...linked.filter((one) => one.unlessId === null), ...linked.filter((one) => one.unlessId !== null)];
}

function resolveOne(
  { correlation, problems }: Unresolved,
  ruleByName: ReadonlyMap<string, CompiledRule>,
  byName: ReadonlyMap<string, ParsedCorrelation>,
  knownFields: KnownFields,
): CompiledCorrelation | null {
  const before = problems.found.length;
  const { header, places } = correlation;
  const rules: CompiledRule[] = [];
  for (const name of correlation.ruleNames) {
    const rule = ruleByName.get(name);
    if (rule !== undefined && rules.includes(rule)) problems.error(places.rules, `the rule ${name} stands here twice`);
    else if (rule !== undefined) rules.push(rule);
    else if (leadsTo(correlation, name, byName)) problems.error(places.rules, `${name} leads back to this correlation`);
    else if (byName.has(name)) problems.skip(places.rules, `${name} is a correlation itself: not supported`);
    else problems.error(places.rules, `no runnable rule has the name or id ${name}`);
  }
  const absent = resolveAbsence(correlation, problems, ruleByName, rules);
  checkAliases(correlation, problems);
  const named: NamedRule[] = rules.map((rule, i) => ({ rule, name: correlation.ruleNames[i] ?? rule.id }));
  if (absent !== null && absent.by === null)
    named.push({ rule: absent.rule, name: correlation.absent?.rule ?? absent.rule.id });
  const groupings = correlation.groupBy.map((names) => groupingOf(names, named, correlation));
  const asked = new Set([
    ...groupings.flatMap(({ fieldsByRule }) => [...fieldsByRule.values()].flat()),
    ...(correlation.condition?.fields ?? []),
    ...(absent?.by == null ? [] : [absent.by]),
  ]);
  for (const field of asked) refuseUnknownField(field, places.groupBy, knownFields, problems);
  if (problems.found.length > before) return null;
  return {
    ...header,
    kind: "correlation",
    type: correlation.type,
    rules,
    absent,
    groupings,
    timespan: correlation.timespan,
    uptime: correlation.uptime,
    boots: correlation.boots,
    condition: correlation.condition,
    unlessId: null,
    speaking: named.flatMap(({ rule, name }) => {
      const all = correlation.generate && rule !== absent?.rule;
      return all || correlation.generateRules.includes(name) ? [rule] : [];
    }),
  };
}

/** Whether the correlation of that name asks for this one, through however many others. */
function leadsTo(wanted: ParsedCorrelation, name: string, byName: ReadonlyMap<string, ParsedCorrelation>): boolean {
  const seen = new Set<ParsedCorrelation>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const one = byName.get(next);
    if (one === wanted) return true;
    if (one === undefined || seen.has(one)) continue;
    seen.add(one);
    waiting.push(...one.ruleNames);
  }
  return false;
}

interface NamedRule {
  rule: CompiledRule;
  /** As the correlation calls it. */
  name: string;
}

function resolveAbsence(
  { absent, places }: ParsedCorrelation,
  problems: ProblemList,
  ruleByName: ReadonlyMap<string, CompiledRule>,
  rules: readonly CompiledRule[],
): Absence<CompiledRule> | null {
  if (absent === null) return null;
  const rule = ruleByName.get(absent.rule);
  if (rule === undefined) {
    problems.error(places.sealbar, `absent: no runnable rule has the name or id ${absent.rule}`);
    return null;
  }
  if (rules.includes(rule)) problems.error(places.sealbar, "absent: it is one of the rules that must match");
  return { ...absent, rule };
}

function checkAliases({ aliases, groupBy, absent, ...parsed }: ParsedCorrelation, problems: ProblemList): void {
  const { places } = parsed;
  const ruleNames = absent === null ? parsed.ruleNames : [...parsed.ruleNames, absent.rule];
  const grouped = new Set(groupBy.flat());
  for (const [alias, fields] of aliases) {
    if (!grouped.has(alias)) problems.error(places.aliases, `the alias ${alias} is not in group-by`);
    for (const rule of fields.keys()) {
      if (!ruleNames.includes(rule))
        problems.error(places.aliases, `the alias ${alias} names no rule of this one: ${rule}`);
    }
  }
}

function groupingOf(names: readonly string[], rules: readonly NamedRule[], { aliases }: ParsedCorrelation): Grouping {
  const fieldsByRule = new Map<string, readonly string[]>();
  for (const { rule, name: reference } of rules) {
    fieldsByRule.set(
      rule.id,
      names.map((name) => aliases.get(name)?.get(reference) ?? name),
    );
  }
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
  for (const rule of correlations.flatMap((one) => [...one.rules, ...absentOf(one)]))
    rule.raisesFindings = speaking.has(rule);
}

function absentOf({ absent }: CompiledCorrelation): CompiledRule[] {
  return absent === null ? [] : [absent.rule];
}
