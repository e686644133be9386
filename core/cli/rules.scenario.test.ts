import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dumpDatabase } from "#tools/test/dump-database.ts";
import { runCli } from "#tools/test/run-cli.ts";
import { ROOT } from "#tools/test/step.ts";

const folder = mkdtempSync(join(tmpdir(), "sealbar-cli-rules-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rule = (id: string, image: string, examples: string) => `title: ${image} ran
id: ${id}
name: ran_${image}
logsource: {product: macos, category: process_creation}
detection:
  selection: {Image|endswith: /${image}}
  condition: selection
level: medium
sealbar:
  examples:
${examples}
`;
const fires = (image: string) =>
  `    must-fire:\n      - what: it runs\n        events:\n          - {category: process_creation, Image: /usr/bin/${image}}`;
const BUILDS_ON_OURS = `title: Unsealed code ran three times
id: 11111111-2222-4333-8444-000000000009
correlation:
  type: event_count
  rules: [unsealed_code_runs]
  group-by: [CodeRoot]
  timespan: 10m
  condition: {gte: 3}
level: medium
`;

function rules(name: string, files: Record<string, string>): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

describe("sealbar rules test", () => {
  it("passes when every rule does what its examples say", () => {
    const good = rules("good", { "a.yml": rule("11111111-2222-4333-8444-000000000001", "xattr", fires("xattr")) });
    const run = runCli("rules", "test", good);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toBe("1 examples of 1 rules: 1 as they say, 0 not; 0 rules have none\n");
  });

  it("names the example that does not hold, with its place", () => {
    const wrong = rules("wrong", { "b.yml": rule("11111111-2222-4333-8444-000000000002", "xattr", fires("nvram")) });
    const run = runCli("rules", "test", wrong);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^b\.yml:\d+: did not fire: xattr ran: it runs \(must-fire\)$/m);
  });

  it("takes rules that build on Sealbar's own, and tests only the folder's", () => {
    const run = runCli("rules", "test", rules("on-ours", { "c.yml": BUILDS_ON_OURS }));
    expect(run).toMatchObject({ code: 0, stdout: "0 examples of 0 rules: 0 as they say, 0 not; 1 rules have none\n" });
  });

  it("says what cannot run, and fails", () => {
    const run = runCli("rules", "test", rules("broken", { "d.yml": "title: [", "e.yml": BUILDS_ON_OURS }));
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^d\.yml:1: error: /m);
  });
});

describe("sealbar replay --what-if", () => {
  const db = join(folder, "stored.db");
  const capture = join(folder, "g1.sealcap.jsonl");
  let xattr = "";
  beforeAll(() => {
    copyFileSync(join(ROOT, "e2e/scenarios/g1-fires.sealcap.jsonl"), capture);
    runCli("replay", "--db", db, capture);
    xattr = rules("xattr", { "a.yml": rule("11111111-2222-4333-8444-000000000001", "xattr", fires("xattr")) });
  });
  const lines = (stdout: string) =>
    stdout
      .trimEnd()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>);

  it("shows what a folder's rules would have found in the stored days, and stores nothing", () => {
    const before = dumpDatabase(db);
    const run = runCli("replay", "--what-if", "--rules", xattr, "--db", db, "--json");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const printed = lines(run.stdout);
    const findings = printed.filter(({ t }) => t === "finding");
    expect(findings.length).toBeGreaterThan(0);
    expect(new Set(findings.map((finding) => finding["rule"]))).toEqual(
      new Set(["11111111-2222-4333-8444-000000000001"]),
    );
    expect(printed.at(-1)).toMatchObject({ t: "summary", whatIf: true, findings: findings.length });
    expect(dumpDatabase(db)).toBe(before);
  });

  it("finds with our own rules what was found when the records came", () => {
    const stored = lines(runCli("replay", "--json", capture).stdout).filter(({ t }) => t === "finding");
    const again = lines(runCli("replay", "--what-if", "--db", db, "--json").stdout).filter(({ t }) => t === "finding");
    const told = (finding: Record<string, unknown>) => [finding["rule"], finding["title"], finding["severity"]];
    expect(again.map(told)).toEqual(stored.map(told));
  });

  it("refuses what makes no sense, in one sentence", () => {
    expect(runCli("replay", "--what-if", capture)).toMatchObject({ code: 64 });
    const missing = runCli("replay", "--what-if", "--db", join(folder, "none.db"));
    expect(missing).toMatchObject({ code: 66, stdout: "" });
    expect(missing.stderr).toMatch(/There is no database .*none\.db/);
  });
});
