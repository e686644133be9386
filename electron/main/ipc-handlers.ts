import type { AppInfo, FromMenuBar, FullTierOutcome, IpcHandlers } from "#contract/ipc.ts";
import type { MenuBarState } from "#contract/menu-bar.ts";
import type { MonitorSnapshot } from "#contract/monitor-port.ts";
import type { AppSettings } from "#contract/settings.ts";
import type { Inspections } from "./inspections.ts";
import { MonitorUnavailable } from "./monitor-errors.ts";
import type { MonitorHost } from "./monitor-host.ts";
import type { Recordings } from "./recordings.ts";
import type { Settings } from "./settings.ts";
import { FULL_DISK_ACCESS_SETTINGS } from "./system-settings.ts";

export interface IpcHandlerDeps {
  info: AppInfo;
  monitor: Pick<MonitorHost, "request" | "trouble">;
  recordings: Pick<Recordings, "choose" | "playDemo" | "close">;
  settings: Pick<Settings, "current" | "change">;
  onSettings: (settings: AppSettings) => void;
  copyText: (text: string) => Promise<void>;
  inspections: Pick<Inspections, "inspect" | "cancel">;
  /** Asks the user for a file; null when they changed their mind. */
  chooseFile: () => Promise<string | null>;
  /** Opens an address of System Settings, which is always one of ours; left out where there is no System Settings. */
  openSystemSettings?: (address: string) => Promise<void>;
  enableFullTier: () => Promise<FullTierOutcome>;
  /** Asks the user for a folder; null when they changed their mind. */
  chooseRulesFolder: () => Promise<string | null>;
  menuBar: () => Promise<MenuBarState>;
  fromMenuBar: (request: FromMenuBar) => void;
  /** The page has subscribed to everything and asks for the state of things. */
  onPageAsks: () => void;
}

/** What the window can ask for. Reading is the monitor's; the rest is decided here. */
export function createIpcHandlers(deps: IpcHandlerDeps): IpcHandlers {
  return {
    snapshot: async () => {
      deps.onPageAsks();
      const monitor = await monitorSnapshot(deps.monitor);
      return { info: deps.info, settings: deps.settings.current, ...monitor };
    },
    timelinePage: (query) => deps.monitor.request("timelinePage", query),
    eventDetail: (query) => deps.monitor.request("eventDetail", query),
    findingsPage: (query) => deps.monitor.request("findingsPage", query),
    chooseRecording: () => deps.recordings.choose(),
    playDemo: async () => {
      await deps.recordings.playDemo();
      return null;
    },
    closeRecording: async () => {
      await deps.recordings.close();
      return null;
    },
    setSettings: async (change) => {
      const settings = await deps.settings.change(change);
      deps.onSettings(settings);
      return settings;
    },
    copyText: async ({ text }) => {
      await deps.copyText(text);
      return null;
    },
    inspectFile: (request) => deps.inspections.inspect(request),
    cancelInspection: async ({ id }) => {
      await deps.inspections.cancel(id);
      return null;
    },
    chooseFileToInspect: () => deps.chooseFile(),
    retrySource: (request) => deps.monitor.request("retrySource", request),
    openFullDiskAccessSettings: async () => {
      if (deps.openSystemSettings === undefined) return false;
      await deps.openSystemSettings(FULL_DISK_ACCESS_SETTINGS);
      return true;
    },
    enableFullTier: () => deps.enableFullTier(),
    ribbon: (query) => deps.monitor.request("ribbon", query),
    postureJournal: (query) => deps.monitor.request("postureJournal", query),
    acceptBaseline: (request) => deps.monitor.request("acceptBaseline", request),
    monitorSettings: () => deps.monitor.request("monitorSettings", null),
    setMonitorSettings: (change) => deps.monitor.request("setMonitorSettings", change),
    chooseRulesFolder: () => deps.chooseRulesFolder(),
    menuBar: () => deps.menuBar(),
    fromMenuBar: async (request) => {
      deps.fromMenuBar(request);
      return null;
    },
  };
}

/** A monitor that is away is a state to show, not an error. */
async function monitorSnapshot(
  monitor: IpcHandlerDeps["monitor"],
): Promise<{ monitor: MonitorSnapshot | null; monitorTrouble: string | null }> {
  try {
    return { monitor: await monitor.request("snapshot", null), monitorTrouble: null };
  } catch (error) {
    if (error instanceof MonitorUnavailable) return { monitor: null, monitorTrouble: error.message };
    throw error;
  }
}
