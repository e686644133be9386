import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MonitorSettingsFile } from "#contract/monitor-settings.ts";
import { DAY, SECOND } from "#core/base/clock.ts";
import { loadRules } from "#core/rules/load-rules.ts";
import type { RuleWindows } from "#core/rules/windows-setting.ts";
import { runExamples } from "./run-examples.ts";

const FOLDER = join(import.meta.dirname, "../../rules");
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yml"));
const { TimeWindow, PolicyPaths } = MonitorSettingsFile.parse({});
const windows: RuleWindows = {
  an0644: TimeWindow.an0644Seconds * SECOND,
  an1447: TimeWindow.an1447Seconds * SECOND,
  intent: TimeWindow.intentDays * DAY,
  intentBoots: TimeWindow.intentBoots,
};
const load = (changed: Partial<RuleWindows> = {}) =>
  loadRules(
    files.map((file) => ({ file, text: readFileSync(join(FOLDER, file), "utf8") })),
    {
      DeveloperIDAllowList: [],
      AllowedUsers: [],
      PolicyPaths: PolicyPaths.map((path) => path.split("*", 1)[0] ?? path),
    },
    { windows: { ...windows, ...changed } },
  );
const library = load();
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

  it.each(["an0644", "an1447", "intent", "intentBoots"] as const)("the setting %s decides something", (name) => {
    const spans = ({ correlations }: typeof library) =>
      correlations.map(({ name: rule, timespan, uptime, boots }) => [rule, timespan, uptime, boots]);
    expect(spans(load({ [name]: 3 }))).not.toEqual(spans(library));
  });

  it("cover every behaviour of the catalogue", () => {
    const covered = new Set(everything.flatMap((rule) => rule.behaviours));
    const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
    expect([...numbered("G", 24), ...numbered("S", 18)].filter((behaviour) => !covered.has(behaviour))).toEqual([]);
  });

  it.each(
    runExamples(library).map((result) => {
      return [`${result.rule.title}: ${result.expected}: ${result.example.what}`, result] as const;
    }),
  )("%s", (_, { fired, expected }) => {
    expect(fired).toBe(expected === "must-fire");
  });
});
