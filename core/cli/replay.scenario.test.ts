import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { writeCapture } from "#bench/generate.ts";
import { dumpDatabase } from "#tools/test/dump-database.ts";
import { killCliAfter, readJsonLines, runCli } from "#tools/test/run-cli.ts";
import { ROOT } from "#tools/test/step.ts";
import { dataFolder, databasePath } from "./data-folder.ts";

const DEMO = join(ROOT, "assets/demo/demo.sealcap.jsonl");
const SCENARIOS = join(ROOT, "e2e/scenarios");
const folder = mkdtempSync(join(tmpdir(), "sealbar-replay-"));
const scenario = (name: string) => join(SCENARIOS, `${name}.sealcap.jsonl`);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function replay(...args: string[]) {
  const run = runCli("replay", "--json", ...args);
  expect(run.stderr).toBe("");
  expect(run.code).toBe(0);
  return readJsonLines(run.stdout);
}

const behaviours = (findings: { behaviours: string[] }[]) =>
  [...new Set(findings.flatMap((finding) => finding.behaviours))].sort();

describe("the bundled recording", () => {
  it("yields the story's findings, each with an explanation, and nothing for the ordinary part", () => {
    const { findings, summary } = replay(DEMO);
    expect(behaviours(findings)).toEqual(expect.arrayContaining(["G1", "G7", "S1", "S16", "S4"]));
    for (const finding of findings) {
      expect(finding.explanation.length).toBeGreaterThan(60);
      expect(finding.evidence.length).toBeGreaterThan(0);
    }
    const subjects = findings.map((finding) => finding.subject.path ?? "");
    expect(subjects.filter((path) => /Developer\/|\/Xcode|Safari|go-build|node_modules/.test(path))).toEqual([]);
    expect(summary.findings).toBe(findings.length);
    expect(summary.faults).toBe(0);
    expect(summary.events).toBeGreaterThan(200);
  });

  it("tells each story in one notification and the rest in the digest, before the summary", () => {
    const { findings, notifications, digest } = replay(DEMO);
    const keyed = (severities: readonly string[]) =>
      findings.filter(({ severity }) => severities.includes(severity)).map(({ key }) => key);
    const told = notifications.flatMap((notification) => notification.findings);
    expect(told.toSorted()).toEqual(keyed(["high", "critical"]).toSorted());
    expect(new Set(notifications.map(({ tag }) => tag)).size).toBe(notifications.length);
    expect(digest.flatMap((line) => line.findings).toSorted()).toEqual(keyed(["info", "low", "medium"]).toSorted());
    for (const { title, body, at } of notifications) {
      expect(`${title} ${body}`.length).toBeGreaterThan(20);
      expect(at).toMatch(/^2026-11-18T/);
    }
  });

  it("says at the end of the text what the app would have told", () => {
    const shown = runCli("replay", DEMO);
    expect(shown.stdout).toMatch(/The app would have raised \d notifications?\./);
  });

  it("adds no finding and no row when it is read twice into one database", () => {
    const db = join(folder, "twice.db");
    const first = replay("--db", db, DEMO);
    const once = dumpDatabase(db);
    const second = replay("--db", db, DEMO);
    expect(dumpDatabase(db)).toBe(once);
    expect(second.findings).toEqual(first.findings);
    expect({ ...second.summary, ms: 0, duplicates: 0 }).toEqual({ ...first.summary, ms: 0, duplicates: 0 });
  });
});

describe("this Mac's own database", () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each(["as it is named", "by a link"])("takes no capture in: %s", (how) => {
    vi.stubEnv("XDG_CONFIG_HOME", join(folder, "config"));
    vi.stubEnv("HOME", join(folder, "home"));
    const own = databasePath(dataFolder(process.platform, process.env, join(folder, "home")));
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, "");
    const link = join(folder, "link.db");
    if (!existsSync(link)) symlinkSync(own, link);
    const run = runCli("replay", "--db", how === "by a link" ? link : own, DEMO);
    expect(run.code).toBe(64);
    expect(run.stderr).toContain("this Mac's own database");
    expect(readFileSync(own, "utf8")).toBe("");
  });
});

describe("a replay that is killed", () => {
  it("ends in the same database when it is run again, wherever it was killed", async () => {
    const capture = join(folder, "long.sealcap.jsonl");
    await writeCapture(capture, { events: 6_000, seed: 7 });
    const whole = join(folder, "whole.db");
    const output = runCli("replay", "--all", "--db", whole, capture, DEMO).stdout.length;
    const expected = dumpDatabase(whole);
    const db = join(folder, "killed.db");
    let killed = 0;
    for (let point = 1; point <= 10; point += 1) {
      // Spread over the run, from the first printed row to the last but a few.
      if (
        await killCliAfter(
          Math.floor((output * ((point * 37) % 97)) / 100) + 1,
          "replay",
          "--all",
          "--db",
          db,
          capture,
          DEMO,
        )
      )
        killed += 1;
      runCli("replay", "--db", db, capture, DEMO);
      expect(dumpDatabase(db)).toBe(expected);
      for (const suffix of ["", "-wal", "-shm", ".lock"]) rmSync(db + suffix, { force: true });
    }
    expect(killed).toBeGreaterThanOrEqual(8);
  }, 240_000);

  it("does so after many kills in a row", async () => {
    const whole = join(folder, "demo-whole.db");
    runCli("replay", "--db", whole, DEMO);
    const db = join(folder, "demo-killed.db");
    for (let bytes = 1; bytes < 40_000; bytes += 9_000) await killCliAfter(bytes, "replay", "--all", "--db", db, DEMO);
    runCli("replay", "--db", db, DEMO);
    expect(dumpDatabase(db)).toBe(dumpDatabase(whole));
  });
});

