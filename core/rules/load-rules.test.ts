import { describe, expect, it } from "vitest";
import { loadRules } from "./load-rules.ts";
import { seededRandom } from "#core/base/seeded-random.ts";
import { loadText, pick, ruleText } from "./test-support.ts";

const GOOD = ruleText("s:\n  A: 1\ncondition: s");

function reasons(text: string): string[] {
  return loadText(text).problems.map(({ line, kind, reason }) => `${line} ${kind}: ${reason}`);
}

describe("loading rules", () => {
  it("reads the header", () => {
    const [rule] = loadText(
      `${GOOD}name: base_rule\nstatus: test\ndescription: |\n  Words.\ntags: [attack.t1553.002, analytic.an0644, behaviour.g1, attack.execution]\nfalsepositives: [none]\nreferences: ["https://example.org"]\n`,
    ).rules;
    expect(rule).toMatchObject({
      id: "constructed",
      name: "base_rule",
      level: "low",
      behaviours: ["G1"],
      analytics: ["AN0644"],
      techniques: ["T1553.002"],
      falsePositives: ["none"],
      description: "Words.",
      role: "Constructed",
      line: 1,
      raisesFindings: true,
      groupFields: expect.arrayContaining([["CDHash"]]),
    });
  });

  it("calls informational info, and what states no level medium", () => {
    expect(loadText(GOOD.replace("low", "informational")).rules[0]?.level).toBe("info");
    expect(loadText(GOOD.replace("level: low", "")).rules[0]?.level).toBe("medium");
  });

  it("finds every error of a rule at once, each in its line", () => {
    const text = GOOD.replace("level: low", "level: loud\nstatus: odd\ntags: {a: 1}").replace(
      "    A: 1",
      "    A|contains|startswith: 1\n    B|re: '('\n    C|gt: x\n  t: []",
    );
    expect(reasons(text)).toEqual([
      "8 error: A|contains|startswith: contains and startswith exclude each other",
      "9 error: regular expression: an opening parenthesis has no closing one",
      "10 error: |gt takes a number",
      '11 error: the condition never uses the selection "t"',
      "11 error: an empty selection matches nothing",
      '13 error: level is "loud"; it must be one of informational, low, medium, high, critical',
      '14 error: status is "odd"; it must be one of stable, test, experimental, deprecated, unsupported',
      "15 error: tags must hold texts",
    ]);
  });

  it.each([
    ["A|base64: x", "A|base64: the modifier |base64 is not supported"],
    ["A|cidr: 10.0.0.0/8", "A|cidr: the modifier |cidr is not supported"],
    ["A|re: (?=x)", "regular expression: look-around, atomic and conditional groups cannot run in linear time"],
    ["A|expand: '%Nobody%'", "no setting is named %Nobody%"],
  ])("skips what it cannot run: %s", (item, reason) => {
    expect(loadText(GOOD.replace("A: 1", item)).problems).toMatchObject([{ line: 8, kind: "skip", reason }]);
  });

  it.each([
    ["condition: s", "condition: s | count() > 5", "skip", "aggregation"],
    ["condition: s", "condition: 2 of them", "skip", '"2 of"'],
    ["product: macos", "product: windows", "skip", "the product windows"],
    ["category: process_creation", "category: dns_query", "skip", "category dns_query"],
    ["category: process_creation", "service: auditd", "skip", "service auditd"],
    ["level: low", "status: unsupported", "skip", "unsupported"],
    ["condition: s", "condition: t", "error", 'no selection is named "t"'],
    ["condition: s", "condition: 1 of t_*", "error", 'no selection is named "t_*"'],
    ["condition: s", "condition: (s", "error", "not closed"],
    ["condition: s", "condition: s s", "error", '"s" is not expected here'],
    ["condition: s", "condition: s and", "error", "ends too early"],
    ["condition: s", "condition: and s", "error", '"and" is not expected'],
    ["condition: s", "u:\n    B: 1\n  condition: s", "error", 'never uses the selection "u"'],
    ["  condition: s\n", "", "error", "lacks a condition"],
    ["title: Constructed\n", "", "error", "title is missing"],
    ["A: 1", "A: 1\n    A: 2", "error", 'the key "A" stands here twice'],
    ["A: 1", "A: {b: 1}", "error", "a plain value or a list"],
    ["A: 1", "A: []", "error", "empty list"],
    ["A: 1", "A|contains|all: x", "error", "|all needs a list"],
    ["A: 1", "A|exists: 1", "error", "|exists takes true or false"],
    ["detection:", "detektion:", "error", "neither a detection nor a correlation"],
  ])("%s -> %s is a located %s", (from, to, kind, words) => {
    const { problems, rules } = loadText(GOOD.replace(from, to));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: "constructed.yml", kind, line: expect.any(Number) });
    expect(problems[0]?.reason).toContain(words);
    expect(rules).toEqual([]);
  });

  it("lets one bad rule hide no other, in one file or in several", () => {
    const bad = ruleText("s:\n  A|wide: 1\ncondition: s").replaceAll("constructed", "bad");
    const other = GOOD.replaceAll("constructed", "other");
    const library = loadRules(
      [
        { file: "a.yml", text: `${bad}---\n${GOOD}` },
        { file: "b.yml", text: "a: [" },
        { file: "c.yml", text: other },
      ],
      {},
    );
    expect(library.rules.map((rule) => rule.id)).toEqual(["constructed", "other"]);
    expect(library.problems.map(({ file, kind }) => [file, kind])).toEqual([
      ["a.yml", "skip"],
      ["b.yml", "error"],
    ]);
  });

  describe("given the names of the fields that there are", () => {
    const knownFields = new Set(["A", "CommandLine"]);
    const load = (text: string) => loadRules([{ file: "constructed.yml", text }], {}, { knownFields });
    const other = GOOD.replaceAll("constructed", "other");
    const joined = (more: string, last = "") =>
      `${GOOD}---\n${other}---\ntitle: C\nid: c\ncorrelation:\n  rules: [constructed, other]\n  timespan: 5m\n${more}${last}`;
    const temporal = "  type: temporal\n";

    it.each([
      ["an item", GOOD.replace("A: 1", "A: 1\n    Imaeg|endswith: /x"), "9: no record has the field Imaeg"],
      ["an alternative", GOOD.replace("A: 1", "- A: 1\n    - Hashes|contains: x"), "9: no record has the field Hashes"],
      ["the other case", GOOD.replace("A: 1", "a: 1"), "8: no record has the field a"],
      ["asks whether it exists", GOOD.replace("A: 1", "B|exists: false"), "8: no record has the field B"],
      ["a reference", GOOD.replace("A: 1", "A|fieldref: B"), "8: no record has the field B"],
      ["a subject", `${GOOD}sealbar: {subject: [A, [A, B]]}`, "11: no record has the field B"],
      ["a group", joined(`${temporal}  group-by: [A, B]\n`), "29: no record has the field B"],
      [
        "an alias",
        joined(`${temporal}  group-by: [x]\n  aliases: {x: {constructed: A, other: B}}\n`),
        "29: no record has the field B",
      ],
      ["another group", joined(temporal, "sealbar: {group-by-else: [[B]]}\n"), "no record has the field B"],
      ["a count", joined("  type: value_count\n  condition: {gte: 2, field: B}\n"), "no record has the field B"],
    ])("skips a rule that asks for one that no record has: %s", (_, text, said) => {
      const { problems, rules, correlations } = load(text);
      expect(problems.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([expect.stringContaining(said)]);
      expect(problems[0]?.kind).toBe("skip");
      const sound = text.includes("correlation:") ? ["constructed", "other"] : [];
      expect([...rules, ...correlations].map(({ id }) => id)).toEqual(sound);
      expect(loadText(text).problems).toEqual([]);
    });

    it("runs all others, keywords and settings' fields too", () => {
      expect(load(GOOD).problems).toEqual([]);
      expect(load(GOOD.replace("A: 1", "- x")).problems).toEqual([]);
      expect(load(`${GOOD}sealbar: {subject: [[]]}`).problems).toEqual([]);
      const aliased = joined(`${temporal}  group-by: [x]\n  aliases: {x: {constructed: A, other: CommandLine}}\n`);
      expect(load(aliased)).toMatchObject({ problems: [], correlations: [{ id: "c" }] });
    });

    it("shows a hostile name cut short", () => {
      const [problem] = load(GOOD.replace("A: 1", `${"x".repeat(5_000)}: 1`)).problems;
      expect(problem?.reason.length).toBeLessThan(120);
    });
  });

  it("refuses an id that is taken", () => {
    expect(loadText(`${GOOD}---\n${GOOD}`).problems).toMatchObject([{ kind: "error", line: 13 }]);
  });

  it("survives YAML bombs", () => {
    const laughs = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [name, of] of ["ba", "cb", "dc", "ed", "fe", "gf", "hg"]) {
      laughs.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(", ")}]`);
    }
    for (const text of [
      laughs.join("\n"),
      "&a [*a]",
      "a: &a {b: *a}",
      "[".repeat(10_000),
      "- ".repeat(10_000),
      "a: {".repeat(2_000),
      Array.from({ length: 10_001 }, (_, i) => `k${i}: 1`).join("\n"),
      "x".repeat(300_000),
      "",
      "---\n---\n",
      "%YAML 9.9\n---\na: !!binary aaaa",
      "? {a: b}\n: c",
      "a: *nobody",
    ]) {
      expect(loadText(text).rules).toEqual([]);
    }
  });

  it.each([
    ["[".repeat(10_000), "1: nested deeper than 24 levels"],
    ["- ".repeat(10_000), "1: nested deeper than 24 levels"],
    ["a: {".repeat(2_000), "1: nested deeper than 24 levels"],
    [`a: &a [x]\nb: [${Array.from({ length: 400 }, () => "*a").join(", ")}]`, "2: more than 100 aliases"],
    [`a: [${Array.from({ length: 60 }, () => "{? [x] : 1}").join(", ")}]`, "1: a key must be a plain text"],
  ])("says once and in its own words what is too much: %.20s", (text, said) => {
    expect(loadText(text).problems.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([said]);
  });

  it("never throws, however a rule is mutilated", () => {
    const random = seededRandom(11);
    const pieces = [
      "|",
      "*",
      "&a",
      "*a",
      ": ",
      "\n",
      "  ",
      "- ",
      "[",
      "{",
      "'",
      "\0",
      "\ud800",
      "not ",
      "1 of ",
      "#",
      "---\n",
      "re",
    ];
    const correlation = `title: C\nid: c\ncorrelation:\n  type: event_count\n  rules: [constructed]\n  group-by: [A]\n  timespan: 1m\n  condition: {gte: 2}\n`;
    const whole = `${GOOD}---\n${correlation}`;
    for (let round = 0; round < 200; round++) {
      let text = whole;
      for (let cut = 0; cut <= round % 4; cut++) {
        const at = Math.floor(random() * text.length);
        text = text.slice(0, at) + pick(random, pieces) + text.slice(at + Math.floor(random() * 3));
      }
      const library = loadText(text);
      expect(library.rules.length + library.correlations.length + library.problems.length).toBeGreaterThan(0);
    }
  });
});

describe("loading correlations", () => {
  const correlation = (body: string, more = "") =>
    `${GOOD}---\n${GOOD.replaceAll("constructed", "second")}---\ntitle: C\nid: c\ncorrelation:\n${body
      .split("\n")
      .map((line) => `  ${line}`)
      .join("\n")}\n${more}`;
  const TEMPORAL = "type: temporal\nrules: [constructed, second]\ntimespan: 5m";

  it("silences the base rules, as Sigma's generate says", () => {
    const speaking = (more: string, sealbar = "") =>
      loadText(correlation(TEMPORAL + more, sealbar)).rules.map((rule) => rule.raisesFindings);
    expect(speaking("")).toEqual([false, false]);
    expect(speaking("\ngenerate: true")).toEqual([true, true]);
    expect(speaking("", "sealbar: {generate-rules: [second]}")).toEqual([false, true]);
  });

  it.each([
    [TEMPORAL.replace("temporal", "value_sum"), "", "skip", "value_sum is not supported"],
    [TEMPORAL.replace("temporal", "odd"), "", "error", "type is"],
    [TEMPORAL.replace("5m", "5 minutes"), "", "error", "no time such as"],
    [TEMPORAL.replace("second", "nobody"), "", "error", "no runnable rule has the name or id nobody"],
    [TEMPORAL.replace(", second", ""), "", "error", "at least two rules"],
    [`${TEMPORAL}\ncondition: {gte: 1}`, "", "skip", "a condition on temporal"],
    [TEMPORAL.replace("temporal", "event_count"), "", "error", "needs a condition"],
    [`${TEMPORAL.replace("temporal", "value_count")}\ncondition: {gte: 1}`, "", "error", "needs a field"],
    [`${TEMPORAL.replace("temporal", "event_count")}\ncondition: {gte: 100000}`, "", "error", "up to"],
    [`${TEMPORAL}\naliases: {x: {constructed: A}}`, "", "error", "the alias x is not in group-by"],
    [`${TEMPORAL}\ngroup-by: [x]\naliases: {x: {nobody: A}}`, "", "error", "names no rule of this one"],
    [TEMPORAL, "sealbar: {absent: third}", "error", "within is missing"],
    [TEMPORAL, "sealbar: {within: 5s}", "error", "`within` belongs to `absent`"],
    [TEMPORAL, "sealbar: {absent: nobody, within: 5s}", "error", "absent: no runnable rule has the name or id nobody"],
    [TEMPORAL, "sealbar: {absent: second, within: 5s}", "error", "absent: it is one of the rules that must match"],
    [TEMPORAL, "sealbar: {absent: nobody, within: 2h}", "error", "an hour at most"],
    [TEMPORAL, "sealbar: {absent: nobody, within: soon}", "error", "no time such as"],
    [TEMPORAL, "sealbar: {window: an0644}", "error", "`window` takes the place of `timespan`"],
    [TEMPORAL.replace("timespan: 5m", ""), "sealbar: {window: an0644}", "skip", "the time windows of the settings"],
    [
      TEMPORAL.replace("timespan: 5m", ""),
      "sealbar: {window: an0001}",
      "error",
      "must be one of an0644, an1447, intent",
    ],
    [TEMPORAL, "sealbar: {unless: c}", "error", "a correlation cannot wait for itself"],
    [TEMPORAL, "sealbar: {boots: many}", "error", "boots is a whole number"],
    [TEMPORAL, "sealbar: {unless: nobody}", "error", "unless: no runnable correlation"],
    [TEMPORAL, "sealbar: {odd: 1}", "error", "sealbar has no key"],
    [TEMPORAL.replace("second", "c"), "", "error", "c leads back to this correlation"],
  ])("%s %s: a located %s", (body, more, kind, words) => {
    const { problems, correlations } = loadText(correlation(body, more));
    expect(problems).toMatchObject([{ kind, line: expect.any(Number) }]);
    expect(problems[0]?.reason).toContain(words);
    expect(correlations).toEqual([]);
  });

  it("takes time windows from the settings", () => {
    const windows = { an0644: 600, an1447: 3_000, intent: 30_000, intentBoots: 10 };
    const load = (sealbar: string) => {
      const text = correlation(TEMPORAL.replace("timespan: 5m", ""), sealbar);
      const { correlations, problems } = loadRules([{ file: "constructed.yml", text }], {}, { windows });
      expect(problems).toEqual([]);
      const [{ timespan, uptime, boots } = { timespan: 0 }] = correlations;
      return { timespan, uptime, boots };
    };
    expect(load("sealbar: {window: an0644}")).toEqual({ timespan: 600, uptime: null, boots: null });
    expect(load("sealbar: {window: intent}")).toEqual({ timespan: 30_000, uptime: null, boots: 10 });
    expect(load("sealbar: {window: an1447}")).toEqual({ timespan: 30_000, uptime: 3_000, boots: 10 });
    expect(load("sealbar: {window: an1447, boots: 1}")).toEqual({ timespan: 30_000, uptime: 3_000, boots: 1 });
  });

  it("reads what must be absent, and silences it like the other base rules", () => {
    const absent = (body: string, sealbar: string) => {
      const third = `${GOOD.replaceAll("constructed", "third")}---\n`;
      const { correlations, problems, rules } = loadText(`${third}${correlation(body, sealbar)}`);
      expect(problems).toEqual([]);
      const speaking = rules
        .filter((rule) => rule.raisesFindings)
        .map(({ id }) => id)
        .toSorted();
      const [{ absent: found, timespan } = { absent: null, timespan: 0 }] = correlations;
      return { rule: found?.rule.id, within: found?.within, timespan, speaking };
    };
    const told = { rule: "third", within: 5_000_000 };
    expect(absent(TEMPORAL, "sealbar: {absent: third, within: 5s}")).toEqual({
      ...told,
      timespan: 300_000_000,
      speaking: [],
    });
    const one = "type: temporal_ordered\nrules: [constructed]";
    expect(absent(one, "sealbar: {absent: third, within: 5s, generate-rules: [third]}")).toEqual({
      ...told,
      timespan: 5_000_000,
      speaking: ["second", "third"],
    });
  });
});
