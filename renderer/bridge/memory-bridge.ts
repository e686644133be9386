import type { MonitorSettingsView } from "#contract/monitor-settings.ts";
import type { Coverage } from "#contract/coverage.ts";
import type { Finding } from "#contract/finding.ts";
import type { AppInfo, InvokeAnswer, InvokeRequest, IpcHandlers, NotifyPayload } from "#contract/ipc.ts";
import type { Inspection } from "#contract/inspection.ts";
import type { InvokeName, NotifyName } from "#contract/ipc-names.ts";
import type {
  LiveStatus,
  MonitorChange,
  MonitorSnapshot,
  RecordingState,
  StoreTrouble,
} from "#contract/monitor-port.ts";
import type { JournalEntry, PostureChain, PostureSnapshot } from "#contract/posture.ts";
import type { AppSettings } from "#contract/settings.ts";
import type { TimelineFilter, TimelineRow } from "#contract/timeline.ts";
import { type Answer, type Bridge, unavailable } from "./bridge.ts";
import { accepted, journalPage } from "./memory-posture.ts";
import { changedSettings } from "./memory-settings.ts";
import { ribbonOver } from "./memory-ribbon.ts";
import { emptyCoverage } from "./sample/condition.ts";
import { deepened, headerOnly, missingFile, sampleInspections } from "./sample/inspections.ts";
import { emptySettings } from "./sample/monitor-settings.ts";
import { emptyPosture } from "./sample/posture.ts";
import { detailOf } from "./sample/rows.ts";

export interface Scenario {
  info: AppInfo;
  settings: AppSettings;
  rows: TimelineRow[];
  findings: Finding[];
  coverage: Coverage;
  posture: PostureSnapshot;
  /** Oldest first. */
  journal: readonly JournalEntry[];
  chain: Pick<PostureChain, "state" | "anchor">;
  monitorSettings: MonitorSettingsView;
  /** What the dialog for a folder with rules answers. */
  chosenFolder: string | null;
  recording: RecordingState | null;
  /** This Mac's own collection; left out: nothing is collected. */
  live?: LiveStatus;
  trouble: StoreTrouble | null;
  monitorTrouble: string | null;
  /** Files of the sample Mac, fully inspected; any other path has no file. */
  inspections: readonly Inspection[];
  /** What the dialog for a file answers. */
  chosenFile: string | null;
  /** What "Play the demo recording" brings, oldest first. */
  demo: { rows: TimelineRow[]; findings: (rows: readonly TimelineRow[]) => Finding[] } | null;
}

export const EMPTY_SCENARIO: Scenario = {
  info: { version: "0.1.0", platform: "darwin", liveCollection: false },
  settings: { launchAtLogin: false, theme: "system", onboardingDone: true },
  rows: [],
  findings: [],
  coverage: emptyCoverage,
  posture: emptyPosture,
  journal: [],
  chain: { state: "intact", anchor: "none" },
  monitorSettings: emptySettings,
  chosenFolder: "/Users/ana/Detections/linked",
  recording: null,
  trouble: null,
  monitorTrouble: null,
  inspections: sampleInspections,
  chosenFile: "/Applications/Paperboat.app",
  demo: null,
};

/** Waits before an answer; tests hand in one that resolves at once or when told. */
type Delay = (name: InvokeName) => Promise<void>;
const atOnce: Delay = () => Promise.resolve();

const RANK = ["info", "low", "medium", "high", "critical"];

function passes(row: TimelineRow, filter: TimelineFilter): boolean {
  if (filter.origins.length > 0 && !filter.origins.includes(row.origin)) return false;
  if (filter.minSeverity !== null) {
    if (row.severity === null || RANK.indexOf(row.severity) < RANK.indexOf(filter.minSeverity)) return false;
  }
  const at = micros(row.at);
  if (filter.range != null && (at < filter.range.from || at >= filter.range.to)) return false;
  const text = filter.text.toLowerCase();
  return text === "" || `${row.title}\n${row.detail}\n${row.path ?? ""}`.toLowerCase().includes(text);
}

