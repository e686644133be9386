import { createStore, type StoreApi } from "zustand/vanilla";
import type { Ribbon } from "#contract/ribbon.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";
import type { Scheduler } from "./scheduler.ts";

/** The ribbon follows what comes in, but not every row of it. */
const REFRESH_PAUSE_MS = 2_000;
/** The first drawing moves the rows below it: it comes before anyone reads them. */
const FIRST_PAUSE_MS = 150;
const MICROS = 1_000;

export const RIBBON_SPANS = ["all", "week", "day", "hour"] as const;
export type RibbonSpan = (typeof RIBBON_SPANS)[number];

/** Microseconds back from the newest record; null: everything. */
const LENGTH: Record<RibbonSpan, number | null> = {
  all: null,
  week: 7 * 86_400_000 * MICROS,
  day: 86_400_000 * MICROS,
  hour: 3_600_000 * MICROS,
};

interface RibbonState {
  ribbon: Ribbon | null;
  failure: string | null;
  span: RibbonSpan;
  /** How long all that is stored lasted; spans longer than that are of no use. */
  extent: number;
}

export type RibbonStore = ReturnType<typeof createRibbonStore>;

/** The spans that show less than everything. */
export function usefulSpans(extent: number): RibbonSpan[] {
  return RIBBON_SPANS.filter((span) => LENGTH[span] === null || LENGTH[span] < extent);
}

/** What the ribbon above the timeline shows. */
export function createRibbonStore(bridge: Bridge, scheduler: Scheduler) {
  const state: StoreApi<RibbonState> = createStore(() => ({
    ribbon: null,
    failure: null,
    span: "all" as const,
    extent: 0,
  }));
  const { setState, getState } = state;
  let generation = 0;
  let cancelRefresh: (() => void) | null = null;

  async function load(): Promise<void> {
    generation += 1;
    const mine = generation;
    cancelRefresh?.();
    cancelRefresh = null;
    const whole = await bridge.invoke("ribbon", { from: null, to: null });
    if (mine !== generation) return;
    if (!whole.ok) return setState({ failure: whole.error.message });
    const { from, to } = whole.value;
    const length = LENGTH[getState().span];
    setState({ extent: to - from });
    if (length === null || length >= to - from) return setState({ ribbon: whole.value, failure: null });
    const part = await bridge.invoke("ribbon", { from: to - length, to });
    if (mine !== generation) return;
    setState(part.ok ? { ribbon: part.value, failure: null } : { failure: part.error.message });
  }

  return {
    state,
    load,
    /** Something came in. */
    touch(): void {
      const { ribbon } = getState();
      const isFirst = ribbon === null || ribbon.to - ribbon.from <= 1;
      cancelRefresh ??= scheduler.after(isFirst ? FIRST_PAUSE_MS : REFRESH_PAUSE_MS, () => {
        cancelRefresh = null;
        void load();
      });
    },
    show(span: RibbonSpan): void {
      setState({ span });
      void load();
    },
    /** Other data altogether. */
    reset(): void {
      setState({ ribbon: null, failure: null, span: "all", extent: 0 });
      void load();
    },
    stop(): void {
      generation += 1;
      cancelRefresh?.();
    },
  };
}
