import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_MONITOR_SETTINGS, rulePlaceholders, settingsOf } from "./monitor-settings.ts";
import { readSettings } from "./read-settings.ts";
import { changeSettingsFile, parseFile, readSettingsFile } from "./settings-file.ts";

const DAY = 86_400_000_000;

const parsed = (text: string) => {
  const result = parseFile(text);
  return result.ok ? { ok: true, settings: settingsOf(result.file) } : result;
};

describe("parseFile", () => {
  it("fills in MITRE's mutable elements with the defaults of the catalogue", () => {
    expect(DEFAULT_MONITOR_SETTINGS).toEqual({
      developerIdAllowList: [],
      allowedUsers: [],
      policyPaths: expect.arrayContaining(["/etc/zshenv", "/Library/Extensions"]) as string[],
      timeWindow: { an0644: 600_000_000, an1447: 3 * DAY, intent: 30 * DAY, intentBoots: 10 },
      rules: { folders: [], minimumLevel: "low", disabled: [] },
      retention: { maxAge: 30 * DAY, maxBytes: 1_000_000_000 },
    });
  });

  it("takes what is set and keeps the rest", () => {
    const result = parsed(
      '{"DeveloperIDAllowList":["7QXW3N5R2K"],"TimeWindow":{"an0644Seconds":60},"retention":{"days":7}}',
    );
    expect(result).toMatchObject({
      ok: true,
      settings: {
        developerIdAllowList: ["7QXW3N5R2K"],
        timeWindow: { an0644: 60_000_000, an1447: 3 * DAY },
        retention: { maxAge: 7 * DAY, maxBytes: 1_000_000_000 },
      },
    });
  });

  it.each([
    ["{", /not valid JSON/],
    ["[]", /The settings: .*\.$/],
    ['{"DeveloperIDAllowList":["Ana"]}', /“DeveloperIDAllowList\.0”: must be a team id/],
    ['{"developerIDAllowList":[]}', /no such setting: developerIDAllowList/],
    ['{"PolicyPaths":["etc"]}', /“PolicyPaths\.0”: must be an absolute path\.$/],
    ['{"TimeWindow":{"an0644Seconds":1}}', /“TimeWindow\.an0644Seconds”/],
    ['{"retention":{"days":-1}}', /“retention\.days”/],
    ['{"__proto__":{"x":1}}', /no such setting|^$/],
  ])("%s: one clear sentence", (text, sentence) => {
    const result = parseFile(text);
    const problems = result.ok ? [""] : result.problems;
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  });

  it("gives rules the lists; a policy path ends before its first star", () => {
    const placeholders = rulePlaceholders(DEFAULT_MONITOR_SETTINGS);
    expect(placeholders.PolicyPaths).toContain("/Library/Preferences/com.apple.security");
    expect(placeholders.DeveloperIDAllowList).toEqual([]);
  });
});

describe("readSettings", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sealbar-settings-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("no file means the defaults, without a complaint", () => {
    expect(readSettings(join(folder, "none.json"))).toEqual({ settings: DEFAULT_MONITOR_SETTINGS, problem: null });
  });

  it("a file that cannot be used means the defaults, and says why", () => {
    const path = join(folder, "settings.json");
    writeFileSync(path, '{"retention":{"days":"many"}}');
    expect(readSettings(path)).toMatchObject({
      settings: DEFAULT_MONITOR_SETTINGS,
      problem: expect.stringContaining("“retention.days”") as string,
    });
    expect(readSettings(folder).problem).toMatch(/cannot be read.*not a file/);
  });

  it("a good file is used", () => {
    const path = join(folder, "settings.json");
    writeFileSync(path, '{"AllowedUsers":["ana"]}');
    expect(readSettings(path)).toMatchObject({ settings: { allowedUsers: ["ana"] }, problem: null });
  });

  it("a change replaces whole settings, keeps the others, and is there after a restart", () => {
    const path = join(folder, "deep/er/settings.json");
    expect(changeSettingsFile(path, { AllowedUsers: ["ana"] })).toMatchObject({ ok: true });
    expect(changeSettingsFile(path, { TimeWindow: { an0644Seconds: 60 } })).toMatchObject({ ok: true });
    expect(readSettingsFile(path)).toMatchObject({
      file: { AllowedUsers: ["ana"], TimeWindow: { an0644Seconds: 60, intentDays: 30 } },
      problem: null,
    });
    expect(readdirSync(join(folder, "deep/er"))).toEqual(["settings.json"]);
  });

  it("a change with a problem changes nothing", () => {
    const path = join(folder, "settings.json");
    changeSettingsFile(path, { AllowedUsers: ["ana"] });
    expect(changeSettingsFile(path, { AllowedUsers: ["ben"], PolicyPaths: ["etc"], other: 1 })).toEqual({
      ok: false,
      problems: [
        expect.stringContaining("“PolicyPaths.0”: must be an absolute path."),
        expect.stringContaining("no such setting: other"),
      ],
    });
    expect(readSettingsFile(path).file.AllowedUsers).toEqual(["ana"]);
  });

  it("a change mends a file that could not be used", () => {
    const path = join(folder, "settings.json");
    writeFileSync(path, "{");
    expect(readSettingsFile(path).problem).toMatch(/not valid JSON/);
    changeSettingsFile(path, { AllowedUsers: ["ana"] });
    expect(readSettingsFile(path)).toMatchObject({ file: { AllowedUsers: ["ana"] }, problem: null });
  });
});
