import { createStore, type StoreApi } from "zustand/vanilla";
import type { Finding } from "#contract/finding.ts";
import type { AppInfo, AppSnapshot, FullTierOutcome } from "#contract/ipc.ts";
import type { MonitorChange, MonitorSnapshot } from "#contract/monitor-port.ts";
import type { AppSettings } from "#contract/settings.ts";
import type { SourceName } from "#contract/source.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";
import {
  goBack,
  goForward,
  type History,
  move,
  type Section,
  type Selection,
  startOfHistory,
  visit,
} from "./navigation.ts";

/** The monitor's state beside rows and findings, which have stores of their own. */
type MonitorView = Pick<MonitorSnapshot, "coverage" | "posture" | "totals" | "recording" | "trouble" | "live">;

interface AppState {
  phase: "loading" | "ready" | "failed";
  /** Why the first snapshot could not be had. */
  failure: string | null;
  info: AppInfo | null;
  settings: AppSettings;
  monitor: MonitorView | null;
  monitorTrouble: string | null;
  history: History;
  inspectorOpen: boolean;
  /** Read out politely by assistive technology. */
  announcement: string;
  /** The last action that failed, in words. */
  notice: string | null;
}

/** What is left for the user to do. */
const FULL_TIER_WORDS: Record<Exclude<FullTierOutcome, "enabled">, string> = {
  "needs-approval":
    "macOS wants your word first: allow Sealbar in System Settings, General, Login Items & Extensions. The full tier then starts by itself.",
  "from-source":
    "This Sealbar runs from source. Install its daemon in Terminal with “sudo native/build/host/sealbar-helper install”.",
  failed: "macOS did not take the background service. Move Sealbar to Applications, open it there and try again.",
};

export type AppStore = ReturnType<typeof createAppStore>;

