import type { Coverage, SourceCoverage } from "#contract/coverage.ts";
import type { LiveStatus, RecordingState, StoreTrouble } from "#contract/monitor-port.ts";
import type { SourceName } from "#contract/source.ts";
import type { TrayIcon } from "#contract/menu-bar.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { OpenFindings } from "./open-findings.ts";

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
  /** This Mac's own collection; left out: nothing is collected here. */
  live?: LiveStatus | undefined;
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
    return { icon: "degraded", sentence: `Showing the recording “${name}”. ${meanwhile(watching.live)}` };
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

/** What goes on behind a recording. */
function meanwhile(live: LiveStatus | undefined): string {
  if (live === undefined || !isWatching(live)) return "This Mac is not being watched meanwhile.";
  return live.allGood ? "This Mac is being watched meanwhile." : "This Mac is only partly watched meanwhile.";
}

const isWatching = ({ helper }: LiveStatus): boolean => helper.phase === "connected";

function blindness(watching: Watching): string | null {
  if (watching.trouble !== null && watching.trouble.kind !== "set-aside") return watching.trouble.message;
  const sources = watching.coverage.sources;
  const { live } = watching;
  if (live !== undefined && !isWatching(live)) return helperIsAway(live);
  if (sources.every((source) => source.state === "absent")) {
    return "This Mac is not being watched; recordings can be opened.";
  }
  const lost = sources.filter((source) =>
    ["denied", "failed", "silent", "stopped", "restarting"].includes(source.state),
  );
  const inTier = sources.filter((source) => source.state !== "absent");
  if (live !== undefined && lost.length === inTier.length) return "Blind: no source sees anything of this Mac.";
  if (lost.length > 0) return `Partly blind: ${named(lost)}.`;
  return live === undefined ? null : notProved(watching.coverage, live);
}

const named = (sources: readonly SourceCoverage[]): string =>
  sources.map(({ source }) => SOURCE_WORDS[source]).join(", ");

function helperIsAway({ helper }: LiveStatus): string {
  if (helper.phase === "connecting") return "Sealbar is starting to watch this Mac.";
  const reason = helper.reason === null ? "" : ` ${visibleText(helper.reason)}`;
  return `Blind: this Mac is not being watched.${reason}`;
}

/** Nothing is lost, but that alone is no proof: every source has to deliver, and what it delivers has to be readable. */
function notProved({ sources, formatChanges = [], journalDoubt }: Coverage, live: LiveStatus): string | null {
  if (journalDoubt !== undefined) return visibleText(journalDoubt);
  if (formatChanges.length > 0) return "Partly blind: macOS writes some lines differently now.";
  if (!live.allGood) {
    const starting = sources.filter(({ state }) => state === "starting");
    return starting.length === 0 ? "Not every source has proved itself." : `Verifying: ${named(starting)}.`;
  }
  return live.helper.reason === null ? null : `Degraded: ${visibleText(live.helper.reason)}`;
}
