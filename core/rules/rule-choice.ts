import type { RuleState } from "#contract/monitor-settings.ts";
import { type Severity, severityRank } from "#contract/severity.ts";
import type { CompiledCorrelation } from "./correlation.ts";
import type { RuleLibrary } from "./load-rules.ts";
import type { CompiledRule } from "./rule.ts";

type AnyRule = CompiledRule | CompiledCorrelation;

/** What the owner of the Mac chose. */
export interface RuleChoice {
  /** Ids of rules and correlations that do not run. */
  disabled: readonly string[];
  /** Below this level, rules for whose file `hasMinimum` holds do not run. */
  minimumLevel: Severity;
  hasMinimum: (file: string) => boolean;
}

/** A library of which some rules do not run. */
export interface ChosenLibrary extends RuleLibrary {
  notRunning: readonly { rule: AnyRule; state: Exclude<RuleState["state"], "on"> }[];
}

/**
 * Leaves out the rules that are off. A correlation without one of its rules cannot run either. A rule below the level
 * still runs, without a finding of its own, where a correlation that runs needs it; and what a correlation silences stays
 * silent when that is off.
 */
export function chooseRules(library: RuleLibrary, choice: RuleChoice): ChosenLibrary {
  const disabled = new Set(choice.disabled);
  const least = severityRank(choice.minimumLevel);
  const stateOf = (rule: AnyRule): RuleState["state"] => {
    if (disabled.has(rule.id)) return "off";
    return choice.hasMinimum(rule.file) && severityRank(rule.level) < least ? "below-level" : "on";
  };
  const stateOfCorrelation = (one: CompiledCorrelation): RuleState["state"] =>
    baseRules(one).some((rule) => disabled.has(rule.id)) ? "off" : stateOf(one);
  const running = library.correlations.filter((one) => stateOfCorrelation(one) === "on");
  const ids = new Set(running.map(({ id }) => id));
  const needed = new Set(running.flatMap(baseRules));
  const rules = library.rules.filter((rule) => stateOf(rule) === "on" || (stateOf(rule) !== "off" && needed.has(rule)));
  for (const rule of rules) if (stateOf(rule) !== "on") rule.raisesFindings = false;
  const notRunning = [
    ...library.rules.map((rule) => ({ rule, state: stateOf(rule) })),
    ...library.correlations.map((rule) => ({ rule, state: stateOfCorrelation(rule) })),
  ].flatMap(({ rule, state }) => (state === "on" ? [] : [{ rule, state }]));
  const correlations = running.map((one) =>
    one.unlessId === null || ids.has(one.unlessId) ? one : { ...one, unlessId: null },
  );
  return { ...library, rules, correlations, notRunning };
}

/**
 * Every rule that can run, as Settings lists it, by file and line.
 * @param isOurs whether a file is shipped with Sealbar
 */
export function listRules(library: ChosenLibrary, isOurs: (file: string) => boolean): RuleState[] {
  const off = new Map<AnyRule, RuleState["state"]>(library.notRunning.map(({ rule, state }) => [rule, state]));
  const all = new Set<AnyRule>([...off.keys(), ...library.rules, ...library.correlations]);
  return [...all]
    .sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
    .map((rule) => ({
      id: rule.id,
      title: rule.title,
      level: rule.level,
      kind: rule.kind,
      ours: isOurs(rule.file),
      file: rule.file,
      behaviours: [...rule.behaviours],
      state: off.get(rule) ?? "on",
    }));
}

function baseRules({ rules, absent }: CompiledCorrelation): CompiledRule[] {
  return absent === null ? [...rules] : [...rules, absent.rule];
}