const micros = (at: string): number => Date.parse(`${at.slice(0, 19)}Z`) * 1000 + Number(at.slice(20, 26));

/** Plays a scenario in memory, with the same contract as the real monitor: for tests, development and the browser demo. */
export class MemoryBridge implements Bridge {
  readonly copied: string[] = [];
  readonly asked: { name: InvokeName; request: unknown }[] = [];
  #listeners = new Map<NotifyName, Set<(payload: never) => void>>();
  #failures = new Map<InvokeName, string>();
  #scenario: Scenario;
  #delay: Delay;
  #revision = 1;
  #opened = 0;
  #answers: IpcHandlers;

  constructor(scenario: Partial<Scenario> = {}, delay: Delay = atOnce) {
    this.#scenario = { ...EMPTY_SCENARIO, ...scenario };
    this.#delay = delay;
    this.#answers = this.#handlers();
  }

  async invoke<K extends InvokeName>(name: K, request: InvokeRequest<K>): Promise<Answer<InvokeAnswer<K>>> {
    this.asked.push({ name, request });
    await this.#delay(name);
    const failure = this.#failures.get(name);
    if (failure !== undefined) return unavailable(failure);
    const handler = this.#answers[name] as (request: InvokeRequest<K>) => Promise<InvokeAnswer<K>>;
    try {
      return { ok: true, value: await handler(request) };
    } catch (error) {
      return { ok: false, error: { code: "failed", message: error instanceof Error ? error.message : String(error) } };
    }
  }

  on<K extends NotifyName>(name: K, listener: (payload: NotifyPayload<K>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Of what is dropped, everything lies in the downloads, except what has no name. */
  pathOf(file: File): string | null {
    const named = this.#scenario.inspections.find(({ path }) => path.endsWith(`/${file.name}`));
    return named?.path ?? (file.name === "" ? null : `/Users/ana/Downloads/${file.name}`);
  }

  notify<K extends NotifyName>(name: K, payload: NotifyPayload<K>): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as (payload: NotifyPayload<K>) => void)(payload);
  }

  /** Makes a question fail with this message, or answer again with null. */
  fail(name: InvokeName, message: string | null): void {
    if (message === null) this.#failures.delete(name);
    else this.#failures.set(name, message);
  }

