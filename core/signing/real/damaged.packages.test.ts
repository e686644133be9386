import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { endure } from "#tools/signing/endure.ts";
import { allSignedPackages } from "#tools/signing/packages.ts";
import { flipAnywhere, truncate } from "#tools/signing/random-damage.ts";

const MOST_KEPT = 32 * 1024 * 1024;
/** With the garbage that the collector has not got to. */
const MOST_GROWN = 512 * 1024 * 1024;

const folders = allSignedPackages();

/** The small ones: a fat file with an unsigned slice, one with a linker's signature, and one by a Developer ID. */
function samples(): Record<string, Buffer> {
  if (!folders) return {};
  return {
    fsevents: readFileSync(join(folders.fsevents, "fsevents.node")),
    "get-windows": readFileSync(join(folders["get-windows"], "main")),
    "terminal-notifier": readFileSync(
      join(folders["osx-notifier"], "osx/terminal-notifier-info.app/Contents/MacOS/terminal-notifier"),
    ),
  };
}

describe.skipIf(!folders)("random damage to real binaries never throws, hangs or eats memory", () => {
  it.each([
    { what: "flips of a bit", damage: flipAnywhere, count: 10_000, seed: 3 },
    { what: "truncations", damage: truncate, count: 2_000, seed: 4 },
  ])("$count $what", { timeout: 300_000 }, async ({ damage, count, seed }) => {
    const { faults, kept, peak } = await endure(samples(), damage, count, seed);
    expect(faults).toEqual([]);
    expect(kept).toBeLessThan(MOST_KEPT);
    expect(peak).toBeLessThan(MOST_GROWN);
  });
});
