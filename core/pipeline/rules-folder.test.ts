import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { loadRuleFolders, OUR_RULES } from "./rules-folder.ts";

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
