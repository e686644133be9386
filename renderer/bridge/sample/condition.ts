import type { Coverage, SourceCoverage } from "#contract/coverage.ts";

const NO_GAPS = { lost: 0, shed: 0, unreadable: 0, unknown: 0 };
const source = (name: SourceCoverage["source"], more: Partial<SourceCoverage>): SourceCoverage => ({
  source: name,
  state: "running",
  reason: null,
  detail: null,
  lastEventAt: "2026-11-21T14:40:43.197975Z",
  events: 412,
  gaps: NO_GAPS,
  blind: null,
  nextStep: null,
  ...more,
});

export const emptyCoverage: Coverage = {
  sources: [],
  skippedRules: [],
  faults: 0,
  duplicates: 0,
  forgotten: 0,
  ungrouped: 0,
  regexGaveUp: 0,
};

/** Constructed: one source lost something, one is denied. */
export const sampleCoverage: Coverage = {
  sources: [
    source("es", {
      events: 18_204,
      gaps: { lost: 214, shed: 0, unreadable: 1, unknown: 0 },
      blind: "What ran during 5 seconds before 14:15:49.",
      nextStep: "Nothing: macOS dropped these under load, and they cannot be had again.",
    }),
    source("log", { events: 932, gaps: { ...NO_GAPS, unknown: 1 } }),
    source("fs", {
      state: "denied",
      reason: "full-disk-access",
      detail: "Operation not permitted",
      lastEventAt: null,
      events: 0,
      blind: "Removals of quarantine marks that no program run in Terminal explains.",
      nextStep: "Allow Sealbar in System Settings > Privacy & Security > Full Disk Access, then restart it.",
    }),
    source("proc", {
      state: "silent",
      events: 40,
      lastEventAt: "2026-11-21T14:12:01.000000Z",
      blind: "Programs that were already running.",
      nextStep: "Wait a minute; if it stays silent, restart Sealbar.",
    }),
    source("probe", { events: 36 }),
  ],
  skippedRules: [
    {
      file: "rules/team/keychain-dump.yml",
      line: 14,
      reason: "Field “GrandParentImage” is not one that Sealbar knows.",
    },
  ],
  faults: 1,
  duplicates: 0,
  forgotten: 0,
  ungrouped: 0,
  regexGaveUp: 0,
};
