// A virtualised grid places its rows itself, which table elements do not let it do.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { EyeOff, type LucideIcon, Moon, Power, ShieldHalf } from "lucide-react";
import { memo } from "react";
import type { TimelineRow } from "#contract/timeline.ts";
import { cx } from "#renderer/ui/cx.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { PathText } from "#renderer/ui/path-text.tsx";
import { SeverityGlyph } from "#renderer/ui/severity-glyph.tsx";
import { RowTime } from "#renderer/ui/time-text.tsx";
import { TrustGlyph } from "#renderer/ui/trust-glyph.tsx";
import { ORIGIN_WORDS } from "#renderer/ui/words.ts";
import columns from "./timeline-list.module.css";
import styles from "./timeline-row.module.css";

/** Enough for the widest window; the rest is in the inspector. */
const SHOWN_CHARACTERS = 300;

/** Kinds that are about the recording itself are drawn as bands, so that quiet and blind look different. */
const BANDS: Record<string, { look: "blind" | "calm"; Icon: LucideIcon }> = {
  gap: { look: "blind", Icon: EyeOff },
  fault: { look: "blind", Icon: EyeOff },
  sleep: { look: "calm", Icon: Moon },
  session_start: { look: "calm", Icon: Power },
  session_end: { look: "calm", Icon: Power },
  posture_change: { look: "calm", Icon: ShieldHalf },
};

export function rowElementId(rowId: number): string {
  return `event-${rowId}`;
}

interface TimelineRowViewProps {
  row: TimelineRow;
  index: number;
  top: number;
  selected: boolean;
  /** Set when this row begins another day than the one above. */
  newDay: string | null;
  onOpen: (rowId: number) => void;
}

/** One line of the timeline. */
export const TimelineRowView = memo(function TimelineRowView({
  row,
  index,
  top,
  selected,
  newDay,
  onOpen,
}: TimelineRowViewProps) {
  const band = BANDS[row.kind];
  return (
    // The grid has the keyboard; the row only takes the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={rowElementId(row.rowId)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={cx(
        styles.row,
        band && styles[band.look],
        selected && styles.selected,
        newDay !== null && styles.newDay,
      )}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onOpen(row.rowId)}
    >
      <span role="gridcell" className={cx(columns.time, styles.time)}>
        <RowTime at={row.at} />
      </span>
      <span role="gridcell" className={cx(columns.sign, styles.sign)}>
        {row.severity !== null ? (
          <SeverityGlyph severity={row.severity} word={false} />
        ) : (
          band && <band.Icon size={14} aria-hidden className={styles.bandIcon} />
        )}
      </span>
      <span role="gridcell" className={cx(columns.what, styles.what)}>
        <HostileText className={styles.title} text={row.title} limit={SHOWN_CHARACTERS} />
        {row.detail === row.path ? (
          <PathText className={styles.detail} path={row.path} />
        ) : (
          <HostileText
            className={cx(styles.detail, isCode(row) && styles.code)}
            text={row.detail}
            limit={SHOWN_CHARACTERS}
            hover
          />
        )}
        {newDay !== null && <span className={styles.day}>{newDay}</span>}
      </span>
      <span role="gridcell" className={columns.trust}>
        {row.trust !== null && row.trust !== "not-code" && <TrustGlyph trust={row.trust} />}
      </span>
      <span role="gridcell" className={cx(columns.origin, styles.origin)}>
        {ORIGIN_WORDS[row.origin].short}
      </span>
    </div>
  );
});

/** Command lines are set like paths; messages and sentences are not. */
function isCode(row: TimelineRow): boolean {
  return row.kind === "exec" || row.path !== null;
}
