import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Logger, silentLogger } from "#core/base/logger.ts";
import { DEFAULT_APP_SETTINGS } from "#contract/settings.ts";
import { JsonFile } from "./json-file.ts";
import { Settings, SettingsFile } from "./settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sealbar-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = () => path.join(folder, "data", "settings.json");
const file = (log: Logger = silentLogger, at = place()) => new JsonFile(at, SettingsFile, SettingsFile.parse({}), log);

describe("the settings file", () => {
  it("has the contract's defaults while there is none, and says nothing about it", () => {
    const warnings: string[] = [];
    expect(file({ ...silentLogger, warn: (line) => void warnings.push(line) }).readSync()).toEqual(
      DEFAULT_APP_SETTINGS,
    );
    expect(warnings).toEqual([]);
  });

  it.each(["", "{", "null", "[]", '{"theme":"purple"}', '{"launchAtLogin":"yes"}', "\0\0\0"])(
    "falls back to the defaults for %j and logs it",
    (text) => {
      const at = path.join(folder, "bad.json");
      writeFileSync(at, text);
      const warnings: string[] = [];
      const log = { ...silentLogger, warn: (line: string) => void warnings.push(line) };
      expect(file(log, at).readSync()).toEqual(DEFAULT_APP_SETTINGS);
      expect(warnings).toHaveLength(1);
    },
  );

  it("keeps what an older or newer version wrote as far as it is known", () => {
    const at = path.join(folder, "other.json");
    writeFileSync(at, '{"theme":"dark","fromTheFuture":true}');
    expect(file(silentLogger, at).readSync()).toEqual({ ...DEFAULT_APP_SETTINGS, theme: "dark" });
  });

  it("is replaced as a whole, in order, and leaves no draft", async () => {
    const settings = file();
    await Promise.all([
      settings.write({ ...DEFAULT_APP_SETTINGS, launchAtLogin: true }),
      settings.write({ launchAtLogin: false, theme: "light", onboardingDone: true }),
    ]);
    expect(JSON.parse(readFileSync(place(), "utf8"))).toEqual({
      launchAtLogin: false,
      theme: "light",
      onboardingDone: true,
    });
    expect(readdirSync(path.dirname(place()))).toEqual(["settings.json"]);
  });

  it("can still be written after a write that failed", async () => {
    writeFileSync(path.join(folder, "data"), "a file where the folder should be");
    const settings = file();
    await expect(settings.write(DEFAULT_APP_SETTINGS)).rejects.toThrow(/EEXIST|ENOTDIR/);
    rmSync(path.join(folder, "data"));
    await settings.write(DEFAULT_APP_SETTINGS);
    await settings.idle();
    expect(readdirSync(path.dirname(place()))).toEqual(["settings.json"]);
  });
});

describe("Settings", () => {
  function settings(write: () => Promise<void> = async () => undefined) {
    const calls: unknown[] = [];
    const made = new Settings({
      file: { readSync: () => DEFAULT_APP_SETTINGS, write },
      setLaunchAtLogin: (on) => calls.push(["login", on]),
      setTheme: (theme) => calls.push(["theme", theme]),
    });
    return { made, calls };
  }

  it("applies the theme at once and leaves the login item alone", () => {
    expect(settings().calls).toEqual([["theme", "system"]]);
  });

  it("touches the login item only when the choice changes", async () => {
    const { made, calls } = settings();
    await made.change({ theme: "dark" });
    await made.change({ launchAtLogin: false });
    await made.change({ launchAtLogin: true });
    await made.change({ launchAtLogin: true });
    expect(calls).toEqual([
      ["theme", "system"],
      ["theme", "dark"],
      ["login", true],
    ]);
  });

  it("loses no change that is made while another is being stored", async () => {
    const { made } = settings();
    await Promise.all([
      made.change({ theme: "dark" }),
      made.change({ launchAtLogin: true }),
      made.change({ onboardingDone: true }),
    ]);
    expect(made.current).toEqual({ theme: "dark", launchAtLogin: true, onboardingDone: true });
  });

  it("changes nothing that could not be stored, and goes on", async () => {
    let fail = true;
    const { made, calls } = settings(() => (fail ? Promise.reject(new Error("read-only")) : Promise.resolve()));
    await expect(made.change({ launchAtLogin: true })).rejects.toThrow("read-only");
    expect(made.current).toEqual(DEFAULT_APP_SETTINGS);
    expect(calls).toEqual([["theme", "system"]]);
    fail = false;
    await made.change({ launchAtLogin: true });
    expect(made.current.launchAtLogin).toBe(true);
  });
});
