import { EMPTY_SCENARIO, type Scenario } from "../memory-bridge.ts";
import { sampleCoverage } from "./condition.ts";
import { degradedCoverage, degradedLive, goodCoverage, goodLive, startingCoverage, startingLive } from "./live.ts";
import { storyFindings } from "./findings.ts";
import { emptySettings, sampleSettings } from "./monitor-settings.ts";
import { acceptedPosture, sampleJournal, samplePosture } from "./posture.ts";
import { ordinaryRows, storyRows } from "./rows.ts";

const ORDINARY = 1_200;

/** The whole story after an hour of ordinary life. */
export function fullScenario(): Scenario {
  const rows = [...ordinaryRows(ORDINARY), ...storyRows(ORDINARY + 1)];
  return {
    ...EMPTY_SCENARIO,
    rows,
    findings: storyFindings(rows),
    coverage: sampleCoverage,
    posture: samplePosture,
    journal: sampleJournal(),
    monitorSettings: sampleSettings,
    recording: { id: "recording-1", name: "demo", progress: 0.62, state: "playing", problem: null },
  };
}

/** A fresh install that can play the story. */
export function freshScenario(): Scenario {
  return { ...EMPTY_SCENARIO, demo: { rows: storyRows(), findings: storyFindings } };
}

const LIVE_HERE = { ...EMPTY_SCENARIO, info: { ...EMPTY_SCENARIO.info, liveCollection: true } };

/** The first start on a Mac that can be watched: the standard tier, its sources just verifying. */
export function firstRunScenario(): Scenario {
  const settings = { ...EMPTY_SCENARIO.settings, onboardingDone: false };
  return { ...LIVE_HERE, settings, coverage: startingCoverage, live: startingLive };
}

/** This Mac, all proved. */
export function watchedScenario(): Scenario {
  const rows = storyRows();
  return {
    ...LIVE_HERE,
    rows,
    findings: storyFindings(rows),
    coverage: goodCoverage,
    live: goodLive,
    posture: samplePosture,
    journal: sampleJournal(),
    chain: { state: "intact", anchor: "matches" },
    monitorSettings: sampleSettings,
  };
}

/** A Mac that is meant to be as it is; the settings file of its monitor is broken. */
export function acceptedScenario(): Scenario {
  return {
    ...watchedScenario(),
    posture: acceptedPosture,
    chain: { state: "broken", anchor: "differs" },
    monitorSettings: {
      ...emptySettings,
      problem: "Line 3 of the settings file is no YAML: “TimeWindow: [”.",
    },
  };
}

/** This Mac with a source in every kind of trouble. */
export function degradedScenario(): Scenario {
  return { ...watchedScenario(), coverage: degradedCoverage, live: degradedLive };
}

/** Monitor gone, disk full, a recording that broke off. */
export function troubledScenario(): Scenario {
  return {
    ...fullScenario(),
    recording: {
      id: "recording-2",
      name: "laptop-ana.sealcap.jsonl.gz",
      progress: 0.31,
      state: "failed",
      problem: "The file ends in the middle of a record.",
    },
    trouble: {
      kind: "disk-full",
      message: "The disk is full. New records are shown but not kept until there is room.",
    },
    monitorTrouble: "The monitor stopped and is being restarted. Nothing is read until it is back.",
  };
}
