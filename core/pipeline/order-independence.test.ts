import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { DEFAULT_MONITOR_SETTINGS } from "#core/settings/monitor-settings.ts";
import { play, recordsOf, shuffled, told } from "./arrival.fixture.ts";
import { loadRuleFolders, OUR_RULES } from "./rules-folder.ts";

const library = loadRuleFolders([OUR_RULES], DEFAULT_MONITOR_SETTINGS);
const SEEDS = [1, 2, 3];
const scenarios = readdirSync(join(import.meta.dirname, "../../e2e/scenarios")).filter((name) =>
  /-(fires|quiet)\.sealcap\.jsonl$/.test(name),
);

describe("the findings do not depend on how the records came", () => {
  it.each(scenarios)("%s: sources overtake each other by two seconds", (name) => {
    const records = recordsOf(name);
    const inOrder = told(play(records, library));
    for (const seed of SEEDS) {
      const random = seededRandom(seed);
      expect({ seed, told: told(play(shuffled(records, random), library)) }).toEqual({ seed, told: inOrder });
    }
  });

  it.each(scenarios.filter((name) => name.includes("fires")))("%s: the monitor is restarted anywhere", (name) => {
    const records = recordsOf(name);
    const inOrder = told(play(records, library));
    const random = seededRandom(7);
    expect(told(play(records, library, () => random() < 0.3))).toEqual(inOrder);
  });
});
