import type { CoverageState } from "#contract/coverage.ts";
import type { JournalKind, PostureFact, PostureSettingId, PostureValue } from "#contract/posture.ts";
import type { Origin } from "#contract/source.ts";
import type { SourceHealth } from "./source-health.ts";

/** Where a record comes from; `short` for rows, `long` for sentences and pages. */
export const ORIGIN_WORDS: Record<Origin, { short: string; long: string; meaning: string }> = {
  es: {
    short: "Endpoint",
    long: "Endpoint Security",
    meaning: "What programs did, as macOS reports it to security tools",
  },
  log: { short: "Log", long: "Unified log", meaning: "What macOS writes about signatures, Gatekeeper and sudo" },
  fs: { short: "Files", long: "File changes", meaning: "Changes to quarantine marks and watched files" },
  proc: { short: "Processes", long: "Process snapshots", meaning: "What is running, read at intervals" },
  probe: { short: "Probes", long: "Protection probes", meaning: "Reads SIP, Gatekeeper and startup settings" },
  file: { short: "File check", long: "File checks", meaning: "A closer look at one file" },
  session: { short: "Session", long: "Session", meaning: "Restarts, sleep, gaps and changes of protection" },
};

export const ORIGIN_ORDER = Object.keys(ORIGIN_WORDS) as Origin[];

export const COVERAGE_WORDS: Record<CoverageState, string> = {
  absent: "Not present",
  starting: "Starting",
  running: "Running",
  silent: "Silent",
  denied: "Denied",
  failed: "Failed",
  restarting: "Restarting",
  stopped: "Stopped",
};

export const HEALTH_WORDS: Record<SourceHealth, string> = {
  verifying: "Verifying",
  working: "Working",
  degraded: "Degraded",
  blind: "Blind",
  ended: "Stopped",
  outside: "Not in this tier",
};

const POSTURE_VALUE_WORDS: Record<PostureValue, string> = {
  on: "On",
  off: "Off",
  partial: "Partly off",
  unknown: "Could not be read",
  conflicting: "Readings disagree",
};

type DefiniteWords = Record<"on" | "off" | "partial", string>;

/** These are not switched on or off: they weaken something or they do not. */
const WEAKENS: DefiniteWords = { on: "None that weaken", off: "Weakening", partial: "Weakening" };

/** Where a word says more than on and off, or where on and off would be misread. */
const OWN_WORDS: Partial<Record<PostureSettingId, DefiniteWords>> = {
  "boot-args": WEAKENS,
  "kernel-variables": WEAKENS,
  "secure-boot": { on: "Full Security", off: "Off or permissive", partial: "Reduced" },
  "kernel-extensions": { on: "None allowed", off: "Allowed", partial: "Some allowed" },
  "developer-mode": { on: "Not allowed", off: "Allowed", partial: "Partly allowed" },
};

/** A protection's value in words. */
export function postureWord(id: PostureSettingId, value: PostureValue): string {
  return value === "unknown" || value === "conflicting"
    ? POSTURE_VALUE_WORDS[value]
    : (OWN_WORDS[id] ?? POSTURE_VALUE_WORDS)[value];
}

/** A part of a protection; Apple names some after what they keep out, which on and off would turn around. */
export const PART_WORDS: Record<PostureValue, string> = {
  ...POSTURE_VALUE_WORDS,
  on: "As shipped",
  off: "Weakened",
  partial: "Partly weakened",
};

export const POSTURE_FACT_WORDS: Record<PostureFact["id"], { name: string; meaning: string }> = {
  os: { name: "macOS", meaning: "The version that runs" },
  xprotect: { name: "XProtect", meaning: "The version of Apple’s list of known malware" },
  mdm: { name: "Device management (MDM)", meaning: "Who manages this Mac by profiles" },
};

export const JOURNAL_WORDS: Record<JournalKind, string> = {
  boot: "Restart",
  snapshot: "First look",
  change: "Changed",
  pending: "At next restart",
  fact: "Fact",
  intent: "Attempt",
  baseline: "Baseline",
  "epoch-opened": "Weaker",
  "epoch-closed": "As expected",
};

export const POSTURE_SETTING_WORDS: Record<PostureSettingId, { name: string; meaning: string }> = {
  sip: {
    name: "System Integrity Protection (SIP)",
    meaning: "Keeps even administrators from changing macOS itself",
  },
  "authenticated-root": {
    name: "Authenticated root",
    meaning: "macOS starts only from a system volume sealed by Apple",
  },
  "boot-args": {
    name: "Startup arguments",
    meaning: "Options given to the kernel at startup; some of them switch checks off",
  },
  "secure-boot": { name: "Startup security", meaning: "Which macOS and which kernel this Mac may start" },
  "kernel-extensions": {
    name: "Kernel extensions",
    meaning: "Code of others inside the kernel; as shipped, none is let in",
  },
  "kernel-variables": {
    name: "Kernel variables",
    meaning: "Settings of the running kernel that decide how code is checked",
  },
  gatekeeper: { name: "Gatekeeper", meaning: "Checks downloaded software before it runs the first time" },
  "library-validation": {
    name: "Library validation",
    meaning: "Keeps programs from loading libraries of other developers",
  },
  "developer-mode": {
    name: "Developer tools",
    meaning: "Lets debuggers take over other programs; as shipped, it is off",
  },
};
