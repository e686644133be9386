import type { Coverage, SourceCoverage } from "#contract/coverage.ts";
import type { LiveStatus } from "#contract/monitor-port.ts";
import type { SourceName } from "#contract/source.ts";
import { emptyCoverage } from "./condition.ts";

const AT = "2026-11-21T14:32:07.000000Z";

function live(source: SourceName, more: Partial<SourceCoverage> = {}): SourceCoverage {
  return {
    source,
    state: "running",
    reason: null,
    detail: null,
    lastEventAt: AT,
    events: 412,
    gaps: { lost: 0, shed: 0, shedByUs: 0, unreadable: 0, unknown: 0 },
    blind: null,
    nextStep: null,
    action: null,
    blindBehaviours: [],
    ratePerMinute: 120,
    provedAt: AT,
    provedBy: "event",
    limitSeconds: 90,
    ...more,
  };
}

const CONNECTED = { phase: "connected", tier: "full", reason: null, retryAt: null } as const;
const UNPROVED = { provedAt: null, provedBy: null } as const;

/** Constructed: the full tier, all proved. */
export const goodCoverage: Coverage = {
  ...emptyCoverage,
  helper: CONNECTED,
  sources: [
    live("es", { events: 18_204, ratePerMinute: 1_840 }),
    live("log", { provedBy: "heartbeat", provedAt: "2026-11-21T14:32:01.000000Z" }),
    live("fs", { ratePerMinute: 0.4 }),
    live("proc"),
    live("probe", { limitSeconds: 2_400, ratePerMinute: 0 }),
  ],
};
export const goodLive: LiveStatus = { helper: CONNECTED, allGood: true };

/** Constructed: the standard tier in its first seconds. */
export const startingCoverage: Coverage = {
  ...emptyCoverage,
  helper: { ...CONNECTED, tier: "standard" },
  sources: [
    live("es", {
      ...UNPROVED,
      state: "absent",
      events: 0,
      lastEventAt: null,
      ratePerMinute: null,
      nextStep: "Turn on the full tier to see every launch with its signature.",
      action: "enable-full-tier",
    }),
    live("log", { ratePerMinute: 38 }),
    live("fs", { ...UNPROVED, state: "starting", events: 0, lastEventAt: null, ratePerMinute: null }),
    live("proc"),
    live("probe", { ...UNPROVED, state: "starting", events: 0, lastEventAt: null, ratePerMinute: null }),
  ],
};
export const startingLive: LiveStatus = { helper: { ...CONNECTED, tier: "standard" }, allGood: false };

/** Constructed: a state of each kind, every count, a changed format. */
export const degradedCoverage: Coverage = {
  ...emptyCoverage,
  helper: {
    ...CONNECTED,
    tier: "standard",
    reason: "The full tier is installed, but its service does not answer; the standard tier is used meanwhile.",
    retryAt: "2026-11-21T14:33:00.000000Z",
  },
  sources: [
    live("es", {
      ...UNPROVED,
      state: "denied",
      reason: "full-disk-access",
      detail: "Not permitted to create an ES Client",
      lastEventAt: null,
      events: 0,
      ratePerMinute: null,
      blind:
        "Launches with their signatures, removed quarantine marks, code that changed after launch and Gatekeeper overrides cannot be seen.",
      blindBehaviours: [
        { id: "G1", words: "A quarantine mark is removed and the file then runs" },
        { id: "S16", words: "Unsigned code runs while SIP is weakened" },
      ],
      nextStep: "Give Sealbar’s helper Full Disk Access in System Settings, Privacy & Security, then restart it.",
      action: "open-full-disk-access-settings",
    }),
    live("log", {
      events: 932,
      gaps: { lost: 214, shed: 12, shedByUs: 3, unreadable: 50, unknown: 1 },
    }),
    live("fs", {
      state: "silent",
      reason: "no-proof",
      provedAt: "2026-11-21T14:12:01.000000Z",
      lastEventAt: "2026-11-21T14:12:01.000000Z",
      ratePerMinute: 0,
      blind: "Changes of quarantine marks cannot be seen where Endpoint Security is not available.",
      nextStep: "See the reason shown here; it is tried again by itself, or at once when you ask.",
      action: "retry",
    }),
    live("proc", { state: "restarting", nextStep: "Nothing to do: it is being started." }),
    live("probe", { ...UNPROVED, state: "starting", events: 0, lastEventAt: null, ratePerMinute: null }),
  ],
  formatChanges: [
    {
      source: "log",
      sender: "Gatekeeper (syspolicyd)",
      osBuild: "26B5061a",
      misses: 50,
      wasReadable: true,
      behaviours: ["G7", "G8"],
      sentence: "What people override in Gatekeeper cannot be read any more.",
    },
  ],
  looks: { asked: 80, skipped: 2, notInspected: { tooMany: 1, tookTooLong: 0, failed: 0 } },
};
export const degradedLive: LiveStatus = {
  helper: degradedCoverage.helper ?? CONNECTED,
  allGood: false,
};
