import type { Coverage } from "#contract/coverage.ts";
import type { RecordingState, StoreTrouble } from "#contract/monitor-port.ts";
import type { SourceName } from "#contract/source.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { OpenFindings } from "./open-findings.ts";

/** One picture each, in assets/icons/tray. */
export const TRAY_ICONS = ["calm", "attention", "alert", "degraded"] as const;
export type TrayIcon = (typeof TRAY_ICONS)[number];

export interface TrayState {
  icon: TrayIcon;
  /** What the picture says, in words: the tooltip and the menu's first line. */
  sentence: string;
}

export interface Watching {
  coverage: Coverage;
  recording: RecordingState | null;
  trouble: StoreTrouble | null;
  open: OpenFindings;
}

const SOURCE_WORDS: Record<SourceName, string> = {
  es: "Endpoint Security",
  log: "the unified log",
  fs: "file changes",
  proc: "running processes",
  probe: "the security settings",
};

const plural = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/**
 * What the menu bar shows. It speaks about this Mac only, never about a recording, and is calm only when something
 * is watched: no news is not good news.
 * @param watching what the monitor last said; null while it cannot say anything
 * @param monitorTrouble why it cannot, in words
 */
export function trayState(watching: Watching | null, monitorTrouble: string | null): TrayState {
  if (monitorTrouble !== null) return { icon: "degraded", sentence: monitorTrouble };
  if (watching === null) return { icon: "degraded", sentence: "Sealbar is starting." };
  if (watching.recording !== null) {
    const name = visibleText(watching.recording.name);
    return { icon: "degraded", sentence: `Showing the recording “${name}”. This Mac is not being watched meanwhile.` };
  }
  const blind = blindness(watching);
  const { alert, attention } = watching.open;
  const parts: string[] = [];
  if (alert > 0) parts.push(`${plural(alert, "finding needs", "findings need")} action.`);
  if (attention > 0) parts.push(`${plural(attention, "finding", "findings")} to look at.`);
  if (blind !== null) parts.push(blind);
  if (parts.length === 0) return { icon: "calm", sentence: "Watching this Mac. Nothing needs your attention." };
  const icon = alert > 0 ? "alert" : blind !== null ? "degraded" : "attention";
  return { icon, sentence: parts.join(" ") };
}

function blindness(watching: Watching): string | null {
  if (watching.trouble !== null && watching.trouble.kind !== "set-aside") return watching.trouble.message;
  const sources = watching.coverage.sources;
  if (sources.every((source) => source.state === "absent")) {
    return "This Mac is not being watched; recordings can be opened.";
  }
  const lost = sources.filter((source) =>
    ["denied", "failed", "silent", "stopped", "restarting"].includes(source.state),
  );
  if (lost.length === 0) return null;
  return `Partly blind: ${lost.map((source) => SOURCE_WORDS[source.source]).join(", ")}.`;
}
