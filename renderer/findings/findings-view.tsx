// A virtualised list of two-line rows; no element of HTML is a listbox that looks like this.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { useVirtualizer } from "@tanstack/react-virtual";
import { CircleAlert, FileCheck2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { Finding } from "#contract/finding.ts";
import type { MonitorSnapshot } from "#contract/monitor-port.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { cx } from "#renderer/ui/cx.ts";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { SeverityGlyph } from "#renderer/ui/severity-glyph.tsx";
import { Skeleton } from "#renderer/ui/skeleton.tsx";
import { SentenceTime } from "#renderer/ui/time-text.tsx";
import { ORIGIN_WORDS } from "#renderer/ui/words.ts";
import styles from "./findings-view.module.css";

const ROW_HEIGHT = 48;
const FETCH_AHEAD = 10;
const elementId = (id: number): string => `finding-${id}`;

/** The findings, last seen first; what one says is in the inspector. */
export function FindingsView({ stores }: { stores: Stores }) {
  const { findings: store } = stores;
  const phase = useStore(store.state, (state) => state.phase);
  const failure = useStore(store.state, (state) => state.failure);
  const findings = useStore(store.state, (state) => state.findings);
  if (phase === "loading") return <Skeleton label="Reading the findings" tall />;
  if (phase === "failed") {
    return (
      <EmptyState
        Icon={CircleAlert}
        title="The findings could not be read"
        actions={<Button onClick={() => void store.reload()}>Try again</Button>}
      >
        {failure} They are kept; they only cannot be shown now.
      </EmptyState>
    );
  }
  return findings.length === 0 ? <NoFindings stores={stores} /> : <FindingsList stores={stores} findings={findings} />;
}

function NoFindings({ stores: { app } }: { stores: Stores }) {
  const monitor = useStore(app.state, (state) => state.monitor);
  const live = useStore(app.state, (state) => state.info?.liveCollection === true);
  const recording = monitor?.recording ?? null;
  return (
    <EmptyState Icon={FileCheck2} title={recording === null ? "No findings" : "No findings in this recording so far"}>
      {monitor !== null && (recording !== null || live)
        ? lookedAt(monitor)
        : "Nothing is being collected from this Mac. Open a recording from the Timeline."}
    </EmptyState>
  );
}

/** What was looked at without a finding: of a recording whatever it told, of this Mac what is watched now. */
function lookedAt({ coverage, recording, totals }: Pick<MonitorSnapshot, "coverage" | "recording" | "totals">): string {
  const sources = coverage.sources.filter(({ state, events }) =>
    recording === null ? state === "running" : events > 0,
  );
  if (sources.length === 0) return "No source has delivered anything, so this says nothing about the Mac.";
  const names = sources.map(({ source }) => ORIGIN_WORDS[source].long).join(", ");
  const part = recording === null || recording.problem === null ? "" : " The rest of the recording could not be read.";
  return `${totals.events.toLocaleString()} records looked at, from ${names}.${part}`;
}

function FindingsList({ stores, findings }: { stores: Stores; findings: readonly Finding[] }) {
  const { app, findings: store } = stores;
  const selected = useStore(app.state, ({ history }) =>
    history.here.selection?.kind === "finding" ? history.here.selection.id : null,
  );
  const total = useStore(store.state, (state) => state.total);
  const inspectorOpen = useStore(app.state, (state) => state.inspectorOpen);
  const scroller = useRef<HTMLDivElement>(null);
  const at = findings.findIndex((finding) => finding.id === selected);
  // Its functions are used here and go no further, so nothing memoised can grow stale.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: findings.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    getItemKey: (index) => findings[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const drawn = items.some((item) => item.index === at);
  const lastShown = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (lastShown >= findings.length - FETCH_AHEAD) void store.loadMore();
  }, [lastShown, findings.length, store]);
  useEffect(() => {
    const index = store.state.getState().findings.findIndex((finding) => finding.id === selected);
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
  }, [selected, store, virtual]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const last = findings.length - 1;
    const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), Home: 0, End: last };
    const target = targets[event.key];
    const next = findings[Math.min(last, target ?? -1)];
    if (target !== undefined && next !== undefined) {
      event.preventDefault();
      app.select({ kind: "finding", id: next.id });
    } else if (event.key === "Enter" && selected !== null) {
      event.preventDefault();
      app.open({ kind: "finding", id: selected });
      requestAnimationFrame(() => document.getElementById("inspector")?.focus());
    } else if (event.key === " ") {
      event.preventDefault();
      const [first] = findings;
      if (selected === null && first !== undefined) app.select({ kind: "finding", id: first.id });
      app.setInspectorOpen(selected === null || !inspectorOpen);
    }
  };

  return (
    <div
      ref={scroller}
      className={styles.list}
      role="listbox"
      aria-label="Findings"
      aria-activedescendant={selected !== null && drawn ? elementId(selected) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={styles.canvas} role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const finding = findings[item.index];
          if (finding === undefined) return null;
          return (
            // The list has the keyboard; the row only takes the pointer.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={item.key}
              id={elementId(finding.id)}
              role="option"
              aria-selected={finding.id === selected}
              aria-posinset={item.index + 1}
              aria-setsize={Math.max(total, findings.length)}
              className={cx(styles.row, finding.id === selected && styles.selected)}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={() => app.open({ kind: "finding", id: finding.id })}
            >
              <span className={styles.sign}>
                <SeverityGlyph severity={finding.severity} word={false} size={16} />
              </span>
              <span className={styles.lines}>
                <HostileText className={styles.title} text={finding.title} limit={300} />
                <HostileText className={styles.why} text={secondLine(finding)} limit={300} />
              </span>
              <span className={styles.side}>
                <SentenceTime at={finding.lastSeen} now={stores.now()} />
                <span>{finding.count > 1 ? `${finding.count.toLocaleString()} times` : ""}</span>
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The first reason; without one the verdict. */
function secondLine(finding: Finding): string {
  const clause = finding.clauses.find(({ kind }) => kind === "why") ?? finding.clauses[0];
  // Backticks mark commands, which one line does not set apart.
  return clause?.text.replaceAll("`", "") ?? finding.rule;
}
