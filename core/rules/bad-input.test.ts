import { describe, expect, it } from "vitest";
import { fieldsOf } from "./examples.ts";
import { loadRules } from "./load-rules.ts";
import { RuleSet } from "./rule-set.ts";
import { ruleText } from "./test-support.ts";

const GOOD = ruleText("s:\n  A: 1\ncondition: s").replaceAll("constructed", "good");
const rule = (detection: string) => ruleText(detection);
const correlation = (id: string, rules: string, more = "") =>
  `title: ${id}\nid: ${id}\ncorrelation:\n  type: temporal\n  rules: [${rules}]\n  timespan: 1m\n${more}`;
const second = ruleText("s:\n  A: 2\ncondition: s").replaceAll("constructed", "second");

/** Problems as `file:line kind reason`; the good rule beside them must run whatever they are. */
function problemsOf(text: string): string[] {
  const files = [
    { file: "bad.yml", text },
    { file: "good.yml", text: GOOD },
    { file: "second.yml", text: second },
  ];
  const library = loadRules(files, {}, { knownFields: new Set(["A", "B"]) });
  expect(library.rules.map(({ id }) => id)).toEqual(expect.arrayContaining(["good", "second"]));
  expect(new RuleSet(library.rules).match(fieldsOf({ A: 1 })).map(({ id }) => id)).toContain("good");
  return library.problems.map(({ file, line, kind, reason }) => `${file}:${line} ${kind} ${reason.slice(0, 60)}`);
}

describe("a bad rule file is told of with its place, and the others run", () => {
  it.each([
    ["no YAML", "title: [\n  }{", /^bad\.yml:\d+ error /],
    ["binary", "\u0000\u0001\u0002PNG\r\n", /^bad\.yml:\d+ error /],
    ["a key twice", rule("s:\n  A: 1\n  A: 2\ncondition: s"), /^bad\.yml:9 error /],
    ["an unknown field", rule("s:\n  Imaeg: x\ncondition: s"), /^bad\.yml:8 skip no record has the field Imaeg/],
    ["an unknown modifier", rule("s:\n  A|soundslike: x\ncondition: s"), /^bad\.yml:8 skip .*soundslike/],
    ["a regular expression that is none", rule("s:\n  A|re: '(a'\ncondition: s"), /^bad\.yml:8 error regular/],
    ["a correlation of itself", correlation("c", "good, c"), /^bad\.yml:5 error c leads back to this correlation/],
    [
      "an absence that nobody knows",
      correlation("c", "good, second", "sealbar: {absent: x, within: 1s}"),
      /^bad\.yml:7 error absent/,
    ],
  ])("%s", (_, text, told) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(told);
  });

  it("a ring of correlations: each is told of", () => {
    const ring = [correlation("c", "good, d"), correlation("d", "second, e"), correlation("e", "good, c")].join(
      "---\n",
    );
    expect(problemsOf(ring)).toEqual([
      "bad.yml:5 error d leads back to this correlation",
      "bad.yml:12 error e leads back to this correlation",
      "bad.yml:19 error c leads back to this correlation",
    ]);
    const outside = correlation("f", "good, c");
    expect(problemsOf(`${ring}---\n${outside}`)).toContain("bad.yml:26 skip c is a correlation itself: not supported");
  });

  it("correlations that wait for each other: each is told of", () => {
    const ring = ["c", "d"].map((id, i) => correlation(id, "good, second", `sealbar: {unless: ${["d", "c"][i]}}\n`));
    expect(problemsOf(ring.join("---\n"))).toEqual([
      "bad.yml:7 error unless: d waits for another one itself",
      "bad.yml:15 error unless: c waits for another one itself",
    ]);
  });

  it("a value of ten megabytes", () => {
    const problems = problemsOf(rule(`s:\n  A: '${"x".repeat(10_000_000)}'\ncondition: s`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^bad\.yml:\d+ error /);
  });
});

describe("a text of ten megabytes in a record", () => {
  it("costs a pass, whatever the expression", () => {
    const detection =
      "s:\n  A|re: '(a+)+$'\nt:\n  A|contains: 'aab*b*b*c'\nu:\n  A|re: '(?:a|aa)+b'\ncondition: 1 of *";
    const { rules, problems } = loadRules([{ file: "hostile.yml", text: rule(detection) }], {});
    expect(problems).toEqual([]);
    const text = `${"a".repeat(10_000_000)}!`;
    const started = performance.now();
    expect(new RuleSet(rules).match(fieldsOf({ A: text }))).toEqual([]);
    // A backtracking engine would need longer than the universe has; this machine may be busy.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