/** Settings, the monitor's condition and where the user is. */
export function createAppStore(bridge: Bridge) {
  const state: StoreApi<AppState> = createStore(() => ({
    phase: "loading" as const,
    failure: null,
    info: null,
    settings: { launchAtLogin: false, theme: "system" as const, onboardingDone: true },
    monitor: null,
    monitorTrouble: null,
    history: startOfHistory,
    inspectorOpen: false,
    announcement: "",
    notice: null,
  }));
  const { setState, getState } = state;

  /** Runs an action of the user; a refusal is shown, never thrown. */
  async function attempt(action: "playDemo" | "chooseRecording" | "closeRecording"): Promise<void> {
    const answer = await bridge.invoke(action, null);
    setState({ notice: answer.ok ? null : answer.error.message });
  }

  return {
    state,
    applySnapshot(snapshot: AppSnapshot): void {
      const before = getState().monitor?.recording?.id ?? null;
      const after = snapshot.monitor?.recording?.id ?? null;
      const otherData = getState().monitor !== null && snapshot.monitor !== null && before !== after;
      setState({
        phase: "ready",
        failure: null,
        info: snapshot.info,
        settings: snapshot.settings,
        monitorTrouble: snapshot.monitorTrouble,
        ...(snapshot.monitor === null ? {} : { monitor: viewOf(snapshot.monitor) }),
        ...(otherData ? startAfresh(getState()) : {}),
      });
    },
    applyChange(change: MonitorChange): void {
      setState({ monitor: viewOf(change) });
    },
    failedToLoad(message: string): void {
      setState(getState().phase === "ready" ? { notice: message } : { phase: "failed", failure: message });
    },
    setMonitorTrouble(message: string | null): void {
      setState({ monitorTrouble: message });
    },
    applySettings(settings: AppSettings): void {
      setState({ settings });
    },
    announceFindings(fresh: readonly Finding[]): void {
      const [first] = fresh;
      if (first === undefined) return;
      setState({ announcement: fresh.length === 1 ? `New finding: ${first.title}` : `${fresh.length} new findings` });
    },

    go(section: Section): void {
      setState({ history: visit(getState().history, { section, selection: null }) });
    },
    /** Moves the selection; the inspector follows when it is open. */
    select(selection: Selection | null): void {
      setState({ history: move(getState().history, selection) });
    },
    /** Shows something in the inspector; Back leads away from it. */
    open(selection: Selection): void {
      const { history } = getState();
      const place = { section: history.here.section, selection };
      const wandering = history.here.selection === null || history.here.selection.kind === selection.kind;
      setState({ history: wandering ? move(history, selection) : visit(history, place), inspectorOpen: true });
    },
    /** Follows a link from one thing to another, e.g. from a finding to the record it stands on. */
    follow(selection: Selection): void {
      const { history } = getState();
      const section = SECTION_OF[selection.kind] ?? history.here.section;
      setState({ history: visit(history, { section, selection }), inspectorOpen: true });
    },
    back(): void {
      setState({ history: goBack(getState().history) });
    },
    forward(): void {
      setState({ history: goForward(getState().history) });
    },
    setInspectorOpen(open: boolean): void {
      setState({ inspectorOpen: open });
    },
    /** Says something that the user should know; null: nothing any more. */
    say(notice: string | null): void {
      setState({ notice });
    },

    playDemo: () => attempt("playDemo"),
    chooseRecording: () => attempt("chooseRecording"),
    closeRecording: () => attempt("closeRecording"),
    /** Asks which file to inspect. @returns its path; null when the user changed their mind or could not be asked */
    async chooseFile(): Promise<string | null> {
      const answer = await bridge.invoke("chooseFileToInspect", null);
      setState({ notice: answer.ok ? null : answer.error.message });
      return answer.ok ? answer.value : null;
    },
    /** Has a source tried again; what could not be done is said. */
    async retrySource(source: SourceName): Promise<void> {
      const answer = await bridge.invoke("retrySource", { source });
      if (!answer.ok) setState({ notice: answer.error.message });
      else if (!answer.value) setState({ notice: "It could not be tried again: Sealbar’s helper does not answer." });
      else setState({ notice: null, announcement: "It is being tried again." });
    },
    async openFullDiskAccessSettings(): Promise<void> {
      const answer = await bridge.invoke("openFullDiskAccessSettings", null);
      const opened = answer.ok && answer.value;
      setState({
        notice: opened
          ? null
          : "System Settings could not be opened there. Open Privacy & Security, then Full Disk Access, by hand.",
      });
    },
    async enableFullTier(): Promise<void> {
      const answer = await bridge.invoke("enableFullTier", null);
      if (!answer.ok) setState({ notice: answer.error.message });
      else if (answer.value === "enabled") setState({ notice: null, announcement: "The full tier is on." });
      else setState({ notice: FULL_TIER_WORDS[answer.value] });
    },
    async changeSettings(change: Partial<AppSettings>): Promise<void> {
      const before = getState().settings;
      setState({ settings: { ...before, ...change } });
      const answer = await bridge.invoke("setSettings", change);
      setState(answer.ok ? { settings: answer.value } : { settings: before, notice: answer.error.message });
    },
    /** @returns whether the text is on the clipboard */
    copy: async (text: string): Promise<boolean> => {
      const answer = await bridge.invoke("copyText", { text });
      if (!answer.ok) setState({ notice: `Not copied. ${answer.error.message}` });
      return answer.ok;
    },
  };
}

/** Where a thing is listed; a file is listed nowhere, and is looked at wherever one is. */
const SECTION_OF: Partial<Record<Selection["kind"], Section>> = { event: "timeline", finding: "findings" };

/** Row and finding numbers of one database mean nothing in another; a file is the same file. */
function startAfresh({ history, inspectorOpen }: AppState): Pick<AppState, "history" | "inspectorOpen"> {
  const { section, selection } = history.here;
  const kept = selection?.kind === "file" ? selection : null;
  return {
    history: { ...startOfHistory, here: { section, selection: kept } },
    inspectorOpen: kept !== null && inspectorOpen,
  };
}

function viewOf(from: MonitorView): MonitorView {
  const { coverage, posture, totals, recording, trouble, live } = from;
  return { coverage, posture, totals, recording, trouble, ...(live === undefined ? {} : { live }) };
}
