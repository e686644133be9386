import { createStore, type StoreApi } from "zustand/vanilla";
import type { Finding, FindingQuery } from "#contract/finding.ts";
import type { MonitorChange, MonitorSnapshot } from "#contract/monitor-port.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";

const PAGE = 100;
/** Pages read to find one finding by its number before giving up. */
const SEARCHED_PAGES = 20;

interface FindingsState {
  phase: "loading" | "ready" | "failed";
  failure: string | null;
  /** Last seen first. */
  findings: readonly Finding[];
  next: FindingQuery["before"];
  total: number;
  loadingMore: boolean;
}

export type FindingsStore = ReturnType<typeof createFindingsStore>;

function byLastSeen(a: Finding, b: Finding): number {
  if (a.lastSeen !== b.lastSeen) return a.lastSeen < b.lastSeen ? 1 : -1;
  return b.id - a.id;
}

function merge(fresh: readonly Finding[], known: readonly Finding[]): Finding[] {
  const byId = new Map(known.map((finding) => [finding.id, finding]));
  for (const finding of fresh) byId.set(finding.id, finding);
  return Array.from(byId.values()).sort(byLastSeen);
}

/** The findings, kept up to date by revisioned changes. */
export function createFindingsStore(bridge: Bridge) {
  const state: StoreApi<FindingsState> = createStore(() => ({
    phase: "loading" as const,
    failure: null,
    findings: [],
    next: null,
    total: 0,
    loadingMore: false,
  }));
  const { setState, getState } = state;

  /** Answers to questions from before a snapshot are ignored: they may be about other data. */
  let generation = 0;

  function replace(findings: readonly Finding[], total: number): void {
    const last = findings.at(-1);
    const next = last !== undefined && findings.length < total ? { lastSeen: last.lastSeen, id: last.id } : null;
    setState({ phase: "ready", failure: null, findings, total, next });
  }

  async function reload(): Promise<void> {
    const mine = generation;
    const answer = await bridge.invoke("findingsPage", { limit: PAGE, before: null });
    if (mine !== generation) return;
    if (answer.ok) replace(answer.value.findings, answer.value.total);
    else setState({ phase: "failed", failure: answer.error.message });
  }

  async function loadMore(): Promise<void> {
    const { next, loadingMore } = getState();
    if (next === null || loadingMore) return;
    const mine = generation;
    setState({ loadingMore: true });
    const answer = await bridge.invoke("findingsPage", { limit: PAGE, before: next });
    if (mine !== generation) return;
    if (!answer.ok) return setState({ loadingMore: false, next: null, failure: answer.error.message });
    const findings = merge(getState().findings, answer.value.findings);
    setState({ findings, next: answer.value.next, total: answer.value.total, loadingMore: false });
  }

  return {
    state,
    reload,
    loadMore,
    applySnapshot(monitor: MonitorSnapshot): void {
      generation += 1;
      setState({ loadingMore: false });
      replace(monitor.findings, monitor.totals.findings);
    },
    /** @returns the findings that were not known before */
    accept(change: MonitorChange): Finding[] {
      if (change.findings === null) {
        void reload();
        return [];
      }
      const { findings } = getState();
      const known = new Set(findings.map((finding) => finding.id));
      const fresh = change.findings.filter((finding) => !known.has(finding.id));
      if (change.findings.length > 0) setState({ findings: merge(change.findings, findings) });
      setState({ phase: "ready", total: change.totals.findings });
      return fresh;
    },
    /** Reads pages until a finding is there, for links to findings further down. */
    async ensure(id: number): Promise<void> {
      for (let page = 0; page < SEARCHED_PAGES; page += 1) {
        const { findings, next, loadingMore } = getState();
        if (findings.some((finding) => finding.id === id) || next === null || loadingMore) return;
        await loadMore();
      }
    },
  };
}
