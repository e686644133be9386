import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "#tools/test/run-cli.ts";

const FILE = join(tmpdir(), `sealbar-never-written-${process.pid}.sealcap.jsonl`);

describe.skipIf(process.platform === "darwin")("the live commands on a machine that is not a Mac", () => {
  it.each([["watch", "--json"], ["doctor"], ["record", FILE]])("sealbar %s ends with 2 and one sentence", (...args) => {
    const { code, stdout, stderr } = runCli(...args.filter((arg) => arg !== undefined));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^sealbar: This is not a Mac \([a-z0-9]+\), so there is nothing to [^\n]+\n$/);
    expect(existsSync(FILE)).toBe(false);
  });
});

describe("the live commands anywhere", () => {
  it.each(["watch", "doctor", "record"])("sealbar %s --help explains itself", (command) => {
    const { code, stdout } = runCli(command, "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^sealbar ${command} `));
  });

  it.each([["watch", "--sources=microphone"], ["doctor", "now"], ["record"]])("wrong usage is 64: %s %s", (...args) => {
    const { code, stderr } = runCli(...args.filter((arg) => arg !== undefined));
    expect(code).toBe(64);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});
