import type { Coverage, SourceCoverage } from "#contract/coverage.ts";
import type { PostureSetting, PostureSnapshot } from "#contract/posture.ts";

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

const setting = (id: PostureSetting["id"], more: Partial<PostureSetting>): PostureSetting => ({
  id,
  inForce: "on",
  afterBoot: null,
  expected: "on",
  expectedByBaseline: false,
  parts: [],
  detail: "",
  evidence: [],
  readAt: "2026-11-21T14:20:55.000000Z",
  since: "2026-11-03T08:11:02.000000Z",
  ...more,
});

export const emptyPosture: PostureSnapshot = {
  settings: [],
  bootUuid: null,
  bootTime: null,
  osVersion: null,
  osBuild: null,
  weakenedSince: null,
  facts: [],
  epochs: [],
  baseline: { state: "none", at: null, by: null, reason: null },
};

export const samplePosture: PostureSnapshot = {
  settings: [
    setting("sip", {
      inForce: "partial",
      detail: "Filesystem protections and kext signing are off.",
      since: "2026-11-21T14:20:55.000000Z",
      evidence: [
        {
          probe: "csrutil-status",
          readAt: "2026-11-21T14:20:55.000000Z",
          text: "System Integrity Protection status: unknown (Custom Configuration).\n\nConfiguration:\n\tApple Internal: disabled\n\tKext Signing: disabled\n\tFilesystem Protections: disabled\n\tDebugging Restrictions: enabled",
        },
      ],
    }),
    setting("authenticated-root", {
      inForce: "unknown",
      detail: "The probe did not answer within its time.",
      since: null,
      evidence: [{ probe: "csrutil-authenticated-root", readAt: "2026-11-21T14:20:56.000000Z", text: "" }],
    }),
    setting("boot-args", {
      detail: "None set.",
      evidence: [
        {
          probe: "nvram",
          readAt: "2026-11-21T14:20:57.000000Z",
          text: "nvram: Error getting variable - 'boot-args': (iokit/common) data was not found",
        },
      ],
    }),
    setting("gatekeeper", {
      afterBoot: "off",
      detail: "Switched off in recoveryOS for the next start.",
      evidence: [{ probe: "spctl-status", readAt: "2026-11-21T14:20:58.000000Z", text: "assessments enabled" }],
    }),
  ],
  bootUuid: "6E0B5C1E-93B5-4C52-8E59-2F6B7F0E2A11",
  bootTime: "2026-11-21T14:20:40.000000Z",
  osVersion: "26.1",
  osBuild: "25B78",
  weakenedSince: "2026-11-21T14:20:40.000000Z",
  facts: [],
  epochs: [],
  baseline: { state: "unconfirmed", at: "2026-11-03T08:11:02.000000Z", by: null, reason: null },
};
