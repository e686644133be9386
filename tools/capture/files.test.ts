import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Frame } from "#contract/frames.ts";
import { describe, expect, it } from "vitest";
import { CAPTURE_FILES } from "./files.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Captures that hold lines which are not frames on purpose. */
const BROKEN_ON_PURPOSE = new Set(["e2e/scenarios/broken.sealcap.jsonl"]);
const DEMO_LIMIT_BYTES = 1.5 * 1024 * 1024;

describe("checked-in captures", () => {
  for (const { path, make } of CAPTURE_FILES) {
    it(`${path} is what its generator makes (node tools/capture/write.ts)`, () => {
      expect(readFileSync(join(ROOT, path), "utf8") === make()).toBe(true);
    });
    if (BROKEN_ON_PURPOSE.has(path)) continue;
    it(`${path} holds frames of the contract only`, () => {
      for (const line of make().trimEnd().split("\n")) {
        expect(Frame.safeParse(JSON.parse(line)).error).toBeUndefined();
      }
    });
  }

  it("the demo stays small enough to bundle", () => {
    expect(readFileSync(join(ROOT, "assets/demo/demo.sealcap.jsonl")).length).toBeLessThan(DEMO_LIMIT_BYTES);
  });
});
