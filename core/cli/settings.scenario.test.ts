import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "#tools/test/run-cli.ts";
import { dataFolder, settingsPath } from "./data-folder.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealbar-cli-settings-"));
  file = join(folder, "monitor-settings.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = (...args: string[]) => runCli("settings", ...args, "--file", file);

describe("sealbar settings", () => {
  it("shows the defaults of MITRE's mutable elements", () => {
    const { code, stdout } = settings("get");
    expect(code).toBe(0);
    expect(stdout).toContain("TimeWindow.an0644Seconds = 600\n");
    expect(stdout).toContain("DeveloperIDAllowList = []\n");
    expect(JSON.parse(settings("get", "--json").stdout)).toMatchObject({ AllowedUsers: [], rules: { folders: [] } });
  });

  it("sets a number, a word and a list, and says what is now so", () => {
    expect(settings("set", "TimeWindow.an0644Seconds", "60").stdout).toBe("TimeWindow.an0644Seconds = 60\n");
    expect(settings("set", "rules.minimumLevel", "high").stdout).toBe("rules.minimumLevel = high\n");
    expect(settings("set", "AllowedUsers", "ana, ben").stdout).toBe('AllowedUsers = ["ana","ben"]\n');
    expect(settings("set", "DeveloperIDAllowList", '["7QXW3N5R2K"]').code).toBe(0);
    expect(settings("get", "AllowedUsers", "--json").stdout).toBe('["ana","ben"]\n');
    expect(settings("get", "TimeWindow.an0644Seconds").stdout).toBe("60\n");
    expect(settings("set", "AllowedUsers", "").stdout).toBe("AllowedUsers = []\n");
    expect(settings("reset", "TimeWindow.an0644Seconds").stdout).toBe("TimeWindow.an0644Seconds = 600\n");
  });

  it.each([
    [["set", "TimeWindow.an0644Seconds", "1"], /TimeWindow\.an0644Seconds/],
    [["set", "DeveloperIDAllowList", "Ana Ltd"], /must be a team id/],
    [["set", "rules.minimumLevel", "huge"], /rules\.minimumLevel/],
    [["get", "TimeWindows"], /no setting TimeWindows\. There are: .*PolicyPaths/],
    [["get", "__proto__"], /no setting __proto__/],
    [["set", "AllowedUsers"], /Usage/],
    [["frobnicate"], /Usage/],
  ])("%j: one clear sentence, and nothing is changed", (args, sentence) => {
    const run = settings(...args);
    expect(run.code).toBe(64);
    expect(run.stderr).toMatch(sentence);
    expect(run.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(settings("get", "AllowedUsers").stdout).toBe("[]\n");
  });

  it("says that a file cannot be used", () => {
    writeFileSync(file, "{");
    expect(settings("get")).toMatchObject({ code: 66, stdout: "" });
  });
});

describe("dataFolder", () => {
  it("is where the app has them", () => {
    const mac = dataFolder("darwin", {}, "/Users/ana");
    expect(mac).toBe("/Users/ana/Library/Application Support/Sealbar/monitor");
    expect(settingsPath(mac)).toBe(`${mac}/monitor-settings.json`);
    expect(dataFolder("linux", {}, "/home/ana")).toBe("/home/ana/.config/Sealbar/monitor");
    expect(dataFolder("linux", { XDG_CONFIG_HOME: "/etc/ana" }, "/home/ana")).toBe("/etc/ana/Sealbar/monitor");
  });
});
