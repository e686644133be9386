import { describe, expect, it } from "vitest";
import type { Finding } from "#contract/finding.ts";
import { MenuBarState } from "#contract/menu-bar.ts";
import type { MonitorSnapshot } from "#contract/monitor-port.ts";
import type { PostureSetting, PostureValue } from "#contract/posture.ts";
import { menuBarState } from "./menu-bar-state.ts";
import type { TrayState } from "./tray-state.ts";

const CALM: TrayState = { icon: "calm", sentence: "Watching this Mac. Nothing needs your attention." };

const setting = (
  id: PostureSetting["id"],
  inForce: PostureValue,
  more: Partial<PostureSetting> = {},
): PostureSetting => ({
  id,
  inForce,
  afterBoot: null,
  expected: "on",
  expectedByBaseline: false,
  detail: "",
  parts: [],
  evidence: [],
  readAt: "2026-11-21T14:00:00.000000Z",
  since: null,
  ...more,
});

const finding = (id: number, more: Partial<Finding> = {}): Finding => ({
  id,
  key: `["rule",${id}]`,
  rule: "rule",
  behaviours: ["G17"],
  analytics: [],
  techniques: [],
  severity: "medium",
  title: `Finding ${id}`,
  clauses: [],
  subject: { path: null, cdhash: null, teamId: null, signingId: null },
  firstSeen: "2026-11-21T14:00:00.000000Z",
  lastSeen: "2026-11-21T14:00:00.000000Z",
  count: 1,
  evidence: [],
  state: "open",
  ...more,
});

const snapshot = (settings: PostureSetting[], findings: Finding[] = []): MonitorSnapshot => ({
  revision: 1,
  coverage: {
    sources: [],
    skippedRules: [],
    faults: 0,
    duplicates: 0,
    forgotten: 0,
    ungrouped: 0,
    regexGaveUp: 0,
  },
  posture: {
    settings,
    facts: [],
    bootUuid: null,
    bootTime: null,
    osVersion: null,
    osBuild: null,
    weakenedSince: null,
    epochs: [],
    baseline: { state: "none", at: null, by: null, reason: null },
  },
  findings,
  totals: { events: 0, findings: findings.length },
  recording: null,
  trouble: null,
});

const protection = (...settings: PostureSetting[]) => menuBarState(CALM, snapshot(settings)).protection;

describe("menuBarState", () => {
  it("says what the status item says, also while there is nothing else to say", () => {
    const state = menuBarState({ icon: "degraded", sentence: "Sealbar is starting." }, null);
    expect(MenuBarState.parse(state)).toMatchObject({
      icon: "degraded",
      sentence: "Sealbar is starting.",
      findings: [],
    });
  });

  it.each<[string, PostureSetting[], string | undefined, string | undefined]>([
    ["all as expected", [setting("sip", "on"), setting("gatekeeper", "on")], "strong", "Protections are as expected"],
    [
      "one is off",
      [setting("sip", "on"), setting("gatekeeper", "off")],
      "weakened",
      "1 protection is weaker than expected",
    ],
    [
      "off as the baseline expects",
      [setting("sip", "on"), setting("gatekeeper", "off", { expected: "off" })],
      "strong",
      "Protections are as expected",
    ],
    [
      "stronger than the baseline expects",
      [setting("sip", "partial", { expected: "off" })],
      "strong",
      "Protections are as expected",
    ],
    [
      "as weak as accepted by its value, with more of its parts off",
      [setting("sip", "partial", { expected: "partial", morePartsOff: true }), setting("gatekeeper", "off")],
      "weakened",
      "2 protections are weaker than expected",
    ],
    [
      "weaker after the next restart",
      [setting("sip", "on"), setting("boot-args", "on", { afterBoot: "off" })],
      "weakened",
      "1 protection will be weaker after the next restart",
    ],
    ["the evidence disagrees", [setting("sip", "conflicting")], "unknown", "Not every protection could be read"],
    [
      "SIP was not read",
      [setting("sip", "unknown", { readAt: null }), setting("gatekeeper", "on")],
      "unknown",
      "Not every protection could be read",
    ],
    [
      "what this tier never reads",
      [setting("sip", "on"), setting("secure-boot", "unknown", { readAt: null })],
      "strong",
      "What could be read is as expected",
    ],
    ["nothing was read", [setting("sip", "unknown", { readAt: null })], undefined, undefined],
  ])("protection: %s", (_what, settings, state, words) => {
    expect(protection(...settings)?.state).toBe(state);
    expect(protection(...settings)?.words).toBe(words);
  });

  it("shows the newest open findings that are worth a look, and counts the others", () => {
    const findings = [
      finding(1),
      finding(2, { severity: "info" }),
      finding(3, { state: "closed" }),
      finding(4),
      finding(5),
      finding(6),
    ];
    const state = menuBarState(CALM, snapshot([], findings));
    expect(state.findings.map(({ id }) => id)).toEqual([1, 4, 5]);
    expect(state.moreFindings).toBe(1);
  });
});
