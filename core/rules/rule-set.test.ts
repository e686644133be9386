import { describe, expect, it } from "vitest";
import type { FieldValue } from "#core/base/fields.ts";
import { fieldsOf } from "./examples.ts";
import { loadRules } from "./load-rules.ts";
import { RuleSet } from "./rule-set.ts";
import { seededRandom } from "#core/base/seeded-random.ts";
import { pick, ruleText } from "./test-support.ts";

const FIELDS = ["A", "B", "C"];
const VALUES = ["x", "/x", "/y/x", "X", "xy", "", "5", "/bin/x", "curl -o", "URL -", "l -o /x", "naïve ΟΔΟΣ", "ΟΔΟΣ"];
const KEYS = ["", "|endswith", "|contains", "|startswith", "|re", "|cased"];

/** A made-up detection with a random shape. */
function randomDetection(random: () => number): string {
  const item = () => {
    const key = pick(random, FIELDS) + pick(random, KEYS);
    const value = key.includes("|re") ? "x$" : pick(random, VALUES);
    return `${key}: ['${value}', '${pick(random, ["*x", "y?", value])}']`;
  };
  const selections = ["s_a", "s_b", "t"].map((name) => `${name}:\n  ${item()}`);
  const condition = pick(random, [
    "1 of s_* and t",
    "all of s_* or t",
    "t and not s_a and not s_b",
    "s_a and (s_b or not t)",
    "1 of them",
    "not all of them",
  ]);
  return `${selections.join("\n")}\ncondition: ${condition}`
    .replaceAll("|re: ['x$', '*x']", "|re: x$")
    .replaceAll("|re: ['x$', 'y?']", "|re: x$");
}

describe("RuleSet", () => {
  it("finds by its index exactly what each rule finds by itself", () => {
    const random = seededRandom(5);
    const texts = Array.from({ length: 120 }, (_, i) => ({
      file: `${i}.yml`,
      text: ruleText(randomDetection(random)).replaceAll("constructed", `r${i}`),
    }));
    const library = loadRules(texts, {});
    expect(library.problems).toEqual([]);
    const set = new RuleSet(library.rules);
    let found = 0;
    for (let round = 0; round < 400; round++) {
      const fields: Record<string, FieldValue> = {};
      for (const field of FIELDS) {
        fields[field] = pick<NonNullable<FieldValue>>(random, [...VALUES, 5, ["x", "/q/x"], []]);
        if (random() < 0.1) fields[field] = null;
      }
      const source = fieldsOf(fields);
      const matched = set.match(source).map((rule) => rule.id);
      expect(matched).toEqual(library.rules.filter((rule) => rule.matches(source)).map((rule) => rule.id));
      found += matched.length;
    }
    expect(found).toBeGreaterThan(1_000);
  });

  it("looks a field up once for each record, however many rules ask", () => {
    const texts = Array.from({ length: 20 }, (_, i) => ({
      file: `${i}.yml`,
      text: ruleText(`s:\n  CommandLine|contains: v${i}\ncondition: s`).replaceAll("constructed", `r${i}`),
    }));
    const asked: string[] = [];
    const set = new RuleSet(loadRules(texts, {}).rules);
    const source = fieldsOf({ CommandLine: "nothing" });
    const counting = {
      ...source,
      get: (field: string) => {
        asked.push(field);
        return source.get(field);
      },
    };
    expect(set.match(counting)).toEqual([]);
    expect(asked).toEqual(["CommandLine"]);
    expect(set.match(fieldsOf({ CommandLine: "v7" })).map((rule) => rule.id)).toEqual(["r7"]);
  });

  it("files by log source; a missing category or service means any", () => {
    const text = (id: string, logsource: string) =>
      ruleText("s:\n  A: 1\ncondition: s")
        .replaceAll("constructed", id)
        .replace("  category: process_creation\n", logsource);
    const library = loadRules(
      [
        { file: "a", text: text("any", "") },
        { file: "b", text: text("es", "  service: endpointsecurity\n") },
        { file: "c", text: text("file", "  category: file_event\n") },
        { file: "d", text: text("both", "  category: file_event\n  service: endpointsecurity\n") },
      ],
      {},
    );
    const set = new RuleSet(library.rules);
    const ids = (category: "file_event" | null, service: "endpointsecurity" | "posture" | null) =>
      set.match(fieldsOf({ A: 1 }, { category, service })).map((rule) => rule.id);
    expect(ids("file_event", "endpointsecurity")).toEqual(["any", "es", "file", "both"]);
    expect(ids("file_event", null)).toEqual(["any", "file"]);
    expect(ids(null, "endpointsecurity")).toEqual(["any", "es"]);
    expect(ids(null, "posture")).toEqual(["any"]);
    expect(ids(null, null)).toEqual(["any"]);
  });
});
