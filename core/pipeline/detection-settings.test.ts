import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MonitorSettingsView } from "#contract/monitor-settings.ts";
import { type Logger, silentLogger } from "#core/base/logger.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { eachFinding } from "#core/store/findings.ts";
import { IN_MEMORY, openStore } from "#core/store/open.ts";
import { LineSplitter } from "#core/wire/line-splitter.ts";
import { SessionReader } from "#core/wire/session-reader.ts";
import { DetectionSettings } from "./detection-settings.ts";
import { logBody, openLive } from "./live.fixture.ts";
import { Monitor } from "./monitor.ts";
import { loadRuleFolders, OUR_RULES } from "./rules-folder.ts";
import { sqliteStore } from "./sqlite-store.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealbar-detection-"));
  path = join(folder, "monitor-settings.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (logger: Logger = silentLogger) => new DetectionSettings(path, OUR_RULES, logger);

const rule = (level: string) => `title: Anything ran
id: 11111111-2222-4333-8444-000000000001
logsource: {product: macos, category: process_creation}
detection: {selection: {Image|exists: true}, condition: selection}
level: ${level}
`;

describe("DetectionSettings", () => {
  it("shows the settings in force, their defaults, and every rule", () => {
    const view = open().view();
    expect(MonitorSettingsView.safeParse(view).success).toBe(true);
    expect(view.problem).toBeNull();
    expect(view.rules.length).toBeGreaterThan(20);
    expect(view.rules.every(({ ours, state }) => ours && state === "on")).toBe(true);
  });

  it("a change is in force at once, and after a restart", () => {
    const detection = open();
    const [first] = detection.view().rules;
    const answer = detection.change({
      DeveloperIDAllowList: ["7QXW3N5R2K"],
      rules: { disabled: [first?.id ?? ""] },
    });
    expect(answer.problems).toEqual([]);
    expect(detection.settings.developerIdAllowList).toEqual(["7QXW3N5R2K"]);
    expect(answer.view.rules.find(({ id }) => id === first?.id)?.state).toBe("off");
    expect(open().view().settings).toEqual(answer.view.settings);
  });

  it("rules of one's own folder run from the level that is set, and a folder that is gone is said", () => {
    const mine = join(folder, "mine");
    mkdirSync(mine);
    writeFileSync(join(mine, "a.yml"), rule("low"));
    const detection = open();
    detection.change({ rules: { folders: [mine, join(folder, "gone")], minimumLevel: "medium" } });
    const view = detection.view();
    expect(view.rules.filter(({ ours }) => !ours)).toMatchObject([{ title: "Anything ran", state: "below-level" }]);
    expect(view.skipped.some(({ reason }) => reason.includes("the folder cannot be read"))).toBe(true);
  });

  it("with a problem nothing is changed, and each is said", () => {
    const detection = open();
    const { problems, view } = detection.change({ AllowedUsers: ["ana"], PolicyPaths: ["etc"] });
    expect(problems).toEqual(["“PolicyPaths.0”: must be an absolute path."]);
    expect(view.settings.AllowedUsers).toEqual([]);
  });

  it("a file that cannot be used is said, and the defaults are in force until a change mends it", () => {
    writeFileSync(path, "{");
    const warnings: string[] = [];
    const detection = open({ ...silentLogger, warn: (text) => warnings.push(text) });
    expect(detection.view().problem).toMatch(/not valid JSON/);
    expect(warnings).toHaveLength(1);
    expect(detection.change({ AllowedUsers: ["ana"] }).view.problem).toBeNull();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ AllowedUsers: ["ana"] });
  });
});

describe("Monitor.reconfigure", () => {
  it("keeps the count of what was given up to stay within bounds", () => {
    const live = openLive();
    const { helper, session, monitor } = live;
    session.start();
    helper.connect();
    helper.hello();
    for (let n = 0; n < 80; n += 1) {
      const message = `     ana : TTY=ttys002 ; PWD=/Users/ana ; USER=root ; COMMAND=/usr/bin/csrutil disable ${n}`;
      const sudo = { processImagePath: "/usr/bin/sudo", senderImagePath: "/usr/bin/sudo" };
      helper.event("log", { ...logBody(helper.at(), message, n + 1), ...sudo });
    }
    live.pass(1);
    const { forgotten } = monitor.coverage();
    expect(forgotten).toBeGreaterThan(0);
    const library = loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS);
    expect(monitor.reconfigure({ library, settings: DEFAULT_MONITOR_SETTINGS })).toBe(true);
    expect(monitor.coverage().forgotten).toBe(forgotten);
  });

  const lines = (name: string) => {
    const splitter = new LineSplitter();
    const reader = new SessionReader({ name });
    const bytes = readFileSync(join(OUR_RULES, "../e2e/scenarios", `${name}.sealcap.jsonl`));
    return [...splitter.push(bytes), ...splitter.end()].flatMap((line) => reader.read(line)).concat(reader.end());
  };

  it("in the middle of a story loses nothing of it", () => {
    const detection = open();
    const run = (between: (monitor: Monitor, n: number) => unknown) => {
      const store = openStore(IN_MEMORY, { clock: { now: () => 0 }, logger: silentLogger });
      const options = { library: detection.library, settings: DEFAULT_MONITOR_SETTINGS, logger: silentLogger };
      const monitor = new Monitor({ ...options, store: sqliteStore(store.db) });
      for (const [n, record] of lines("g1-fires").entries()) {
        monitor.accept(record);
        between(monitor, n);
      }
      monitor.flush();
      return [...eachFinding(store.db)];
    };
    const whole = run(() => undefined);
    const { library } = detection;
    const again = run(
      (monitor, n) => n % 3 === 0 && monitor.reconfigure({ library, settings: DEFAULT_MONITOR_SETTINGS }),
    );
    expect(whole.length).toBeGreaterThan(0);
    expect(again).toEqual(whole);
  });
});
