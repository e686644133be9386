import { isAllGood, isInTier } from "#contract/coverage.ts";
import type { Finding } from "#contract/finding.ts";
import { MENU_BAR_FINDINGS_MAX, type MenuBarState } from "#contract/menu-bar.ts";
import type { MonitorSnapshot } from "#contract/monitor-port.ts";
import type { PostureSnapshot } from "#contract/posture.ts";
import { visibleText } from "#contract/visible-text.ts";
import { URGENCY } from "./open-findings.ts";
import type { TrayState } from "./tray-state.ts";

const TITLE_MAX = 160;

/**
 * What the popover shows.
 * @param tray what the status item says at this moment: the popover says the same
 * @param snapshot null while the monitor cannot be asked
 */
export function menuBarState(tray: TrayState, snapshot: MonitorSnapshot | null): MenuBarState {
  if (snapshot === null) {
    return { ...tray, protection: null, coverage: null, findings: [], moreFindings: 0, recording: null };
  }
  const open = snapshot.findings.filter(({ state, severity }) => state === "open" && URGENCY[severity] !== "none");
  return {
    ...tray,
    protection: protectionOf(snapshot.posture),
    coverage: coverageOf(snapshot),
    findings: open.slice(0, MENU_BAR_FINDINGS_MAX).map(lineOf),
    moreFindings: Math.max(0, open.length - MENU_BAR_FINDINGS_MAX),
    recording: snapshot.recording === null ? null : visibleText(snapshot.recording.name),
  };
}

function lineOf({ id, title, severity, lastSeen }: Finding): MenuBarState["findings"][number] {
  return { id, title: title.slice(0, TITLE_MAX), severity, lastSeen };
}

function protectionOf({ settings, weakenedSince }: PostureSnapshot): MenuBarState["protection"] {
  if (settings.every(({ readAt }) => readAt === null)) return null;
  const weak = settings.filter(
    ({ inForce, expected }) => inForce !== expected && (inForce === "off" || inForce === "partial"),
  );
  if (weak.length > 0) {
    return {
      state: "weakened",
      words: weak.length === 1 ? "1 protection is weakened" : `${weak.length} protections are weakened`,
    };
  }
  if (weakenedSince !== null) return { state: "weakened", words: "Weaker than expected when last read" };
  // Settings that no probe of this tier reads are on the Posture page; here only what was read and is in doubt.
  const doubtful = settings.filter(
    ({ inForce, readAt }) => inForce === "conflicting" || (readAt !== null && inForce === "unknown"),
  );
  const sip = settings.find(({ id }) => id === "sip");
  if (doubtful.length > 0 || sip?.inForce === "unknown")
    return { state: "unknown", words: "Not every protection could be read" };
  return { state: "strong", words: "Protections are as expected" };
}

function coverageOf({ coverage, recording, live }: MonitorSnapshot): MenuBarState["coverage"] {
  const inTier = coverage.sources.filter(isInTier);
  if (inTier.length === 0) return null;
  if (recording !== null) return { good: false, words: "What a recording tells; this Mac is not shown" };
  const running = inTier.filter(({ state }) => state === "running").length;
  const good = live !== undefined && live.allGood && isAllGood(coverage);
  const words =
    running === inTier.length
      ? `All ${inTier.length} sources see what happens`
      : `${running} of ${inTier.length} sources see what happens`;
  return { good, words };
}
