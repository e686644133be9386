import { describe, expect, it } from "vitest";
import type { CoverageState, SourceCoverage } from "#contract/coverage.ts";
import type { LiveStatus } from "#contract/monitor-port.ts";
import type { SourceName } from "#contract/source.ts";
import { trayState, type Watching } from "./tray-state.ts";

const source = (name: SourceName, state: CoverageState): SourceCoverage => ({
  source: name,
  state,
  reason: null,
  detail: null,
  lastEventAt: null,
  events: 0,
  gaps: { lost: 0, shed: 0, unreadable: 0, unknown: 0 },
  blind: null,
  nextStep: null,
});

const watching = (change: Partial<Watching> & { sources?: SourceCoverage[] } = {}): Watching => ({
  coverage: {
    sources: change.sources ?? [source("log", "running")],
    skippedRules: [],
    faults: 0,
    duplicates: 0,
    forgotten: 0,
    ungrouped: 0,
    regexGaveUp: 0,
  },
  recording: null,
  trouble: null,
  open: { alert: 0, attention: 0 },
  ...change,
});

describe("trayState", () => {
  it("is calm only when something is watched and nothing is open", () => {
    expect(trayState(watching(), null)).toEqual({
      icon: "calm",
      sentence: "Watching this Mac. Nothing needs your attention.",
    });
  });

  it.each([
    ["before the monitor's first word", null, null],
    ["when no source watches this Mac", watching({ sources: [source("es", "absent"), source("log", "absent")] }), null],
    ["without any source at all", watching({ sources: [] }), null],
    ["when a source is denied", watching({ sources: [source("log", "running"), source("es", "denied")] }), null],
    ["when a source has gone silent", watching({ sources: [source("log", "silent")] }), null],
    ["when the disk is full", watching({ trouble: { kind: "disk-full", message: "The disk is full." } }), null],
    ["while the monitor restarts", watching(), "The monitor is being restarted."],
    [
      "while a recording is shown, whatever it holds",
      watching({
        recording: { id: "demo-1", name: "demo", progress: 1, state: "done", problem: null },
        open: { alert: 9, attention: 9 },
      }),
      null,
    ],
  ])("is degraded %s", (_when, state, trouble) => {
    expect(trayState(state, trouble).icon).toBe("degraded");
  });

  it.each([
    [{ alert: 1, attention: 0 }, "alert", "1 finding needs action."],
    [{ alert: 2, attention: 1 }, "alert", "2 findings need action. 1 finding to look at."],
    [{ alert: 0, attention: 3 }, "attention", "3 findings to look at."],
  ])("counts %j", (open, icon, sentence) => {
    expect(trayState(watching({ open }), null)).toEqual({ icon, sentence });
  });

  it("says what is blind beside what is open, and lets only action outrank blindness", () => {
    const sources = [source("log", "running"), source("es", "failed"), source("fs", "stopped")];
    const blind = "Partly blind: Endpoint Security, file changes.";
    expect(trayState(watching({ sources, open: { alert: 1, attention: 0 } }), null)).toEqual({
      icon: "alert",
      sentence: `1 finding needs action. ${blind}`,
    });
    expect(trayState(watching({ sources, open: { alert: 0, attention: 1 } }), null).icon).toBe("degraded");
  });

  it("shows what hides in a recording's name", () => {
    const recording = { id: "r-1", name: "a\u202Eb", progress: 0, state: "playing" as const, problem: null };
    expect(trayState(watching({ recording }), null).sentence).toContain("a‹U+202E›b");
  });

  describe("with this Mac's own collection", () => {
    const REASON = "The service of the full tier does not answer.";
    const live = (helper: Partial<LiveStatus["helper"]> = {}, allGood = true): LiveStatus => ({
      helper: { phase: "connected", tier: "standard", reason: null, retryAt: null, ...helper },
      allGood,
    });
    const standard = [source("es", "absent"), source("log", "running"), source("proc", "running")];

    it("is calm when all is proved, also in the standard tier", () => {
      expect(trayState(watching({ sources: standard, live: live() }), null).icon).toBe("calm");
    });

    it.each<[string, SourceCoverage[], LiveStatus]>([
      ["Sealbar is starting to watch this Mac.", [], live({ phase: "connecting", tier: null }, false)],
      [
        `Blind: this Mac is not being watched. ${REASON}`,
        standard,
        live({ phase: "refused", tier: null, reason: REASON }, false),
      ],
      ["Blind: this Mac is not being watched.", standard, live({ phase: "waiting", tier: null }, false)],
      [
        "Blind: no source sees anything of this Mac.",
        [source("es", "absent"), source("log", "denied")],
        live({}, false),
      ],
      ["Partly blind: the unified log.", [source("log", "silent"), source("proc", "running")], live({}, false)],
      ["Verifying: running processes.", [source("log", "running"), source("proc", "starting")], live({}, false)],
      ["Not every source has proved itself.", standard, live({}, false)],
      [`Degraded: ${REASON}`, standard, live({ reason: REASON })],
    ])("is degraded and says %j", (sentence, sources, state) => {
      expect(trayState(watching({ sources, live: state }), null)).toEqual({ icon: "degraded", sentence });
    });

    it("says when the posture history is not the one that the daemon knows", () => {
      const state = watching({ sources: standard, live: live({}, false) });
      state.coverage.journalDoubt = "The posture history was changed from outside.";
      expect(trayState(state, null)).toEqual({
        icon: "degraded",
        sentence: "The posture history was changed from outside.",
      });
    });

    it("says when lines cannot be read any more", () => {
      const state = watching({ sources: standard, live: live({}, false) });
      state.coverage.formatChanges = [
        {
          source: "log",
          sender: "Gatekeeper (syspolicyd)",
          osBuild: null,
          misses: 50,
          wasReadable: true,
          behaviours: ["G7"],
          sentence: "Overrides cannot be seen.",
        },
      ];
      expect(trayState(state, null).sentence).toBe("Partly blind: macOS writes some lines differently now.");
    });

    it.each<[string, LiveStatus]>([
      ["is being watched", live()],
      ["is only partly watched", live({}, false)],
      ["is not being watched", live({ phase: "waiting", tier: null }, false)],
    ])("says behind a recording that this Mac %s", (words, state) => {
      const recording = { id: "r-1", name: "demo", progress: 1, state: "done" as const, problem: null };
      expect(trayState(watching({ recording, live: state }), null)).toEqual({
        icon: "degraded",
        sentence: `Showing the recording “demo”. This Mac ${words} meanwhile.`,
      });
    });
  });

  it("does not call a database that was replaced blind", () => {
    const trouble = { kind: "set-aside" as const, message: "The database was damaged and set aside." };
    expect(trayState(watching({ trouble }), null).icon).toBe("calm");
  });
});
