import type { MonitorSnapshot } from "#contract/monitor-port.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";
import { type AppStore, createAppStore } from "./app-store.ts";
import { createCommandInbox } from "./command-inbox.ts";
import { createDetailStore, type DetailStore } from "./detail-store.ts";
import { createFindingsStore, type FindingsStore } from "./findings-store.ts";
import { createInspectionStore, type InspectionStore } from "./inspection-store.ts";
import { createMonitorSettingsStore, type MonitorSettingsStore } from "./monitor-settings-store.ts";
import { createPostureStore, type PostureStore } from "./posture-store.ts";
import { createRibbonStore, type RibbonStore } from "./ribbon-store.ts";
import type { Now, Scheduler } from "./scheduler.ts";
import { startSync } from "./sync.ts";
import { createTimelineStore, type TimelineStore } from "./timeline-store.ts";

export interface Stores {
  app: AppStore;
  timeline: TimelineStore;
  ribbon: RibbonStore;
  findings: FindingsStore;
  detail: DetailStore;
  inspection: InspectionStore;
  posture: PostureStore;
  monitorSettings: MonitorSettingsStore;
  /** What the application menu asks for. */
  commands: ReturnType<typeof createCommandInbox>;
  /** "Now" for sentences: during a recording, the time of its newest record. */
  now(): number;
  /** Where a file lies that was dropped onto the window; null for one that lies nowhere on this Mac. */
  pathOf(file: File): string | null;
  /** Asks for everything again. */
  reload(): void;
  stop(): void;
}

interface StoreParts {
  bridge: Bridge;
  scheduler: Scheduler;
  now: Now;
}

/** The recording whose rows these are; null: this Mac's. */
type DataId = string | null;
const dataOf = ({ recording }: Pick<MonitorSnapshot, "recording">): DataId => recording?.id ?? null;

/** Builds the stores over a bridge and starts keeping them up to date. */
export function createStores({ bridge, scheduler, now }: StoreParts): Stores {
  const app = createAppStore(bridge);
  const timeline = createTimelineStore(bridge, scheduler);
  const ribbon = createRibbonStore(bridge, scheduler);
  const findings = createFindingsStore(bridge);
  const detail = createDetailStore(bridge);
  const inspection = createInspectionStore(bridge);
  const posture = createPostureStore(bridge);
  const monitorSettings = createMonitorSettingsStore(bridge);
  const commands = createCommandInbox(bridge);
  /** Undefined until something is shown. */
  let shownData: DataId | undefined;

  const sync = startSync(bridge, scheduler, {
    snapshot(snapshot) {
      app.applySnapshot(snapshot);
      if (snapshot.monitor === null) return;
      findings.applySnapshot(snapshot.monitor);
      const data = dataOf(snapshot.monitor);
      if (shownData === data) {
        void timeline.refresh();
        ribbon.touch();
      } else {
        timeline.reset();
        ribbon.reset();
        detail.reset();
        posture.reset();
      }
      posture.follow(snapshot.monitor.posture);
      shownData = data;
    },
    change(change) {
      // Another recording (or none): what is on screen belongs to other data.
      if (dataOf(change) !== shownData) {
        void sync.resync();
        return;
      }
      app.applyChange(change);
      app.announceFindings(findings.accept(change));
      timeline.accept(change);
      ribbon.touch();
      posture.follow(change.posture);
      const touched = (change.findings ?? []).flatMap((finding) =>
        finding.evidence.flatMap(({ rowId }) => rowId ?? []),
      );
      detail.touch(new Set(touched));
    },
    failed: (message) => app.failedToLoad(message),
  });

  const stopTrouble = bridge.on("monitorTrouble", ({ message }) => {
    app.setMonitorTrouble(message);
    if (message !== null) return;
    void sync.resync();
    void inspection.monitorIsBack();
    monitorSettings.monitorIsBack();
  });
  const stopFindings = bridge.on("openFinding", ({ id }) => app.follow({ kind: "finding", id }));
  const stopFiles = bridge.on("openFile", ({ path }) => app.follow({ kind: "file", path }));
  const stopSettings = bridge.on("settingsChanged", (settings) => app.applySettings(settings));

  return {
    app,
    timeline,
    ribbon,
    findings,
    detail,
    inspection,
    posture,
    monitorSettings,
    commands,
    pathOf: (file) => bridge.pathOf(file),
    now() {
      const monitor = app.state.getState().monitor;
      if (monitor === null || monitor.recording === null) return now();
      const times = monitor.coverage.sources.flatMap(({ lastEventAt }) => lastEventAt ?? []);
      const shown = timeline.state.getState().rows[0]?.at;
      const newest = Math.max(...[...times, ...(shown === undefined ? [] : [shown])].map((at) => Date.parse(at)));
      return Number.isFinite(newest) ? newest : now();
    },
    reload() {
      void sync.resync();
      void timeline.load();
    },
    stop() {
      sync.stop();
      stopTrouble();
      stopSettings();
      stopFiles();
      stopFindings();
      ribbon.stop();
      inspection.stop();
      commands.stop();
    },
  };
}
