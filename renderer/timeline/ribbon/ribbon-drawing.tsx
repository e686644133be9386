import { type PointerEvent, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import type { Ribbon } from "#contract/ribbon.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { cx } from "#renderer/ui/cx.ts";
import { hoverText } from "#renderer/ui/hostile-text.tsx";
import { SeverityGlyph, severityWord } from "#renderer/ui/severity-glyph.tsx";
import { clockTime, dayName } from "#renderer/ui/time-format.ts";
import { ORIGIN_WORDS } from "#renderer/ui/words.ts";
import { groupMarks, type MarkGroup, percentOf, ticks, timeAt } from "./geometry.ts";
import { POSTURE_STATE_WORDS, SOURCE_STATE_WORDS, spanTitle, textOf } from "./words.ts";
import styles from "./ribbon-drawing.module.css";

interface Brush {
  start: number;
  end: number;
}

/** A shorter drag than this, in parts of the width, is a click. */
const CLICK = 0.004;
const MARK_PX = 16;
const TICK_PX = 110;
const LABEL_PX = 60;
const DAY_MICROS = 86_400_000_000;
const MINUTE_MICROS = 60_000_000;

/** The drawing: time from left to right. Dragging over it shows only the rows of that time; a click shows all again. */
export function RibbonDrawing({ stores, ribbon }: { stores: Stores; ribbon: Ribbon }) {
  const { timeline, app } = stores;
  const range = useStore(timeline.state, ({ filter }) => filter.range ?? null);
  const field = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  const [brush, setBrush] = useState<Brush | null>(null);
  const { from, to } = ribbon;
  const now = stores.now();

  useEffect(() => {
    const element = field.current;
    if (element === null || typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const placeOf = (event: PointerEvent): number => {
    const box = field.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? 0 : Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest("button") !== null)) return;
    event.currentTarget.setPointerCapture?.(event.pointerId);
    const place = placeOf(event);
    setBrush({ start: place, end: place });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (brush !== null) setBrush({ ...brush, end: placeOf(event) });
  };
  const onPointerUp = () => {
    if (brush === null) return;
    setBrush(null);
    const [left, right] = [Math.min(brush.start, brush.end), Math.max(brush.start, brush.end)];
    if (right - left < CLICK) {
      if (range !== null) timeline.setFilter({ range: null });
      return;
    }
    timeline.setFilter({ range: { from: timeAt(left, from, to), to: timeAt(right, from, to) } });
  };
  const chosen =
    brush === null
      ? range
      : {
          from: timeAt(Math.min(brush.start, brush.end), from, to),
          to: timeAt(Math.max(brush.start, brush.end), from, to),
        };
  const at = (time: number) => `${percentOf(time, from, to)}%`;
  const between = (span: { from: number; to: number }) => ({
    left: at(span.from),
    width: `${percentOf(span.to, from, to) - percentOf(span.from, from, to)}%`,
  });
  const zone = -new Date(now).getTimezoneOffset();
  // A label that begins at the very end would be cut off.
  const labelled = ticks(from, to, Math.max(2, Math.floor(width / TICK_PX)), zone).filter(
    (time) => (percentOf(time, from, to) / 100) * width < width - LABEL_PX,
  );

  const clockLength = labelled.every((time) => time % MINUTE_MICROS === 0) ? "14:32".length : "14:32:07".length;

  return (
    <div className={styles.drawing}>
      <div className={styles.names} aria-hidden>
        <span className={styles.marksName}>Findings</span>
        <span className={styles.postureName}>Protection</span>
        {ribbon.sources.map(({ source }) => (
          <span key={source} className={styles.sourceName} title={ORIGIN_WORDS[source].meaning}>
            {ORIGIN_WORDS[source].long}
          </span>
        ))}
      </div>
      {/* A pointer's way to choose a time; the list offers the same to the keyboard. */}
      <div
        ref={field}
        className={styles.field}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setBrush(null)}
      >
        <div className={styles.marks}>
          {groupMarks(ribbon.findings, from, to, Math.floor(width / MARK_PX)).map((group) => (
            <button
              key={group.worst.findingId}
              type="button"
              tabIndex={-1}
              className={styles.mark}
              style={{ left: `clamp(${MARK_PX / 2}px, ${at(group.at)}, 100% - ${MARK_PX / 2}px)` }}
              title={markTitle(group)}
              aria-label={markTitle(group)}
              onClick={() => app.follow({ kind: "finding", id: group.worst.findingId })}
            >
              <SeverityGlyph severity={group.worst.severity} word={false} size={13} />
            </button>
          ))}
        </div>
        <div className={styles.posture}>
          {ribbon.posture.map((span) => (
            <span
              key={span.from}
              className={cx(styles.postureSpan, styles[span.state])}
              style={between(span)}
              title={hoverText(spanTitle("Protection", POSTURE_STATE_WORDS[span.state], span))}
            />
          ))}
        </div>
        {ribbon.sources.map(({ source, spans }) => (
          <div key={source} className={styles.source}>
            {spans.map((span) => (
              <span
                key={span.from}
                className={cx(styles.sourceSpan, styles[span.state])}
                style={between(span)}
                title={hoverText(spanTitle(ORIGIN_WORDS[source].long, SOURCE_STATE_WORDS[span.state], span))}
              />
            ))}
          </div>
        ))}
        {ribbon.boots.map((boot) => (
          <span
            key={boot}
            className={styles.boot}
            style={{ left: at(boot) }}
            title={`The Mac restarted\n${clockTime(textOf(boot))}`}
          />
        ))}
        {chosen !== null && chosen.to > from && chosen.from < to && (
          <span className={styles.chosen} style={between(chosen)} />
        )}
        <div className={styles.axis} aria-hidden>
          {labelled.map((time) => (
            <span key={time} className={styles.tick} style={{ left: at(time) }}>
              {to - from > DAY_MICROS ? `${dayName(textOf(time), now)} ` : ""}
              {clockTime(textOf(time)).slice(0, clockLength)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

function markTitle({ worst, marks }: MarkGroup): string {
  const more = marks.length === 1 ? "" : ` and ${marks.length - 1} more`;
  return hoverText(`${severityWord(worst.severity)}: ${worst.title}${more}`);
}
