import { type CompiledCorrelation, parseCorrelation, type ParsedCorrelation } from "./correlation.ts";
import type { RuleSettings } from "./detection-item.ts";
import { FieldTable } from "./event-view.ts";
import type { LinearRegex } from "./linear-regex.ts";
import { ProblemList, type RuleProblem } from "./problem.ts";
import { resolveCorrelations } from "./resolve-correlations.ts";
import { type CompiledRule, compileRule } from "./rule.ts";
import { TreeReader } from "./tree-reader.ts";
import type { RuleWindows } from "./windows-setting.ts";
import { readYaml, type TreeMap } from "./yaml-tree.ts";

export interface RuleLibrary {
  rules: CompiledRule[];
  correlations: CompiledCorrelation[];
  /** By file in the order given, within a file by line. */
  problems: RuleProblem[];
  /** Rules and correlations found, runnable or not. */
  found: number;
  /**
   * Texts, since the rules were loaded, that were too much work for a rule's regular expression even in linear time. Each
   * counted as not matched, so a rule may have missed something: coverage must say so when this is not zero.
   */
  regexGaveUp(): number;
}

export interface LoadOptions {
  /** The names of all fields that any record can have; a rule that asks for another is skipped. Without it, none is. */
  knownFields?: ReadonlySet<string>;
  /** The owner's time windows; without them a correlation that asks for one (`sealbar: window`) is skipped. */
  windows?: RuleWindows;
}

/**
 * Loads Sigma rules and correlations. Never throws: whatever is wrong becomes a located problem, and one bad rule hides
 * no other. A correlation may refer to rules of any of the files.
 */
export function loadRules(
  files: readonly { file: string; text: string }[],
  settings: RuleSettings,
  options: LoadOptions = {},
): RuleLibrary {
  const knownFields = options.knownFields ?? null;
  const table = new FieldTable();
  const regexes: LinearRegex[] = [];
  const lists: ProblemList[] = [];
  const rules: CompiledRule[] = [];
  const parsed: { correlation: ParsedCorrelation; problems: ProblemList }[] = [];
  const ids = new Map<string, string>();
  let found = 0;
  for (const { file, text } of files) {
    const problems = new ProblemList(file);
    lists.push(problems);
    for (const tree of readYaml(text, problems)) {
      found++;
      const reader = new TreeReader(tree, problems);
      if (isTwice(reader, tree, file, ids)) continue;
      const kind = kindOf(reader);
      if (kind === "rule") {
        const rule = compileRule(reader, { table, settings, knownFields, problems, regexes });
        if (rule !== null) rules.push(rule);
      } else if (kind === "correlation") {
        const correlation = parseCorrelation(reader, options.windows ?? null, problems);
        if (correlation !== null) parsed.push({ correlation, problems });
      }
    }
  }
  const correlations = resolveCorrelations(parsed, rules, knownFields);
  return {
    rules,
    correlations,
    problems: lists.flatMap((list) => list.all()),
    found,
    regexGaveUp: () => regexes.reduce((sum, regex) => sum + regex.gaveUp, 0),
  };
}

function kindOf(reader: TreeReader): "rule" | "correlation" | null {
  const detection = reader.entry("detection");
  const correlation = reader.entry("correlation");
  if (reader.entry("filter") !== undefined) {
    reader.problems.skip(reader.place("filter"), "Sigma filters are not supported");
    return null;
  }
  if (detection !== undefined && correlation !== undefined) {
    reader.problems.error(correlation.at, "a document holds a detection or a correlation, not both");
    return null;
  }
  if (detection === undefined && correlation === undefined) {
    reader.problems.error(reader.map, "neither a detection nor a correlation");
    return null;
  }
  return detection === undefined ? "correlation" : "rule";
}

/** Ids and names live in one space: a correlation may refer by either. */
function isTwice(reader: TreeReader, tree: TreeMap, file: string, ids: Map<string, string>): boolean {
  let twice = false;
  for (const key of ["id", "name"]) {
    const value = tree.entries.find((entry) => entry.key === key)?.value;
    if (value?.kind !== "scalar" || value.text === "") continue;
    const other = ids.get(value.text);
    if (other !== undefined) {
      reader.problems.error(reader.place(key), `the ${key} ${value.text} is taken by ${other}`);
      twice = true;
    } else ids.set(value.text, `${file}:${tree.line}`);
  }
  return twice;
}
