import { isAllGood, isInTier } from "#contract/coverage.ts";
import type { Finding } from "#contract/finding.ts";
import { MENU_BAR_FINDINGS_MAX, type MenuBarState } from "#contract/menu-bar.ts";
import type { MonitorSnapshot } from "#contract/monitor-port.ts";
import type { PostureSnapshot } from "#contract/posture.ts";
import { isWeakened, isWeaker } from "#contract/posture-rank.ts";
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

const protections = (count: number): string => (count === 1 ? "1 protection" : `${count} protections`);

/** In the words of the Posture page, which tells the rest. */
function protectionOf({ settings, weakenedSince }: PostureSnapshot): MenuBarState["protection"] {
  if (settings.every(({ readAt }) => readAt === null)) return null;
  const weak = settings.filter(isWeakened).length;
  if (weak > 0) {
    return { state: "weakened", words: `${protections(weak)} ${weak === 1 ? "is" : "are"} weaker than expected` };
  }
  if (weakenedSince !== null) return { state: "weakened", words: "Weaker than expected when last read" };
  const later = settings.filter(({ afterBoot, expected }) => isWeaker(afterBoot, expected)).length;
  if (later > 0) return { state: "weakened", words: `${protections(later)} will be weaker after the next restart` };
  const unread = settings.filter(({ inForce }) => inForce === "unknown" || inForce === "conflicting");
  if (unread.length === 0) return { state: "strong", words: "Protections are as expected" };
  // What no probe of this tier reads is no doubt; what was read and is not clear is, and so is SIP.
  const doubtful = unread.some(
    ({ id, inForce, readAt }) => id === "sip" || inForce === "conflicting" || readAt !== null,
  );
  return doubtful
    ? { state: "unknown", words: "Not every protection could be read" }
    : { state: "strong", words: "What could be read is as expected" };
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
