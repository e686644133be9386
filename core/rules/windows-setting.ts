import type { Micros } from "#core/base/clock.ts";
import type { TreeReader } from "./tree-reader.ts";

/** MITRE's TimeWindow as the owner set it. */
export interface RuleWindows {
  /** AN0644: from a change of a file's signature or mark to the launch. */
  readonly an0644: Micros;
  /** AN1447: counted from the restart of the Mac. */
  readonly an1447: Micros;
  /** How long an attempt to weaken the Mac is remembered: time and restarts, whichever ends first. */
  readonly intent: Micros;
  readonly intentBoots: number;
}

interface Window {
  timespan: Micros;
  uptime: Micros | null;
  /** For a correlation that does not say `boots` itself. */
  boots: number | null;
}

const NAMES = ["an0644", "an1447", "intent"] as const;

/**
 * Reads `sealbar: window`. What happened before a restart is remembered as long as an intent is; `an1447` limits in
 * addition how long after the restart the last member may come.
 */
export function readWindow(sealbar: TreeReader, windows: RuleWindows | null): Window | null {
  const name = sealbar.oneOf("window", NAMES);
  if (name === null) return null;
  if (windows === null) {
    sealbar.problems.skip(sealbar.place("window"), "the time windows of the settings are not known here");
    return null;
  }
  const { an0644, an1447, intent, intentBoots } = windows;
  if (name === "an0644") return { timespan: an0644, uptime: null, boots: null };
  const remembered = { timespan: intent, boots: intentBoots };
  return name === "intent" ? { ...remembered, uptime: null } : { ...remembered, uptime: an1447 };
}
