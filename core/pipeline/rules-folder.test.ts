import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { loadRuleFolders, OUR_RULES, ruleStates } from "./rules-folder.ts";

const SIGMA = join(import.meta.dirname, "../../../shared/samples/sigma-macos");

function check(detection: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "sealbar-rules-"));
  try {
    const text = `title: Constructed\nid: constructed\nlogsource: {product: macos}\ndetection:\n  s:\n    ${detection}\n  condition: s\n`;
    writeFileSync(join(folder, "one.yml"), text);
    const { rules, problems } = loadRuleFolders([folder], DEFAULT_MONITOR_SETTINGS);
    expect(rules).toHaveLength(problems.length === 0 ? 1 : 0);
    return problems.map(({ file, line, kind, reason }) => `${file}:${line}: ${kind}: ${reason}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the fields that records have", () => {
  it.each([
    ["Imaeg|endswith: /x", "Imaeg"],
    ["Hashes|contains: x", "Hashes"],
    ["commandline: x", "commandline"],
  ])("a rule that asks for another is skipped: %s", (item, field) => {
    expect(check(item)).toEqual([`one.yml:6: skip: no record has the field ${field}`]);
  });

  it.each([
    "Image",
    "OriginalFileName",
    "CommandLine",
    "ParentImage",
    "ParentCommandLine",
    "TargetFilename",
    "User",
    "esf.event_type",
    "event.action",
    "subsystem",
    "message",
  ])("public rules ask for %s", (field) => {
    expect(check(`${field}: x`)).toEqual([]);
  });

  it("all rules of ours run", () => {
    expect(loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS).problems).toEqual([]);
  });

  it.skipIf(!existsSync(SIGMA))("all of SigmaHQ's rules for macOS run", () => {
    const { problems, rules, found } = loadRuleFolders([SIGMA], DEFAULT_MONITOR_SETTINGS);
    expect(problems).toEqual([]);
    expect(rules).toHaveLength(found);
  });
});

describe("what the owner chose", () => {
  const rule = (id: string, level: string) =>
    `title: ${id}\nid: ${id}\nlogsource: {product: macos}\ndetection: {s: {Image: /${id}}, condition: s}\nlevel: ${level}\n`;
  const SHIPPED = [
    rule("base", "informational"),
    rule("alone", "low"),
    "title: Joined\nid: joined\ncorrelation: {type: temporal, rules: [base, alone], timespan: 1m, generate: true}\nlevel: high\ntags: [behaviour.g1]\n",
  ].join("---\n");
  const OWN = [
    rule("own_info", "informational"),
    rule("own_low", "low"),
    rule("own_high", "high"),
    "title: Of low ones\nid: own_joined\ncorrelation: {type: event_count, rules: [own_info], timespan: 1m, condition: {gte: 9}}\nlevel: high\n",
  ].join("---\n");

  function load(rules: Partial<typeof DEFAULT_MONITOR_SETTINGS.rules>) {
    const shipped = mkdtempSync(join(tmpdir(), "sealbar-shipped-"));
    const own = mkdtempSync(join(tmpdir(), "sealbar-own-"));
    try {
      writeFileSync(join(shipped, "ours.yml"), SHIPPED);
      writeFileSync(join(own, "own.yml"), OWN);
      const settings = { ...DEFAULT_MONITOR_SETTINGS.rules, folders: [own, "/nowhere/at all"], ...rules };
      const library = loadRuleFolders([shipped], { ...DEFAULT_MONITOR_SETTINGS, rules: settings });
      const states = Object.fromEntries(ruleStates(library).map(({ id, state }) => [id, state]));
      const speaking = library.rules.filter((one) => one.raisesFindings).map(({ id }) => id);
      return { library, states, speaking, own };
    } finally {
      rmSync(shipped, { recursive: true });
      rmSync(own, { recursive: true });
    }
  }

  it("the minimum level is for the owner's folders, and leaves a correlation its base rules", () => {
    const { library, states, speaking } = load({ minimumLevel: "medium" });
    expect(states).toEqual({
      base: "on",
      alone: "on",
      joined: "on",
      own_info: "below-level",
      own_low: "below-level",
      own_high: "on",
      own_joined: "on",
    });
    expect(library.rules.map(({ id }) => id)).toEqual(["base", "alone", "own_info", "own_high"]);
    expect(speaking).toEqual(["base", "alone", "own_high"]);
  });

  it("what is disabled does not run, nor a correlation that needs it; what that silences stays silent", () => {
    const { library, states, speaking } = load({ disabled: ["joined", "own_info", "nobody"] });
    expect(states).toMatchObject({ joined: "off", base: "on", own_info: "off", own_joined: "off" });
    expect(library.correlations).toEqual([]);
    expect(speaking).toEqual(["base", "alone", "own_low", "own_high"]);
    expect(load({ disabled: ["own_joined"] }).speaking).not.toContain("own_info");
  });

  it("Settings learns which are ours, by file and line", () => {
    const { library, own } = load({});
    const states = ruleStates(library);
    expect(states.find(({ id }) => id === "joined")).toEqual({
      id: "joined",
      title: "Joined",
      level: "high",
      kind: "correlation",
      ours: true,
      file: "ours.yml",
      behaviours: ["G1"],
      state: "on",
    });
    expect(states.find(({ id }) => id === "own_low")).toMatchObject({ ours: false, file: join(own, "own.yml") });
  });

  it("a folder that is gone is told of, and the others run", () => {
    const { library } = load({});
    expect(library.problems).toMatchObject([{ file: "/nowhere/at all", kind: "error" }]);
    expect(library.problems[0]?.reason).toMatch(/^the folder cannot be read: /);
    expect(library.rules.length).toBeGreaterThan(3);
  });
});