describe("one machine's life in several files", () => {
  it("keeps intents and open windows over a restart of the Mac and of the monitor", () => {
    const together = replay(scenario("reboot-part-1"), scenario("reboot-part-2"));
    const db = join(folder, "parts.db");
    replay("--db", db, scenario("reboot-part-1"));
    const apart = replay("--db", db, scenario("reboot-part-2"));
    expect(apart.findings).toEqual(together.findings);
    expect(behaviours(apart.findings)).toEqual(expect.arrayContaining(["S1", "S4"]));
    const joined = apart.findings.find((finding) => finding.behaviours.includes("S4") && finding.evidence.length > 1);
    expect(joined?.explanation).toMatch(/csrutil/);
  });

  it("reads a gzip capture like the plain one", () => {
    const zipped = join(folder, "demo.sealcap.jsonl.gz");
    writeFileSync(zipped, gzipSync(readFileSync(DEMO)));
    const plain = replay(DEMO);
    expect(replay(zipped).findings).toEqual(plain.findings);
  });
});

const BEHAVIOURS = ["g1", "g7", "g8", "g13", "g17", "s1", "s4", "s7", "s16"] as const;

describe("each behaviour's own captures", () => {
  it.each(BEHAVIOURS)("%s fires", (name) => {
    expect(behaviours(replay(scenario(`${name}-fires`)).findings)).toContain(name.toUpperCase());
  });

  it.each(BEHAVIOURS)("%s stays quiet", (name) => {
    const told = replay(scenario(`${name}-quiet`)).findings.filter(({ severity }) => severity !== "info");
    expect(behaviours(told)).not.toContain(name.toUpperCase());
  });

  it("the standard tier, without Endpoint Security, tells the same stories", () => {
    expect(behaviours(replay(scenario("standard-tier-fires")).findings)).toEqual(
      expect.arrayContaining(["G1", "G8", "S16", "S4", "S7"]),
    );
    expect(replay(scenario("standard-tier-quiet")).findings).toEqual([]);
  });

  it("one record with a wrong clock takes neither records nor connections with it", () => {
    const db = join(folder, "clock.db");
    const { findings, summary } = replay("--db", db, scenario("wrong-clock"));
    expect(behaviours(findings)).toContain("G1");
    expect(summary["pruned"]).toBe(0);
  });

  it("what macOS stopped is told as stopped; what it refused and yet let run, as run", () => {
    expect(replay(scenario("g17-stopped")).findings).toMatchObject([
      { severity: "info", behaviours: ["G17"], explanation: expect.stringContaining("stopped by macOS") },
    ]);
    const ran = replay(scenario("g17-refused-and-ran")).findings.find(({ severity }) => severity === "medium");
    expect(ran?.explanation).toContain("refused it (ASP), and it ran on all the same");
  });

  it("an ordinary developer's day yields nothing to look at", () => {
    const { findings, notifications } = replay(scenario("ordinary-developer-day"));
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    expect(notifications).toEqual([]);
  });
});

describe("what is missing or unreadable is counted", () => {
  it("gaps", () => {
    const { gaps } = replay(scenario("gaps")).summary;
    expect(Object.values(gaps).reduce((sum, gap) => sum + gap.lost + gap.shed + gap.unreadable, 0)).toBeGreaterThan(0);
  });

  it("broken lines, unknown frames and a newer helper", () => {
    const { summary } = replay(scenario("broken"));
    expect(summary.faults).toBeGreaterThan(0);
    expect(summary.events).toBeGreaterThan(0);
  });

  it("an old capture without session names, with audit tokens as arrays", () => {
    expect(replay(scenario("old-format")).summary).toMatchObject({ faults: 0 });
  });

  it("hostile text reaches the terminal only in visible form", () => {
    const shown = runCli("replay", "--all", scenario("hostile-strings"));
    expect(shown.code).toBe(0);
    // oxlint-disable-next-line no-control-regex -- the very characters that must not get through
    expect(shown.stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028]/);
  });
});

describe("bad input ends with one clear sentence, exit code 66 and nothing written", () => {
  const cases: [name: string, content: Buffer | null, says: RegExp][] = [
    ["missing.sealcap.jsonl", null, /missing\.sealcap\.jsonl/],
    ["empty.sealcap.jsonl", Buffer.alloc(0), /empty/i],
    ["text.sealcap.jsonl", Buffer.from("hello\nworld\n"), /not a (Sealbar )?capture/i],
    ["zeros.sealcap.jsonl", Buffer.alloc(20 * 1024 * 1024), /not a (Sealbar )?capture/i],
    ["cut.sealcap.jsonl.gz", gzipSync(readFileSync(DEMO)).subarray(0, 5_000), /ends too early/],
  ];
  it.each(cases)("%s", (name, content, says) => {
    const path = join(folder, name);
    if (content !== null) writeFileSync(path, content);
    const db = join(folder, `${name}.db`);
    const run = runCli("replay", "--json", "--db", db, DEMO, path);
    expect(run.code).toBe(66);
    expect(run.stdout).toBe("");
    expect(run.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(run.stderr).toMatch(says);
    expect(() => readFileSync(db)).toThrow(/ENOENT/);
  });

  it("a folder", () => {
    const run = runCli("replay", folder);
    expect([run.code, run.stdout]).toEqual([66, ""]);
  });

  it.each([[], ["--speed", "0", DEMO], ["--nonsense", DEMO]])("wrong usage is 64: %j", (...args) => {
    expect(runCli("replay", ...args.flat()).code).toBe(64);
  });
});
