import { HOUR, type Micros } from "#core/base/clock.ts";
import { type ConditionReading, readCountCondition } from "./correlation-condition.ts";
import { readExamples } from "./examples.ts";
import type { Place, ProblemList } from "./problem.ts";
import type { CompiledRule } from "./rule.ts";
import { readHeader, type RuleHeader } from "./rule-header.ts";
import { parseTimespan } from "./timespan.ts";
import { type TreeReader, textsOf } from "./tree-reader.ts";
import { readWindow, type RuleWindows } from "./windows-setting.ts";

export const CORRELATION_TYPES = ["event_count", "value_count", "temporal", "temporal_ordered"] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

/** One way to group: the fields' names as the correlation gives them, and the fields they are in each rule. */
export interface Grouping {
  names: readonly string[];
  fieldsByRule: ReadonlyMap<string, readonly string[]>;
}

/** Something that must not follow the last member, for the correlation to hit. */
export interface Absence<R> {
  rule: R;
  /** How long after the last member a record of the rule still counts as following it. */
  within: Micros;
  /** The field that tells whether it follows the last member itself; null: a record of the same group does. */
  by: string | null;
}

export interface CompiledCorrelation extends RuleHeader {
  kind: "correlation";
  type: CorrelationType;
  /** In the order given: the order that temporal_ordered demands. */
  rules: readonly CompiledRule[];
  /** Not one of `rules`; null: the last member completes the correlation. */
  absent: Absence<CompiledRule> | null;
  /** The first is Sigma's `group-by`; the others (`sealbar: group-by-else`) are tried when the first finds nothing. */
  groupings: readonly Grouping[];
  /** First and last member lie at most this far apart. */
  timespan: Micros;
  /**
   * Null: nothing but `timespan` counts. Otherwise at most so much time lies between the last restart before the last
   * member and that member, where a restart lies between the first and the last one.
   */
  uptime: Micros | null;
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
  absent: Absence<string> | null;
  timespan: Micros;
  uptime: Micros | null;
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
const SEALBAR_KEYS = [
  "role",
  "boots",
  "unless",
  "absent",
  "absent-by",
  "within",
  "window",
  "group-by-else",
  "generate-rules",
  "examples",
];
const MAX_RULES = 16;
/** Longer, and a Mac that sleeps or is switched off would decide most of them. */
const MAX_WITHIN: Micros = HOUR;

/**
 * Reads a correlation; null when it has a problem, all of which are noted.
 * @param windows the owner's time windows; null: not told, so that a correlation which asks for one is skipped
 */
export function parseCorrelation(
  reader: TreeReader,
  windows: RuleWindows | null,
  problems: ProblemList,
): ParsedCorrelation | null {
  const before = problems.found.length;
  const header = readHeader(reader, problems.file);
  const inner = reader.inner("correlation");
  const sealbar = reader.inner("sealbar");
  if (inner === null) return null;
  inner.refuseOthers(KEYS, "correlation");
  const type = readType(inner);
  const ruleNames = inner.texts("rules");
  const absent = readAbsence(sealbar);
  const span = readSpan(inner, sealbar, windows, ruleNames.length === 1 ? absent : null);
  const generate = inner.boolean("generate", false);
  const groupBy = [inner.texts("group-by"), ...readGroupByElse(sealbar)];
  const aliases = readAliases(inner);
  const condition = type === null ? null : readCountCondition(inner, type);
  const extension = readExtension(sealbar);
  for (const name of sealbar?.texts("generate-rules") ?? []) {
    if (!ruleNames.includes(name) && name !== absent?.rule)
      problems.error(reader.place("sealbar"), `generate-rules names no rule of this one: ${name}`);
  }
  if (ruleNames.length === 0) problems.error(inner.place("rules"), "a correlation needs rules");
  if (ruleNames.length > MAX_RULES) problems.error(inner.place("rules"), `more than ${MAX_RULES} rules`);
  if (type?.startsWith("temporal") === true && ruleNames.length < 2 && absent === null) {
    problems.error(inner.place("rules"), `${type} needs at least two rules, or one and \`absent\``);
  }
  const examples = readExamples(sealbar?.inner("examples") ?? null);
  if (header === null || type === null || span === null || problems.found.length > before) return null;
  return {
    header: { ...header, role: sealbar?.text("role", false) ?? header.title, examples },
    type,
    ruleNames,
    groupBy,
    aliases,
    absent,
    condition,
    generate,
    generateRules: sealbar?.texts("generate-rules") ?? [],
    ...extension,
    ...span,
    boots: extension.boots ?? span.boots,
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

interface Span {
  timespan: Micros;
  uptime: Micros | null;
  boots: number | null;
}

/** One rule alone with `absent` has no first and last member to lie apart, so it needs no timespan. */
function readSpan(
  inner: TreeReader,
  sealbar: TreeReader | null,
  windows: RuleWindows | null,
  alone: Absence<string> | null,
): Span | null {
  const window = sealbar?.entry("window");
  if (sealbar !== null && window !== undefined) {
    if (inner.entry("timespan") !== undefined) {
      sealbar.problems.error(window.at, "`window` takes the place of `timespan`: give one of them");
      return null;
    }
    return readWindow(sealbar, windows);
  }
  if (alone !== null && inner.entry("timespan") === undefined)
    return { timespan: alone.within, uptime: null, boots: null };
  const timespan = readTimespan(inner, "timespan");
  return timespan === null ? null : { timespan, uptime: null, boots: null };
}

function readTimespan(reader: TreeReader, key: "timespan" | "within"): Micros | null {
  const text = reader.text(key, true);
  if (text === null) return null;
  const span = parseTimespan(text);
  if (span === null) reader.problems.error(reader.place(key), `${JSON.stringify(text)} is no time such as 10m`);
  return span;
}

function readAbsence(sealbar: TreeReader | null): Absence<string> | null {
  if (sealbar === null) return null;
  if (sealbar.entry("absent") === undefined) {
    for (const key of ["within", "absent-by"]) {
      if (sealbar.entry(key) !== undefined)
        sealbar.problems.error(sealbar.place(key), `\`${key}\` belongs to \`absent\``);
    }
    return null;
  }
  const rule = sealbar.text("absent", true);
  const within = readTimespan(sealbar, "within");
  if (within !== null && within > MAX_WITHIN)
    sealbar.problems.error(sealbar.place("within"), "an absence is waited for an hour at most");
  const by = sealbar.text("absent-by", false);
  return rule === null || within === null ? null : { rule, within, by };
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
  sealbar.refuseOthers(SEALBAR_KEYS, "sealbar");
  const boots = sealbar.entry("boots");
  const number = boots?.value.kind === "scalar" ? boots.value.value : null;
  const valid = typeof number === "number" && Number.isSafeInteger(number) && number >= 0;
  if (boots !== undefined && !valid) sealbar.problems.error(boots.at, "boots is a whole number");
  return { boots: valid ? number : null, unless: sealbar.text("unless", false) };
}
