import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forbiddenImports, ROOMS } from "./dag.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What is planted where, and words of the message that must tell the offender what to do. */
const PLANTED: [file: string, code: string, says: string][] = [
  [
    "core/parse/a.ts",
    `import { x } from "#core/store/open.ts"; export const y = x;`,
    "core/parse may import contract, core/base",
  ],
  ["core/rules/a.ts", `import { readFileSync } from "node:fs"; export const y = readFileSync;`, "This room is pure"],
  ["core/pipeline/a.ts", `import { spawn } from "node:child_process"; export const y = spawn;`, "only in core/helper"],
  ["core/pipeline/b.ts", `import Database from "better-sqlite3"; export const y = Database;`, "only in core/store"],
  ["core/cli/a.ts", `import { app } from "electron"; export const y = app;`, "only under electron/"],
  ["core/store/a.ts", `import { x } from "../rules/load-rules.ts"; export const y = x;`, "not by climbing out of it"],
  [
    "contract/a.ts",
    `import { x } from "#core/base/clock.ts"; export const y = x;`,
    "contract may import nothing but itself",
  ],
  [
    "renderer/timeline/a.ts",
    `import { x } from "#renderer/findings/list.ts"; export const y = x;`,
    "renderer/timeline may import",
  ],
  [
    "renderer/state/a.ts",
    `import { x } from "#electron/main/main.ts"; export const y = x;`,
    "renderer/state may import",
  ],
  [
    "electron/main/a.ts",
    `import { x } from "#core/pipeline/monitor.ts"; export const y = x;`,
    "electron/main may import contract, core/base",
  ],
  ["core/wire/a.ts", `import { x } from "#e2e/support/launch.ts"; export const y = x;`, "core/wire may import"],
];

describe("the import rules", () => {
  const tree = mkdtempSync(join(tmpdir(), "sealbar-lint-"));
  let diagnostics: { filename: string; help?: string }[] = [];

  beforeAll(() => {
    for (const name of ["oxlint.config.ts", "tools/lint/dag.ts", "package.json"])
      cpSync(join(ROOT, name), join(tree, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
    for (const [file, code] of [
      ...PLANTED,
      ["core/correlate/fine.ts", `import { x } from "#core/rules/load-rules.ts"; export const y = x;`, ""] as const,
    ]) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), code);
    }
    const run = spawnSync(process.execPath, [join(ROOT, "node_modules/oxlint/bin/oxlint"), "--format=json"], {
      cwd: tree,
      encoding: "utf8",
    });
    diagnostics = (JSON.parse(run.stdout) as { diagnostics: typeof diagnostics }).diagnostics;
  }, 60_000);

  afterAll(() => {
    rmSync(tree, { recursive: true, force: true });
  });

  it.each(PLANTED)("a violation planted in %s is found, and the message says what to do", (file, _code, says) => {
    const found = diagnostics.filter((diagnostic) => diagnostic.filename.endsWith(file));
    expect(found.map((diagnostic) => diagnostic.help).join("\n")).toContain(says);
  });

  it("an allowed import is not", () => {
    expect(diagnostics.map((diagnostic) => diagnostic.filename).join("\n")).not.toContain("fine.ts");
  });

  it("the rooms form a DAG", () => {
    const done = new Set<string>();
    const visit = (path: string, trail: string[]): void => {
      expect(trail).not.toContain(path);
      if (done.has(path)) return;
      for (const next of ROOMS.find((room) => room.path === path)?.mayImport ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const room of ROOMS) visit(room.path, []);
    expect(done.size).toBe(ROOMS.length);
  });

  it("every room forbids something and says why", () => {
    for (const room of ROOMS)
      for (const pattern of forbiddenImports(room)) expect(pattern.message.length).toBeGreaterThan(30);
  });
});
