import { createStore, type StoreApi } from "zustand/vanilla";
import type { MonitorChange } from "#contract/monitor-port.ts";
import type { TimelineCursor, TimelineFilter, TimelinePage, TimelineRow } from "#contract/timeline.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";
import type { Scheduler } from "./scheduler.ts";
import { cursorAfter, isUnfiltered, markEvidence, mergeRows, NO_FILTER, updateRows } from "./timeline-rows.ts";

const PAGE = 200;
const SEARCH_LENGTH = 200;
const SEARCH_PAUSE_MS = 200;
const REFRESH_PAUSE_MS = 250;
/** Rows kept while following live; older ones are fetched again when scrolled to. */
const FOLLOWED_ROWS = 2_000;
/** Rows that may wait before waiting is a re-query instead. */
const WAITING_ROWS = 2_000;

interface TimelineState {
  phase: "loading" | "ready" | "failed";
  failure: string | null;
  /** Newest first. */
  rows: readonly TimelineRow[];
  next: TimelineCursor | null;
  total: number;
  /** Rows the filter lets through; null: too many to count. */
  matching: number | null;
  filter: TimelineFilter;
  /** What is typed; the filter's text follows after a pause. */
  search: string;
  live: boolean;
  /** Rows that have arrived and are not shown, so that nothing being read moves. */
  waiting: number;
  loadingMore: boolean;
  /** Changes when the list should scroll to its top. */
  toTop: number;
}

export type TimelineStore = ReturnType<typeof createTimelineStore>;

