import { DAY } from "#core/base/clock.ts";
import type { CompiledCorrelation } from "#core/rules/correlation.ts";
import { fieldsOf, type RuleExample } from "#core/rules/examples.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import type { CompiledRule } from "#core/rules/rule.ts";
import { RuleSet } from "#core/rules/rule-set.ts";
import type { CorrelationHit } from "./correlation-hit.ts";
import { Correlator } from "./correlator.ts";

export interface ExampleResult {
  rule: CompiledRule | CompiledCorrelation;
  expected: "must-fire" | "must-not-fire";
  example: RuleExample;
  fired: boolean;
  ok: boolean;
}

const START = 20_000 * DAY;

/** Runs every example of every rule through the whole library, as its records would come in real life. */
export function runExamples(library: RuleLibrary): ExampleResult[] {
  const set = new RuleSet(library.rules);
  return [...library.rules, ...library.correlations].flatMap((rule) => {
    const run = (expected: ExampleResult["expected"]) => (example: RuleExample) => {
      const fired = firedBy(library, set, example).has(rule.id);
      return { rule, expected, example, fired, ok: fired === (expected === "must-fire") };
    };
    return [...rule.examples.mustFire.map(run("must-fire")), ...rule.examples.mustNotFire.map(run("must-not-fire"))];
  });
}

/** Ids of the rules that matched, and of the correlations that hit. */
function firedBy(library: RuleLibrary, set: RuleSet, example: RuleExample): Set<string> {
  const correlator = new Correlator(library.correlations, []);
  const fired = new Set<string>();
  const tell = (hits: readonly CorrelationHit[]) => {
    for (const hit of hits) fired.add(hit.correlation.id);
  };
  let bootTime = START;
  let lastBoot = 0;
  example.events.forEach(({ at, boot, logsource, fields }, n) => {
    const time = START + at;
    const source = fieldsOf(fields, logsource, time);
    const matched = set.match(source);
    const id = { session: "example", src: "es", n };
    for (const rule of matched) fired.add(rule.id);
    // An example does not say when the Mac was started: at its boot's first record.
    if (boot !== lastBoot) bootTime = time;
    lastBoot = boot;
    tell(correlator.advance(time, boot));
    tell(correlator.push(source, { id, time, bootOrdinal: boot, bootTime, note: {} }, matched));
  });
  tell(correlator.finish());
  return fired;
}
