import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { SOURCES, type SourceName } from "#contract/source.ts";
import { BEHAVIOUR_SOURCES, blindBehaviours } from "./behaviour-sources.ts";
import { OUR_RULES, readRuleFolder } from "./rules-folder.ts";

const Rule = z.looseObject({
  name: z.string().optional(),
  tags: z.array(z.string()).optional(),
  logsource: z.looseObject({ category: z.string().optional(), service: z.string().optional() }).optional(),
  detection: z.unknown().optional(),
  correlation: z.looseObject({ rules: z.array(z.string()) }).optional(),
});
type Rule = z.infer<typeof Rule>;

const rules = readRuleFolder(OUR_RULES).files.flatMap(({ text }) =>
  parseAllDocuments(text).map((document) => Rule.parse(document.toJS())),
);

const BY_LOGSOURCE: Readonly<Record<string, readonly SourceName[]>> = {
  process_creation: ["es", "proc"],
  file_event: ["es", "fs"],
  endpointsecurity: ["es"],
  unifiedlog: ["log"],
  posture: ["probe"],
};
/** Where a rule names no category or service, its fields tell what can fire it. */
const BY_FIELD: readonly [RegExp, readonly SourceName[]][] = [
  [/"ToolAction"|"CommandLine/, ["es", "proc"]],
  [/"ExtAttr"|"ChangeType"/, ["es", "fs"]],
  [/"Message/, ["log"]],
  [/"EventType"/, ["es"]],
];

function sourcesOf(rule: Rule): SourceName[] {
  if (rule.correlation !== undefined) {
    const names = rule.correlation.rules;
    return names.flatMap((name) => rules.filter((other) => other.name === name).flatMap(sourcesOf));
  }
  const { category, service } = rule.logsource ?? {};
  const named = BY_LOGSOURCE[service ?? category ?? ""];
  const fields = JSON.stringify(rule.detection);
  const found = named ?? BY_FIELD.flatMap(([field, sources]) => (field.test(fields) ? sources : []));
  // The posture of that moment is on every record, and comes from the probes.
  return fields.includes('"Weakened"') ? [...found, "probe"] : [...found];
}

const behavioursOf = ({ tags = [] }: Rule) =>
  tags.flatMap((tag) => (tag.startsWith("behaviour.") ? [tag.slice("behaviour.".length).toUpperCase()] : []));

describe("which sources a behaviour needs", () => {
  it("is told of every behaviour that a rule finds, and of no other", () => {
    expect(Object.keys(BEHAVIOUR_SOURCES).sort()).toEqual([...new Set(rules.flatMap(behavioursOf))].sort());
  });

  it.each(Object.entries(BEHAVIOUR_SOURCES))("%s is what its rules read", (id, { needs }) => {
    // A correlation makes a finding stronger; what the plain rules see is enough for one.
    const plain = rules.filter((rule) => behavioursOf(rule).includes(id) && rule.correlation === undefined);
    const read = plain.flatMap(sourcesOf);
    // S16 begins with a restart as S4 does, so its rule names both; what S4 itself is, is a posture.
    const expected = id === "S4" ? read.filter((source) => source === "probe") : read;
    expect([...new Set(needs.flat())].sort()).toEqual([...new Set(expected)].sort());
  });

  it("says it in a few words", () => {
    for (const { words } of Object.values(BEHAVIOUR_SOURCES)) expect(words).toMatch(/^[A-Z].{20,80}$/);
  });
});

describe("what is blind", () => {
  const blind = (...seen: SourceName[]) =>
    Object.fromEntries(
      [...blindBehaviours((source) => seen.includes(source))].map(([source, list]) => [
        source,
        list.map(({ id }) => id),
      ]),
    );

  it("is nothing while everything sees, and everything when nothing does", () => {
    expect(Object.values(blind(...SOURCES)).flat()).toEqual([]);
    expect(new Set(Object.values(blind()).flat())).toEqual(new Set(Object.keys(BEHAVIOUR_SOURCES)));
  });

  it("is what no other source sees either", () => {
    expect(blind("log", "fs", "proc", "probe")["es"]).toEqual([
      "G2",
      "G6",
      "G7",
      "G10",
      "G19",
      "G21",
      "G22",
      "S14",
      "S18",
    ]);
    expect(blind("es", "log", "fs", "proc")["probe"]).toEqual(["S4", "S16"]);
    expect(blind("es", "probe", "fs", "proc")["log"]).toEqual(["G6"]);
    expect(blind("log", "probe")["proc"]).toEqual([
      "G1",
      "G3",
      "G4",
      "G5",
      "G9",
      "G11",
      "G12",
      "G13",
      "G14",
      "G15",
      "G17",
      "G18",
      "G20",
      "G22",
      "G23",
      "G24",
      "S2",
      "S13",
      "S16",
      "S17",
    ]);
  });
});
