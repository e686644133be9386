import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { time } from "#tools/signing/certificate.ts";
import { REAL_CASES } from "#tools/signing/hostile/real.ts";
import { signedPackage } from "#tools/signing/packages.ts";
import { complaint } from "#tools/signing/said.ts";
import { inspectFile } from "../inspect.ts";

const NOW = time("2026-11-21T10:00:00Z");
const EXECUTABLE = "Contents/MacOS/terminal-notifier";

const apps = signedPackage("osx-notifier");

/** Apple's own chain can only be had from Apple: these start from a program that a Developer ID signed in 2012. */
describe.skipIf(!apps)("a real app, changed in one thing", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sealbar-real-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(REAL_CASES)("$name", ({ change, expect: expected }) => {
    const path = join(folder, "terminal-notifier-info.app");
    cpSync(join(apps ?? "", "osx/terminal-notifier-info.app"), path, { recursive: true });
    const other = readFileSync(join(apps ?? "", "osx/terminal-notifier-pass.app", EXECUTABLE));
    change({ path, executable: join(path, EXECUTABLE), other });
    const inspection = inspectFile(path, { depth: "deep", now: NOW });
    expect(complaint(inspection, expected)).toBeNull();
    // Whatever became of it, it is never shown as signed by another than the one who signed it.
    expect(inspection.slices[0]?.identifier ?? "").toMatch(/^(nl|xx)\.superalloy/);
  });
});
