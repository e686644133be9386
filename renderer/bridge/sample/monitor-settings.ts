import { MonitorSettingsFile, type MonitorSettingsView, type RuleState } from "#contract/monitor-settings.ts";

export const DEFAULTS: MonitorSettingsFile = MonitorSettingsFile.parse({});

const rule = (
  id: string,
  title: string,
  level: RuleState["level"],
  behaviours: string[],
  more: Partial<RuleState> = {},
): RuleState => ({
  id,
  title,
  level,
  kind: "rule",
  ours: true,
  file: `rules/${behaviours[0]?.toLowerCase() ?? "x"}-${id}.yml`,
  behaviours,
  state: "on",
  ...more,
});

const TEAM = "/Users/ana/Detections/macos";

/** Constructed: a few of ours, and a folder of somebody's own. */
const RULES: readonly RuleState[] = [
  rule("quarantine-removed", "Quarantine mark removed", "medium", ["G1"]),
  rule("quarantine-removed-then-run", "Quarantine mark removed, then run", "high", ["G1"], { kind: "correlation" }),
  rule("gatekeeper-override", "Gatekeeper’s refusal was overridden", "medium", ["G7"]),
  rule("signature-downgraded", "A known program lost its developer", "high", ["G14"], { kind: "correlation" }),
  rule("sip-weakened-after-attempt", "SIP weakened after an attempt", "critical", ["S1", "S4"], {
    kind: "correlation",
  }),
  rule("boot-arguments-weaken", "Startup arguments that weaken code signing", "high", ["S6"]),
  rule("unsigned-while-weakened", "Unsigned code ran while the Mac was weakened", "critical", ["S16"], {
    kind: "correlation",
  }),
  rule("policy-file-changed", "A policy file was changed", "medium", ["S18"]),
  ...Array.from({ length: 140 }, (_, index) =>
    rule(
      `team-${index + 1}`,
      `Team rule ${index + 1}: shell started by a document`,
      index % 9 === 0 ? "info" : "low",
      [],
      {
        ours: false,
        file: `${TEAM}/proc_creation_${index + 1}.yml`,
        state: index % 9 === 0 ? "below-level" : "on",
      },
    ),
  ),
];

export const emptySettings: MonitorSettingsView = {
  settings: DEFAULTS,
  defaults: DEFAULTS,
  problem: null,
  rules: RULES.filter(({ ours }) => ours),
  skipped: [],
};

/** Constructed: a Mac with expectations of its own. */
export const sampleSettings: MonitorSettingsView = {
  settings: {
    ...DEFAULTS,
    DeveloperIDAllowList: ["7QXW3N5R2K", "M4RB2T9WQZ"],
    AllowedUsers: ["itadmin"],
    TimeWindow: { ...DEFAULTS.TimeWindow, an0644Seconds: 900 },
    rules: { ...DEFAULTS.rules, folders: [TEAM], disabled: ["policy-file-changed"] },
  },
  defaults: DEFAULTS,
  problem: null,
  rules: RULES.map((one) => (one.id === "policy-file-changed" ? { ...one, state: "off" as const } : one)),
  skipped: [
    { file: `${TEAM}/keychain-dump.yml`, line: 14, reason: "Field “GrandParentImage” is not one that Sealbar knows." },
    { file: `${TEAM}/draft.yml`, line: 3, reason: "The key “detection” is there twice." },
  ],
};
