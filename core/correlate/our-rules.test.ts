import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadRules } from "#core/rules/load-rules.ts";
import { runExamples } from "./run-examples.ts";

const FOLDER = join(import.meta.dirname, "../../rules");
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yml"));
const library = loadRules(
  files.map((file) => ({ file, text: readFileSync(join(FOLDER, file), "utf8") })),
  {},
);
const everything = [...library.rules, ...library.correlations];

describe("our rules", () => {
  it("all load and run", () => {
    expect(library.problems).toEqual([]);
    expect(everything).toHaveLength(library.found);
  });

  it.each(everything.map((rule) => [`${rule.file}:${rule.line} ${rule.title}`, rule] as const))("%s", (_, rule) => {
    expect(rule.examples.mustFire.length).toBeGreaterThan(0);
    expect(rule.examples.mustNotFire.length).toBeGreaterThan(0);
    expect(rule.falsePositives.length).toBeGreaterThan(0);
    expect(rule.references.length).toBeGreaterThan(0);
    expect(rule.analytics.length).toBeGreaterThan(0);
    expect(rule.techniques.length).toBeGreaterThan(0);
    expect(rule.description).not.toBe("");
    expect(rule.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("cover the first behaviours", () => {
    const covered = new Set(everything.flatMap((rule) => rule.behaviours));
    expect([...covered].toSorted()).toEqual(["G1", "G13", "G17", "G7", "G8", "S1", "S16", "S4", "S7"]);
  });

  it.each(
    runExamples(library).map((result) => {
      return [`${result.rule.title}: ${result.expected}: ${result.example.what}`, result] as const;
    }),
  )("%s", (_, { fired, expected }) => {
    expect(fired).toBe(expected === "must-fire");
  });
});
