import type { Micros } from "#core/base/clock.ts";
import { type ConditionReading, readCountCondition } from "./correlation-condition.ts";
import { readExamples } from "./examples.ts";
import type { Place, ProblemList } from "./problem.ts";
import type { CompiledRule } from "./rule.ts";
import { readHeader, type RuleHeader } from "./rule-header.ts";
import { parseTimespan } from "./timespan.ts";
import { type TreeReader, textsOf } from "./tree-reader.ts";

export const CORRELATION_TYPES = ["event_count", "value_count", "temporal", "temporal_ordered"] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

/** One way to group: the fields' names as the correlation gives them, and the fields they are in each rule. */
export interface Grouping {
  names: readonly string[];
  fieldsByRule: ReadonlyMap<string, readonly string[]>;
}

export interface CompiledCorrelation extends RuleHeader {
  kind: "correlation";
  type: CorrelationType;
  /** In the order given: the order that temporal_ordered demands. */
  rules: readonly CompiledRule[];
  /** The first is Sigma's `group-by`; the others (`sealbar: group-by-else`) are tried when the first finds nothing. */
  groupings: readonly Grouping[];
  /** First and last member lie at most this far apart. */
  timespan: Micros;
  /** At most so many restarts of the Mac between the first and the last member; null: they do not matter. */
  boots: number | null;
  /** Null for the temporal types. */
  condition: ConditionReading | null;
  /** The id of a correlation whose hit on the same group within `timespan` makes this one superfluous. */
  unlessId: string | null;
  /** Those of `rules` that raise findings of their own all the same. */
  speaking: readonly CompiledRule[];
}

/** A correlation whose references are not resolved yet: they may stand in files read later. */
export interface ParsedCorrelation {
  header: RuleHeader;
  type: CorrelationType;
  ruleNames: readonly string[];
  groupBy: readonly (readonly string[])[];
  aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  timespan: Micros;
  boots: number | null;
  condition: ConditionReading | null;
  unless: string | null;
  /** Sigma's `generate` is all or none; `sealbar: generate-rules` names some. */
  generate: boolean;
  generateRules: readonly string[];
  places: { rules: Place; groupBy: Place; aliases: Place; sealbar: Place };
}

const KEYS = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];
const UNSUPPORTED_TYPES = ["value_sum", "value_avg", "value_percentile", "value_median"];
const SEALBAR_KEYS = ["role", "boots", "unless", "group-by-else", "generate-rules", "examples"];
const MAX_RULES = 16;

/** Reads a correlation; null when it has a problem, all of which are noted. */
export function parseCorrelation(reader: TreeReader, problems: ProblemList): ParsedCorrelation | null {
  const before = problems.found.length;
  const header = readHeader(reader, problems.file);
  const inner = reader.inner("correlation");
  const sealbar = reader.inner("sealbar");
  if (inner === null) return null;
  inner.refuseOthers(KEYS, "correlation");
  const type = readType(inner);
  const ruleNames = inner.texts("rules");
  const timespan = readTimespan(inner);
  const generate = inner.boolean("generate", false);
  const groupBy = [inner.texts("group-by"), ...readGroupByElse(sealbar)];
  const aliases = readAliases(inner);
  const condition = type === null ? null : readCountCondition(inner, type);
  const extension = readExtension(sealbar);
  for (const name of sealbar?.texts("generate-rules") ?? []) {
    if (!ruleNames.includes(name))
      problems.error(reader.place("sealbar"), `generate-rules names no rule of this one: ${name}`);
  }
  if (ruleNames.length === 0) problems.error(inner.place("rules"), "a correlation needs rules");
  if (ruleNames.length > MAX_RULES) problems.error(inner.place("rules"), `more than ${MAX_RULES} rules`);
  if (type?.startsWith("temporal") === true && ruleNames.length < 2) {
    problems.error(inner.place("rules"), `${type} needs at least two rules`);
  }
  const examples = readExamples(sealbar?.inner("examples") ?? null);
  if (header === null || type === null || timespan === null || problems.found.length > before) return null;
  return {
    header: { ...header, role: sealbar?.text("role", false) ?? header.title, examples },
    type,
    ruleNames,
    groupBy,
    aliases,
    timespan,
    condition,
    generate,
    generateRules: sealbar?.texts("generate-rules") ?? [],
    ...extension,
    places: {
      rules: inner.place("rules"),
      groupBy: inner.place("group-by"),
      aliases: inner.place("aliases"),
      sealbar: reader.place("sealbar"),
    },
  };
}

function readType(inner: TreeReader): CorrelationType | null {
  const text = inner.text("type", true);
  if (text === null) return null;
  const type = CORRELATION_TYPES.find((candidate) => candidate === text);
  if (type !== undefined) return type;
  const place = inner.place("type");
  if (UNSUPPORTED_TYPES.includes(text)) inner.problems.skip(place, `the correlation type ${text} is not supported`);
  else inner.problems.error(place, `type is ${JSON.stringify(text)}; it must be ${CORRELATION_TYPES.join(", ")}`);
  return null;
}

function readTimespan(inner: TreeReader): Micros | null {
  const text = inner.text("timespan", true);
  if (text === null) return null;
  const span = parseTimespan(text);
  if (span === null) inner.problems.error(inner.place("timespan"), `${JSON.stringify(text)} is no time such as 10m`);
  return span;
}

function readAliases(inner: TreeReader): Map<string, Map<string, string>> {
  const aliases = new Map<string, Map<string, string>>();
  for (const { key, at, value } of inner.inner("aliases")?.map.entries ?? []) {
    if (value.kind !== "map") {
      inner.problems.error(at, `the alias ${key} is a map of rule names to fields`);
      continue;
    }
    const fields = new Map<string, string>();
    for (const rule of value.entries) {
      const [field, ...more] = textsOf(rule.value, key, inner.problems);
      if (field === undefined || more.length > 0) inner.problems.error(rule.at, "an alias names one field of a rule");
      else fields.set(rule.key, field);
    }
    aliases.set(key, fields);
  }
  return aliases;
}

function readGroupByElse(sealbar: TreeReader | null): string[][] {
  const entry = sealbar?.entry("group-by-else");
  if (sealbar === null || entry === undefined) return [];
  const items = entry.value.kind === "list" ? entry.value.items : [entry.value];
  return items.map((item) => textsOf(item, "group-by-else", sealbar.problems));
}

function readExtension(sealbar: TreeReader | null): { boots: number | null; unless: string | null } {
  if (sealbar === null) return { boots: null, unless: null };
  if (sealbar.entry("absent") !== undefined) {
    sealbar.problems.skip(sealbar.place("absent"), "`absent` (something does not follow) is not implemented yet");
  }
  sealbar.refuseOthers([...SEALBAR_KEYS, "absent"], "sealbar");
  const boots = sealbar.entry("boots");
  const number = boots?.value.kind === "scalar" ? boots.value.value : null;
  const valid = typeof number === "number" && Number.isSafeInteger(number) && number >= 0;
  if (boots !== undefined && !valid) sealbar.problems.error(boots.at, "boots is a whole number");
  return { boots: valid ? number : null, unless: sealbar.text("unless", false) };
}
