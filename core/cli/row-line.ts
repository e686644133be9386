import type { Finding } from "#contract/finding.ts";
import type { TimelineRow } from "#contract/timeline.ts";
import { visibleText } from "#contract/visible-text.ts";
import { middleCut, SEVERITY_GLYPH, severityStyle, type Terminal, trustStyle, wrap } from "./terminal.ts";

/** Kinds that tell the story; the others are counted in the summary and shown with --all. */
const TOLD = new Set([
  "exec",
  "process_snapshot",
  "deleteextattr",
  "setextattr",
  "fs_change",
  "cs_invalidated",
  "gatekeeper_user_override",
  "xp_malware_detected",
  "xp_malware_remediated",
  "btm_launch_item_add",
  "profile_add",
  "posture_change",
  "session_start",
  "session_end",
  "gap",
  "sleep",
  "status",
  "fault",
]);

export const isTold = (row: TimelineRow): boolean => TOLD.has(row.kind) || row.severity !== null;

const TIME_WIDTH = 8;
const TRUST_WIDTH = 13;
const TITLE_WIDTH = 38;

/** One row, one line: time (UTC of the recording's clock), seal, what happened, where. */
export function rowLine(row: TimelineRow, terminal: Terminal): string {
  const time = terminal.style("dim", row.at.slice(11, 11 + TIME_WIDTH));
  const trust = row.trust ?? "";
  const seal =
    row.trust === null
      ? " ".repeat(TRUST_WIDTH)
      : terminal.style(trustStyle(row.trust), trust.slice(0, TRUST_WIDTH).padEnd(TRUST_WIDTH));
  const title = middleCut(visibleText(row.title), TITLE_WIDTH).padEnd(TITLE_WIDTH);
  const room = Math.max(20, terminal.columns - TIME_WIDTH - TRUST_WIDTH - TITLE_WIDTH - 6);
  const detail = middleCut(visibleText(row.detail), room);
  const mark = row.severity === null ? " " : terminal.style(severityStyle(row.severity), SEVERITY_GLYPH[row.severity]);
  return `${time} ${mark} ${seal} ${row.severity === null ? title : terminal.style("bold", title)} ${terminal.style("dim", detail)}`;
}

/** A finding as a short block: severity and title, then each sentence of its explanation. */
export function findingBlock(finding: Finding, terminal: Terminal): string[] {
  const colour = severityStyle(finding.severity);
  const bar = terminal.style(colour, "┃");
  const width = Math.min(96, terminal.columns - 4);
  const tags = [...finding.behaviours, ...finding.analytics].join(" ");
  const again = finding.count > 1 ? `, ${finding.count} times` : "";
  const head = `${SEVERITY_GLYPH[finding.severity]} ${finding.severity}: ${visibleText(finding.title)}`;
  return [
    `${bar} ${terminal.style([colour === "dim" ? "cyan" : "bold"], head)} ${terminal.style("dim", `${tags}${again}`)}`,
    ...finding.clauses.flatMap((clause) =>
      wrap(visibleText(clause.text), width).map(
        (line) =>
          `${bar}   ${clause.kind === "unknown" || clause.kind === "next" ? terminal.style("dim", line) : line}`,
      ),
    ),
  ];
}
