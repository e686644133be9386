import { describe, expect, it } from "vitest";
import type { CoverageState, FormatChange, SourceCoverage } from "#contract/coverage.ts";
import { rateWords, type SourceHealth, sourceHealth } from "./source-health.ts";

const AT = "2026-11-21T14:32:07.000000Z";
const source = (more: Partial<SourceCoverage>): SourceCoverage => ({
  source: "log",
  state: "running",
  reason: null,
  detail: null,
  lastEventAt: AT,
  events: 1,
  gaps: { lost: 0, shed: 0, unreadable: 0, unknown: 0 },
  blind: null,
  nextStep: null,
  provedAt: AT,
  ...more,
});
const change: FormatChange = {
  source: "log",
  sender: "Gatekeeper (syspolicyd)",
  osBuild: null,
  misses: 50,
  wasReadable: true,
  behaviours: ["G7"],
  sentence: "Overrides cannot be seen.",
};

describe("sourceHealth", () => {
  it.each<[CoverageState, SourceHealth]>([
    ["absent", "outside"],
    ["starting", "verifying"],
    ["running", "working"],
    ["silent", "blind"],
    ["denied", "blind"],
    ["failed", "blind"],
    ["restarting", "degraded"],
    ["stopped", "ended"],
  ])("%s is %s", (state, health) => {
    expect(sourceHealth(source({ state }))).toBe(health);
  });

  it("does not call working what has not proved itself, hides something, or cannot be read any more", () => {
    expect(sourceHealth(source({ provedAt: null }))).toBe("verifying");
    expect(sourceHealth(source({ blind: "Five seconds." }))).toBe("degraded");
    expect(sourceHealth(source({}), [change])).toBe("degraded");
    expect(sourceHealth(source({ source: "es" }), [change])).toBe("working");
  });
});

describe("rateWords", () => {
  it.each([
    [null, null],
    [undefined, null],
    [0, "0/min"],
    [0.4, "less than 1/min"],
    [119.6, "120/min"],
  ])("%s is %s", (rate, words) => {
    expect(rateWords(rate)).toBe(words);
  });
});