  /** Stores rows and findings and tells the window; `over` overrides parts of the change, e.g. to skip a revision. */
  push(rows: TimelineRow[], findings: Finding[] = [], over: Partial<MonitorChange> = {}): void {
    const scenario = this.#scenario;
    const replaced = new Set(findings.map((finding) => finding.id));
    scenario.rows = [...scenario.rows, ...rows];
    scenario.findings = [...scenario.findings.filter((finding) => !replaced.has(finding.id)), ...findings];
    this.#revision += 1;
    const change = { ...this.#monitor(), rows, changedRows: [], findings, ...over };
    this.#revision = change.revision;
    this.notify("changed", change);
  }

  /** Changes the scenario and tells the window. */
  change(over: Partial<Scenario>): void {
    Object.assign(this.#scenario, over);
    this.push([]);
  }

  #monitor(): MonitorSnapshot {
    const { coverage, posture, recording, trouble, live } = this.#scenario;
    const totals = { events: this.#scenario.rows.length, findings: this.#scenario.findings.length };
    return {
      revision: this.#revision,
      coverage,
      posture,
      findings: this.#findings(),
      totals,
      recording,
      trouble,
      ...(live === undefined ? {} : { live }),
    };
  }

  #findings(): Finding[] {
    return [...this.#scenario.findings].sort((a, b) =>
      a.lastSeen === b.lastSeen ? b.id - a.id : a.lastSeen < b.lastSeen ? 1 : -1,
    );
  }

  #handlers(): IpcHandlers {
    const scenario = () => this.#scenario;
    return {
      snapshot: async () => ({
        info: scenario().info,
        settings: scenario().settings,
        monitor: this.#monitor(),
        monitorTrouble: scenario().monitorTrouble,
      }),
      timelinePage: async ({ filter, before, limit }) => {
        const all = scenario().rows.filter((row) => passes(row, filter));
        const newest = all.sort((a, b) => (a.at === b.at ? b.rowId - a.rowId : a.at < b.at ? 1 : -1));
        const from =
          before === null
            ? newest
            : newest.filter(
                (row) => micros(row.at) < before.time || (micros(row.at) === before.time && row.rowId < before.rowId),
              );
        const rows = from.slice(0, limit);
        const last = rows.at(-1);
        const next = last !== undefined && from.length > limit ? { time: micros(last.at), rowId: last.rowId } : null;
        return { rows, next, total: scenario().rows.length, matching: all.length, revision: this.#revision };
      },
      eventDetail: async ({ rowId }) => {
        const row = scenario().rows.find((candidate) => candidate.rowId === rowId);
        if (row === undefined) return null;
        const linked = scenario().findings.filter((finding) =>
          finding.evidence.some((evidence) => evidence.rowId === rowId),
        );
        return detailOf(
          row,
          linked.map((finding) => finding.id),
        );
      },
      findingsPage: async ({ limit, before }) => {
        const sorted = this.#findings();
        const start = before === null ? 0 : sorted.findIndex((finding) => finding.id === before.id) + 1;
        const findings = sorted.slice(start, start + limit);
        const last = findings.at(-1);
        const next =
          last !== undefined && start + limit < sorted.length ? { lastSeen: last.lastSeen, id: last.id } : null;
        return { findings, next, total: sorted.length };
      },
      chooseRecording: async () => false,
      playDemo: async () => {
        const { demo } = scenario();
        if (demo === null) return null;
        this.#opened += 1;
        Object.assign(scenario(), {
          rows: [],
          findings: [],
          recording: { id: `played-${this.#opened}`, name: "demo", progress: 1, state: "done", problem: null },
        });
        this.push(demo.rows, demo.findings(demo.rows));
        return null;
      },
      closeRecording: async () => {
        this.change({ rows: [], findings: [], recording: null, coverage: emptyCoverage, posture: emptyPosture });
        return null;
      },
      setSettings: async (change) => {
        const known = scenario().settings;
        scenario().settings = {
          launchAtLogin: change.launchAtLogin ?? known.launchAtLogin,
          theme: change.theme ?? known.theme,
          onboardingDone: change.onboardingDone ?? known.onboardingDone,
        };
        return scenario().settings;
      },
      copyText: async ({ text }) => {
        this.copied.push(text);
        return null;
      },
      inspectFile: async ({ path, depth }) => {
        const found = scenario().inspections.find((inspection) => inspection.path === path) ?? missingFile(path);
        return depth === "header" ? headerOnly(found) : depth === "deep" ? deepened(found) : found;
      },
      cancelInspection: async () => null,
      chooseFileToInspect: async () => scenario().chosenFile,
      retrySource: async () => scenario().live !== undefined,
      openFullDiskAccessSettings: async () => true,
      enableFullTier: async () => "needs-approval",
      ribbon: async (query) => ribbonOver(scenario(), query),
      postureJournal: async (query) => journalPage(scenario().journal, scenario().chain, query),
      acceptBaseline: async ({ reason }) => {
        const { posture, journal, recording } = scenario();
        if (recording !== null) throw new Error("A recording is shown. Close it to accept this Mac as it is.");
        const at = new Date().toISOString().replace("Z", "000Z");
        this.change(accepted(posture, journal, { reason, at, by: "ana" }));
        return null;
      },
      monitorSettings: async () => scenario().monitorSettings,
      setMonitorSettings: async (change) => {
        const answer = changedSettings(scenario().monitorSettings, change);
        scenario().monitorSettings = answer.view;
        return answer;
      },
      chooseRulesFolder: async () => scenario().chosenFolder,
      menuBar: async () => ({
        icon: "calm",
        sentence: "Watching this Mac. Nothing needs your attention.",
        protection: null,
        coverage: null,
        findings: [],
        moreFindings: 0,
        recording: null,
      }),
      fromMenuBar: async () => null,
    };
  }
}
