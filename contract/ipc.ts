import { z } from "zod";
import { FindingPage, FindingQuery } from "./finding.ts";
import { Inspection } from "./inspection.ts";
import { InspectedPath, InspectionId, InspectionProgress, InspectRequest } from "./inspection-port.ts";
import type { InvokeName, NotifyName } from "./ipc-names.ts";
import { MenuBarState } from "./menu-bar.ts";
import { MonitorChange, MonitorSnapshot } from "./monitor-port.ts";
import { MonitorSettingsAnswer, MonitorSettingsChange, MonitorSettingsView } from "./monitor-settings.ts";
import { BaselineRequest, JournalPage, JournalQuery } from "./posture.ts";
import { Ribbon, RibbonQuery } from "./ribbon.ts";
import { AppSettings } from "./settings.ts";
import { SourceName } from "./source.ts";
import { EventDetail, TimelinePage, TimelineQuery } from "./timeline.ts";

interface Invoke<Req extends z.ZodType, Res extends z.ZodType> {
  kind: "invoke";
  request: Req;
  answer: Res;
}
interface Notify<Payload extends z.ZodType> {
  kind: "notify";
  payload: Payload;
}

const invoke = <Req extends z.ZodType, Res extends z.ZodType>(request: Req, answer: Res): Invoke<Req, Res> => ({
  kind: "invoke",
  request,
  answer,
});
const notify = <Payload extends z.ZodType>(payload: Payload): Notify<Payload> => ({ kind: "notify", payload });

export const AppInfo = z.object({
  version: z.string(),
  platform: z.string(),
  /** False where this build cannot collect from the machine it runs on: it then shows recordings only. */
  liveCollection: z.boolean(),
});
export type AppInfo = z.infer<typeof AppInfo>;

/** `monitor` null: the monitor is being (re)started; `monitorTrouble` says so in words. */
export const AppSnapshot = z.object({
  info: AppInfo,
  settings: AppSettings,
  monitor: MonitorSnapshot.nullable(),
  monitorTrouble: z.string().nullable(),
});
export type AppSnapshot = z.infer<typeof AppSnapshot>;

/** `from-source`: only a packed app can ask macOS; from source there is a command for it. */
export const FullTierOutcome = z.enum(["enabled", "needs-approval", "from-source", "failed"]);
export type FullTierOutcome = z.infer<typeof FullTierOutcome>;

/** Commands of the application menu that the window carries out. */
export const AppCommand = z.enum([
  "find",
  "toggle-live",
  "show-timeline",
  "show-findings",
  "show-posture",
  "show-coverage",
  "show-settings",
  "show-shortcuts",
  "toggle-inspector",
  "inspect-file",
  "back",
  "forward",
]);
export type AppCommand = z.infer<typeof AppCommand>;

export const FromMenuBar = z.discriminatedUnion("do", [
  z.object({ do: z.literal("close") }),
  z.object({ do: z.literal("quit") }),
  z.object({ do: z.literal("open") }),
  z.object({ do: z.literal("command"), command: AppCommand }),
  /** Shows this finding in the window. */
  z.object({ do: z.literal("finding"), id: z.number().int() }),
  /** The popover is as tall as what it shows; px. It stays open. */
  z.object({ do: z.literal("resize"), height: z.number().int().min(80).max(640) }),
]);
export type FromMenuBar = z.infer<typeof FromMenuBar>;

/** The whole IPC contract as one value: main, preload, renderer and test APIs are derived from it. */
export const ipcSchema = {
  snapshot: invoke(z.null(), AppSnapshot),
  timelinePage: invoke(TimelineQuery, TimelinePage),
  eventDetail: invoke(z.object({ rowId: z.number().int() }), EventDetail.nullable()),
  findingsPage: invoke(FindingQuery, FindingPage),
  /** Asks the user for a capture; answers false when they changed their mind. */
  chooseRecording: invoke(z.null(), z.boolean()),
  playDemo: invoke(z.null(), z.null()),
  closeRecording: invoke(z.null(), z.null()),
  setSettings: invoke(AppSettings.partial(), AppSettings),
  copyText: invoke(z.object({ text: z.string().max(4_000_000) }), z.null()),
  inspectFile: invoke(InspectRequest, Inspection),
  cancelInspection: invoke(z.object({ id: InspectionId }), z.null()),
  /** Asks the user for a file or a bundle; answers null when they changed their mind. */
  chooseFileToInspect: invoke(z.null(), z.string().nullable()),
  /** Tries a source of this Mac again now; false when nobody can be asked. */
  retrySource: invoke(z.object({ source: SourceName }), z.boolean()),
  /** Shows where Full Disk Access is given; false when System Settings cannot be opened there. */
  openFullDiskAccessSettings: invoke(z.null(), z.boolean()),
  /** Asks macOS to run the helper as a daemon; the user may have to allow it. */
  enableFullTier: invoke(z.null(), FullTierOutcome),
  ribbon: invoke(RibbonQuery, Ribbon),
  postureJournal: invoke(JournalQuery, JournalPage),
  acceptBaseline: invoke(BaselineRequest, z.null()),
  monitorSettings: invoke(z.null(), MonitorSettingsView),
  setMonitorSettings: invoke(MonitorSettingsChange, MonitorSettingsAnswer),
  /** Asks the user for a folder with Sigma rules; null when they changed their mind. */
  chooseRulesFolder: invoke(z.null(), z.string().nullable()),
  menuBar: invoke(z.null(), MenuBarState),
  /** What the menu bar's popover can ask for; it closes itself first. */
  fromMenuBar: invoke(FromMenuBar, z.null()),
  changed: notify(MonitorChange),
  monitorTrouble: notify(z.object({ message: z.string().nullable() })),
  settingsChanged: notify(AppSettings),
  command: notify(AppCommand),
  inspectionProgress: notify(InspectionProgress),
  /** macOS handed Sealbar a file that is no recording ("Open With"): the window inspects it. */
  /** What `menuBar` answers is another now; said only while the popover is open. */
  menuBarChanged: notify(z.null()),
  openFinding: notify(z.object({ id: z.number().int() })),
  openFile: notify(z.object({ path: InspectedPath })),
} as const satisfies { [K in InvokeName]: Invoke<z.ZodType, z.ZodType> } & { [K in NotifyName]: Notify<z.ZodType> };

type IpcSchema = typeof ipcSchema;
export type InvokeRequest<K extends InvokeName> = z.infer<IpcSchema[K]["request"]>;
export type InvokeAnswer<K extends InvokeName> = z.infer<IpcSchema[K]["answer"]>;
export type NotifyPayload<K extends NotifyName> = z.infer<IpcSchema[K]["payload"]>;

/** Errors cross as data, because Electron mangles thrown ones. */
export type Envelope<T> =
  | { ok: true; value: T }
  | { ok: false; error: { code: "bad-request" | "forbidden" | "unavailable" | "failed"; message: string } };

/** Main's side: one handler an invoke. */
export type IpcHandlers = { [K in InvokeName]: (request: InvokeRequest<K>) => Promise<InvokeAnswer<K>> };

/** What the preload exposes and the renderer's bridge wraps: named verbs only. */
export type PreloadApi = {
  invoke: { [K in InvokeName]: (request: InvokeRequest<K>) => Promise<Envelope<InvokeAnswer<K>>> };
  on: { [K in NotifyName]: (listener: (payload: NotifyPayload<K>) => void) => () => void };
  /** Where a DOM File lies that was dropped onto the window; empty for one that lies nowhere. */
  pathOf: (file: object) => string;
};
