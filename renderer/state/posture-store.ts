import { createStore, type StoreApi } from "zustand/vanilla";
import type { JournalEntry, PostureChain, PostureSnapshot } from "#contract/posture.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";

const PAGE = 50;
/** The whole Mac's history, beside the settings' own. */
export const WHOLE_MAC = "";

export interface JournalView {
  phase: "loading" | "ready" | "failed";
  failure: string | null;
  /** Newest first. */
  entries: readonly JournalEntry[];
  next: number | null;
  chain: PostureChain | null;
  loadingMore: boolean;
}

interface PostureState {
  /** By the setting or fact they are about; {@link WHOLE_MAC} for all. Only what somebody asked to see is there. */
  journals: Readonly<Record<string, JournalView>>;
}

const LOADING: JournalView = {
  phase: "loading",
  failure: null,
  entries: [],
  next: null,
  chain: null,
  loadingMore: false,
};

export type PostureStore = ReturnType<typeof createPostureStore>;

/** What of a snapshot can have added entries to the journal. */
function mark({ settings, facts, epochs, baseline, bootUuid }: PostureSnapshot): string {
  const values = settings.map(({ id, inForce, afterBoot, expected, since }) => [
    id,
    inForce,
    afterBoot,
    expected,
    since,
  ]);
  return JSON.stringify([values, facts.map(({ id, value }) => [id, value]), epochs, baseline, bootUuid]);
}

/** The posture journal, a page at a time, and the user's word that the Mac is as it should be. */
export function createPostureStore(bridge: Bridge) {
  const state: StoreApi<PostureState> = createStore<PostureState>(() => ({ journals: {} }));
  /** Answers about other data are ignored. */
  let generation = 0;
  let seen: string | null = null;

  function put(about: string, change: Partial<JournalView>): void {
    const { journals } = state.getState();
    state.setState({ journals: { ...journals, [about]: { ...(journals[about] ?? LOADING), ...change } } });
  }

  const ask = (about: string, before: number | null) =>
    bridge.invoke("postureJournal", { about: about === WHOLE_MAC ? null : about, before, limit: PAGE });

  /** Reads the newest page; older entries that are shown already stay where they join on. */
  async function load(about: string): Promise<void> {
    const mine = generation;
    if (state.getState().journals[about] === undefined) put(about, {});
    const answer = await ask(about, null);
    if (mine !== generation) return;
    const known = state.getState().journals[about] ?? LOADING;
    if (!answer.ok) {
      const phase = known.chain === null ? "failed" : "ready";
      return put(about, { phase, failure: answer.error.message });
    }
    const { entries, next, chain } = answer.value;
    const oldest = entries.at(-1)?.seq ?? 0;
    const older = known.entries.filter(({ seq }) => seq < oldest);
    const joinsOn = older.length > 0 && known.entries.some(({ seq }) => seq >= oldest);
    put(about, {
      phase: "ready",
      failure: null,
      entries: joinsOn ? [...entries, ...older] : entries,
      next: joinsOn ? known.next : next,
      chain,
    });
  }

  return {
    state,
    load,
    async loadMore(about: string): Promise<void> {
      const view = state.getState().journals[about];
      if (view === undefined || view.next === null || view.loadingMore) return;
      const mine = generation;
      put(about, { loadingMore: true });
      const answer = await ask(about, view.next);
      if (mine !== generation) return;
      if (!answer.ok) return put(about, { loadingMore: false, failure: answer.error.message });
      const { entries, next, chain } = answer.value;
      const known = state.getState().journals[about]?.entries ?? [];
      const oldest = known.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
      const older = entries.filter(({ seq }) => seq < oldest);
      put(about, { loadingMore: false, failure: null, entries: [...known, ...older], next, chain });
    },
    /** Says that this Mac is as it should be. @returns why it could not be said, in words; null: it is said */
    async accept(reason: string): Promise<string | null> {
      const answer = await bridge.invoke("acceptBaseline", { reason });
      if (!answer.ok) return answer.error.message;
      for (const about of Object.keys(state.getState().journals)) void load(about);
      return null;
    },
    /** The posture as it is now: the histories that are shown are read again when there may be more in them. */
    follow(posture: PostureSnapshot): void {
      const now = mark(posture);
      if (now === seen) return;
      const isFirst = seen === null;
      seen = now;
      if (isFirst) return;
      for (const about of Object.keys(state.getState().journals)) void load(about);
    },
    /** Nobody looks at this history any more. */
    forget(about: string): void {
      const { [about]: _, ...journals } = state.getState().journals;
      state.setState({ journals });
    },
    /** Other data altogether, e.g. a recording was opened. What is shown is read again. */
    reset(): void {
      generation += 1;
      seen = null;
      const shown = Object.keys(state.getState().journals);
      state.setState({ journals: {} });
      for (const about of shown) void load(about);
    },
  };
}
