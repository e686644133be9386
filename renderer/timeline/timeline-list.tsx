// A virtualised grid places its rows itself, which table elements do not let it do.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { TimelineRow } from "#contract/timeline.ts";
import { visibleText } from "#contract/visible-text.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { dayName } from "#renderer/ui/time-format.ts";
import { rowElementId, TimelineRowView } from "./timeline-row.tsx";
import styles from "./timeline-list.module.css";

const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 24;
/** Rows from the end at which older ones are fetched. */
const FETCH_AHEAD = 30;

/** The virtualised grid: one tab stop, arrows move the selection, what is being read never moves. */
export function TimelineList({ stores }: { stores: Stores }) {
  const { app, timeline } = stores;
  const rows = useStore(timeline.state, (state) => state.rows);
  const matching = useStore(timeline.state, (state) => state.matching);
  const toTop = useStore(timeline.state, (state) => state.toTop);
  const selected = useStore(app.state, ({ history }) =>
    history.here.selection?.kind === "event" ? history.here.selection.rowId : null,
  );
  const inspectorOpen = useStore(app.state, (state) => state.inspectorOpen);
  const scroller = useRef<HTMLDivElement>(null);
  const at = selected === null ? -1 : rows.findIndex((row) => row.rowId === selected);

  // Its functions are used here and go no further, so nothing memoised can grow stale.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    // The column heads stay at the top of the scrolled part, so that they keep the rows' width.
    paddingStart: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    getItemKey: (index) => rows[index]?.rowId ?? index,
  });
  const items = virtual.getVirtualItems();
  const drawn = items.some((item) => item.index === at);
  const first = rows[Math.floor((virtual.scrollOffset ?? 0) / ROW_HEIGHT)];
  const lastShown = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (lastShown >= rows.length - FETCH_AHEAD) void timeline.loadMore();
  }, [lastShown, rows.length, timeline]);

  useEffect(() => {
    if (toTop > 0) scroller.current?.scrollTo({ top: 0 });
  }, [toTop]);

  // Only a new selection scrolls into view; rows arriving above it do not.
  useEffect(() => {
    if (selected === null) return;
    const index = timeline.state.getState().rows.findIndex((row) => row.rowId === selected);
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
  }, [selected, timeline, virtual]);

  // A new list begins at its top.
  useEffect(() => timeline.setAtTop(true), [timeline]);

  const select = useCallback(
    (row: TimelineRow | undefined) => {
      if (row === undefined) return;
      timeline.hold(true);
      app.select({ kind: "event", rowId: row.rowId });
    },
    [app, timeline],
  );
  const open = useCallback(
    (rowId: number) => {
      timeline.hold(true);
      app.open({ kind: "event", rowId });
    },
    [app, timeline],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if ((event.metaKey || event.ctrlKey) && event.key === "c" && row !== undefined) {
      event.preventDefault();
      void app.copy(rowText(row));
    }
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const last = rows.length - 1;
    const targets: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      select(rows[Math.min(last, Math.max(0, target))]);
    } else if (event.key === "Enter" && selected !== null) {
      event.preventDefault();
      open(selected);
      requestAnimationFrame(() => document.getElementById("inspector")?.focus());
    } else if (event.key === " ") {
      event.preventDefault();
      if (selected === null) select(rows[0]);
      app.setInspectorOpen(selected === null || !inspectorOpen);
    }
  };

  return (
    // One tab stop: the grid has the focus and names its active row, which also works while rows come and go.
    // oxlint-disable-next-line jsx-a11y/aria-activedescendant-has-tabindex
    <div
      ref={scroller}
      className={styles.grid}
      role="grid"
      aria-label="Timeline"
      aria-rowcount={(matching ?? rows.length) + 1}
      aria-activedescendant={selected !== null && drawn ? rowElementId(selected) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => timeline.setAtTop(event.currentTarget.scrollTop <= 1)}
    >
      <div className={styles.canvas} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        <div className={styles.head} role="row" aria-rowindex={1}>
          <span role="columnheader" className={styles.time} aria-label="Time">
            {first === undefined ? "Time" : dayName(first.at, stores.now())}
          </span>
          <span role="columnheader" className={styles.sign}>
            <span className="visually-hidden">Severity</span>
          </span>
          <span role="columnheader" className={styles.what}>
            Event
          </span>
          <span role="columnheader" className={styles.trust}>
            Signature
          </span>
          <span role="columnheader" className={styles.origin}>
            Source
          </span>
        </div>
        {items.map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <TimelineRowView
              key={item.key}
              row={row}
              index={item.index}
              top={item.start}
              selected={row.rowId === selected}
              newDay={newDayAt(rows, item.index)}
              onOpen={open}
            />
          );
        })}
      </div>
    </div>
  );
}

/** A row as one line for a ticket: UTC, and nothing in it that hides or reorders. */
function rowText({ at, title, detail }: TimelineRow): string {
  return `${at}  ${visibleText(title)}  ${visibleText(detail)}`;
}

/** The local date when a row begins another day than the row above it. */
function newDayAt(rows: readonly TimelineRow[], index: number): string | null {
  const row = rows[index];
  const above = rows[index - 1];
  if (row === undefined || above === undefined || row.at.slice(0, 13) === above.at.slice(0, 13)) return null;
  const day = new Date(row.at).toLocaleDateString(undefined, { day: "numeric", month: "short" });
  return day === new Date(above.at).toLocaleDateString(undefined, { day: "numeric", month: "short" }) ? null : day;
}