/** The timeline: keyset pages, filters, search, and rows that arrive while someone reads. */
export function createTimelineStore(bridge: Bridge, scheduler: Scheduler) {
  const state: StoreApi<TimelineState> = createStore(() => ({
    phase: "loading" as const,
    failure: null,
    rows: [],
    next: null,
    total: 0,
    matching: 0,
    filter: NO_FILTER,
    search: "",
    live: true,
    waiting: 0,
    loadingMore: false,
    toTop: 0,
  }));
  const { setState, getState } = state;

  let atTop = true;
  let held = false;
  /** Rows held back, or null when there are too many to hold: then showing them is a re-query. */
  let pending: TimelineRow[] | null = [];
  /** Rows the filter let through when all of them were last shown; null: not known. */
  let shown: number | null = 0;
  /** Answers to questions of an older generation are ignored. */
  let generation = 0;
  let cancelSearch = (): void => undefined;
  let cancelRefresh: (() => void) | null = null;

  const following = (): boolean => getState().live && atTop && !held;

  function question(before: TimelineCursor | null) {
    return bridge.invoke("timelinePage", { filter: getState().filter, before, limit: PAGE });
  }

  async function load(): Promise<void> {
    generation += 1;
    const mine = generation;
    pending = [];
    cancelRefresh?.();
    cancelRefresh = null;
    setState({ phase: getState().rows.length === 0 ? "loading" : getState().phase, waiting: 0, loadingMore: false });
    const answer = await question(null);
    if (mine !== generation) return;
    if (!answer.ok) return setState({ phase: "failed", failure: answer.error.message });
    const { rows, next, total, matching } = answer.value;
    shown = matching;
    setState({ phase: "ready", failure: null, rows, next, total, matching });
  }

  /** Fetches the newest page again without moving what is being read. */
  async function refresh(): Promise<void> {
    const mine = generation;
    const answer = await question(null);
    if (mine !== generation) return;
    if (!answer.ok) return setState({ failure: answer.error.message });
    if (getState().phase !== "ready") setState({ phase: "ready" });
    arrange(answer.value);
  }

  function arrange(page: TimelinePage): void {
    const { rows, waiting } = getState();
    const known = new Set(rows.map((row) => row.rowId));
    const fresh = page.rows.filter((row) => !known.has(row.rowId));
    const touches = rows.length === 0 || page.next === null || fresh.length < page.rows.length;
    const counts = { total: page.total, matching: page.matching, failure: null };
    if (following()) {
      shown = page.matching;
      if (touches) return setState({ ...counts, ...trimmed(mergeRows(page.rows, rows)), waiting: 0 });
      return setState({ ...counts, rows: page.rows, next: page.next, waiting: 0 });
    }
    pending = touches ? fresh : null;
    const counted = page.matching === null || shown === null ? waiting : page.matching - shown;
    const held = touches ? fresh.length : Math.max(fresh.length, counted);
    setState({ ...counts, rows: updateRows(rows, page.rows), waiting: held });
  }

  function trimmed(rows: TimelineRow[]): Pick<TimelineState, "rows"> & Partial<Pick<TimelineState, "next">> {
    const last = rows[FOLLOWED_ROWS - 1];
    if (rows.length <= FOLLOWED_ROWS || last === undefined) return { rows };
    return { rows: rows.slice(0, FOLLOWED_ROWS), next: cursorAfter(last) };
  }

  function scheduleRefresh(): void {
    if (cancelRefresh !== null) return;
    cancelRefresh = scheduler.after(REFRESH_PAUSE_MS, () => {
      cancelRefresh = null;
      void refresh();
    });
  }

  function receive(incoming: readonly TimelineRow[]): void {
    const { rows } = getState();
    const known = new Set(rows.map((row) => row.rowId));
    const fresh = incoming.filter((row) => !known.has(row.rowId));
    const updated = fresh.length < incoming.length ? updateRows(rows, incoming) : rows;
    if (following()) {
      shown = getState().matching;
      return setState(trimmed(mergeRows(fresh, updated)));
    }
    pending = pending === null ? null : mergeRows(fresh, pending);
    if (pending !== null && pending.length > WAITING_ROWS) pending = null;
    setState({ rows: updated, waiting: pending === null ? getState().waiting + fresh.length : pending.length });
  }

  function release(): void {
    if (getState().waiting === 0) return;
    if (pending === null) return void load();
    const rows = mergeRows(pending, getState().rows);
    pending = [];
    shown = getState().matching;
    setState({ ...trimmed(rows), waiting: 0 });
  }

  function setFilter(change: Partial<TimelineFilter>): void {
    setState({ filter: { ...getState().filter, ...change }, rows: [], next: null, phase: "loading" });
    held = false;
    void load();
  }

  return {
    state,
    load,
    refresh,
    /** Takes what a change brings; call only with changes that follow on the snapshot. */
    accept(change: MonitorChange): void {
      const { phase, filter } = getState();
      const unfiltered = isUnfiltered(filter);
      setState({ total: change.totals.events, ...(unfiltered ? { matching: change.totals.events } : {}) });
      if (change.changedRows.length > 0) {
        setState({ rows: updateRows(getState().rows, change.changedRows) });
        if (pending !== null) pending = updateRows(pending, change.changedRows);
      }
      if (change.findings !== null) {
        setState({ rows: markEvidence(getState().rows, change.findings) });
        if (pending !== null) pending = [...markEvidence(pending, change.findings)];
      }
      if (phase !== "ready" || !unfiltered || change.rows === null || change.findings === null)
        return scheduleRefresh();
      receive(change.rows);
    },
    async loadMore(): Promise<void> {
      const { next, loadingMore, phase } = getState();
      if (next === null || loadingMore || phase !== "ready") return;
      const mine = generation;
      setState({ loadingMore: true });
      const answer = await question(next);
      if (mine !== generation) return;
      if (!answer.ok) return setState({ loadingMore: false, failure: answer.error.message });
      setState({ rows: mergeRows(getState().rows, answer.value.rows), next: answer.value.next, loadingMore: false });
    },
    /** The list's scroll position: at its top, live rows are let in. */
    setAtTop(top: boolean): void {
      atTop = top;
      if (following()) release();
    },
    /** Someone reads a row: nothing moves until they let go or ask for the new rows. */
    hold(reading: boolean): void {
      held = reading;
      if (following()) release();
    },
    showWaiting(): void {
      held = false;
      release();
      setState({ toTop: getState().toTop + 1 });
    },
    setLive(live: boolean): void {
      setState({ live });
      if (!live) return;
      held = false;
      release();
      setState({ toTop: getState().toTop + 1 });
    },
    setFilter,
    clearFilters(): void {
      cancelSearch();
      setState({ search: "" });
      setFilter(NO_FILTER);
    },
    setSearch(search: string): void {
      const text = search.slice(0, SEARCH_LENGTH);
      setState({ search: text });
      cancelSearch();
      cancelSearch = scheduler.after(SEARCH_PAUSE_MS, () => {
        if (getState().filter.text !== text) setFilter({ text });
      });
    },
    /** Other data altogether, e.g. a recording was opened. */
    reset(): void {
      held = false;
      setState({ rows: [], next: null, phase: "loading", total: 0, matching: 0, toTop: getState().toTop + 1 });
      void load();
    },
  };
}
