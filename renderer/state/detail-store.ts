import { createStore, type StoreApi } from "zustand/vanilla";
import type { EventDetail } from "#contract/timeline.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";

type DetailState =
  | { phase: "idle" }
  | { phase: "loading"; rowId: number }
  | { phase: "ready"; rowId: number; detail: EventDetail }
  /** The record is no longer kept. */
  | { phase: "gone"; rowId: number }
  | { phase: "failed"; rowId: number; failure: string };

export type DetailStore = ReturnType<typeof createDetailStore>;

/** The one record the inspector shows. */
export function createDetailStore(bridge: Bridge) {
  const state: StoreApi<DetailState> = createStore<DetailState>(() => ({ phase: "idle" }));
  let wanted: number | null = null;
  /** Answers about other data are ignored, even about a row of the same number. */
  let generation = 0;

  async function load(rowId: number): Promise<void> {
    wanted = rowId;
    const mine = generation;
    const shown = state.getState();
    // The one on screen stays while the same record is read again.
    if (shown.phase !== "ready" || shown.rowId !== rowId) state.setState({ phase: "loading", rowId }, true);
    const answer = await bridge.invoke("eventDetail", { rowId });
    if (wanted !== rowId || mine !== generation) return;
    if (!answer.ok) state.setState({ phase: "failed", rowId, failure: answer.error.message }, true);
    else if (answer.value === null) state.setState({ phase: "gone", rowId }, true);
    else state.setState({ phase: "ready", rowId, detail: answer.value }, true);
  }

  return {
    state,
    load,
    /** Other data altogether, e.g. a recording was opened. */
    reset(): void {
      generation += 1;
      wanted = null;
      state.setState({ phase: "idle" }, true);
    },
    /** Reads the shown record again when a finding has come to stand on it. */
    touch(rowIds: ReadonlySet<number>): void {
      if (wanted !== null && rowIds.has(wanted)) void load(wanted);
    },
  };
}
