import { createStore, type StoreApi } from "zustand/vanilla";
import type { MonitorSettingsChange, MonitorSettingsFile, MonitorSettingsView } from "#contract/monitor-settings.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";

interface MonitorSettingsState {
  phase: "idle" | "loading" | "ready" | "failed";
  /** Why they could not be read. */
  failure: string | null;
  view: MonitorSettingsView | null;
  /** Why the last change was not made, in sentences. */
  problems: readonly string[];
}

export type MonitorSettingsStore = ReturnType<typeof createMonitorSettingsStore>;

/** The monitor's settings: shown as wanted at once, taken back with the reason when the monitor will not have them. */
export function createMonitorSettingsStore(bridge: Bridge) {
  const state: StoreApi<MonitorSettingsState> = createStore<MonitorSettingsState>(() => ({
    phase: "idle",
    failure: null,
    view: null,
    problems: [],
  }));
  const { setState, getState } = state;
  /** Changes are made one after the other, each on what the one before left. */
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function load(): Promise<void> {
    if (getState().view === null) setState({ phase: "loading", failure: null });
    const answer = await bridge.invoke("monitorSettings", null);
    if (waiting > 0) return;
    if (answer.ok) setState({ phase: "ready", failure: null, view: answer.value });
    else if (getState().view === null) setState({ phase: "failed", failure: answer.error.message });
  }

  async function send(make: (settings: MonitorSettingsFile) => MonitorSettingsChange): Promise<boolean> {
    const { view } = getState();
    if (view === null) return false;
    const change = make(view.settings);
    setState({ view: { ...view, settings: { ...view.settings, ...change } }, problems: [] });
    const answer = await bridge.invoke("setMonitorSettings", change);
    if (!answer.ok) {
      setState({ view, problems: [answer.error.message] });
      return false;
    }
    setState({ view: answer.value.view, problems: answer.value.problems });
    return answer.value.problems.length === 0;
  }

  return {
    state,
    load,
    /** @returns whether it is in force now */
    change(make: (settings: MonitorSettingsFile) => MonitorSettingsChange): Promise<boolean> {
      waiting += 1;
      const done = last.then(() => send(make));
      last = done.finally(() => {
        waiting -= 1;
      });
      return done;
    },
    /** Asks for a folder with rules and adds it. */
    async addRulesFolder(): Promise<void> {
      const answer = await bridge.invoke("chooseRulesFolder", null);
      if (!answer.ok) return setState({ problems: [answer.error.message] });
      const folder = answer.value;
      if (folder === null) return;
      await this.change(({ rules }) => ({
        rules: { ...rules, folders: [...rules.folders.filter((known) => known !== folder), folder] },
      }));
    },
    /** The user has read why the last change was not made. */
    dismiss(): void {
      setState({ problems: [] });
    },
    /** There is a monitor to ask again. */
    monitorIsBack(): void {
      if (getState().phase !== "idle") void load();
    },
  };
}
