import { must } from "#core/base/assert-never.ts";
import type { FieldValue, LogSource } from "#core/base/fields.ts";
import type { RuleSettings } from "./detection-item.ts";
import { fieldsOf } from "./examples.ts";
import { loadRules, type RuleLibrary } from "./load-rules.ts";
import { RuleSet } from "./rule-set.ts";

/** A rule for process creation around the given `detection` lines. */
export function ruleText(detection: string, more = ""): string {
  const body = detection
    .trim()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
  return `title: Constructed\nid: constructed\nlogsource:\n  product: macos\n  category: process_creation\ndetection:\n${body}\nlevel: low\n${more}`;
}

export function loadText(text: string, settings: RuleSettings = {}): RuleLibrary {
  return loadRules([{ file: "constructed.yml", text }], settings);
}

/** Whether the one rule made of `detection` matches; fails when it does not load. */
export function detects(
  detection: string,
  fields: Record<string, FieldValue>,
  settings: RuleSettings = {},
  logsource?: LogSource,
): boolean {
  const library = loadText(ruleText(detection), settings);
  if (library.problems.length > 0) throw new Error(JSON.stringify(library.problems));
  const rule = must(library.rules[0], "the text holds one rule");
  const source = fieldsOf(fields, logsource);
  const found = new RuleSet(library.rules).match(source).length === 1;
  if (found !== rule.matches(source)) throw new Error("the index and the rule itself disagree");
  return found;
}

export function pick<T>(random: () => number, choices: readonly T[]): T {
  return must(choices[Math.floor(random() * choices.length)], "choices are never empty");
}
