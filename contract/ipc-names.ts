/**
 * The IPC contract's names, apart from its schemas: the sandboxed preload needs them and must not carry a validator.
 * contract/ipc.ts is checked against these lists by the compiler, both ways.
 */
export const INVOKE_NAMES = [
  "snapshot",
  "timelinePage",
  "eventDetail",
  "findingsPage",
  "chooseRecording",
  "playDemo",
  "closeRecording",
  "setSettings",
  "copyText",
  "inspectFile",
  "cancelInspection",
  "chooseFileToInspect",
  "retrySource",
  "openFullDiskAccessSettings",
  "enableFullTier",
  "ribbon",
  "postureJournal",
  "acceptBaseline",
  "monitorSettings",
  "setMonitorSettings",
  "chooseRulesFolder",
  "menuBar",
  "fromMenuBar",
] as const;
export type InvokeName = (typeof INVOKE_NAMES)[number];

/** All that the menu bar's popover may ask; it shows little and so may do little. */
export const MENU_BAR_INVOKES: readonly InvokeName[] = ["menuBar", "fromMenuBar"];

export const NOTIFY_NAMES = [
  "changed",
  "monitorTrouble",
  "settingsChanged",
  "command",
  "inspectionProgress",
  "openFinding",
  "menuBarChanged",
  "openFile",
] as const;
export type NotifyName = (typeof NOTIFY_NAMES)[number];

/** Channel names on the wire; the prefix keeps them apart from Electron's own. */
export const channelOf = (name: InvokeName | NotifyName): string => `sealbar:${name}`;

/** The only origin the window is ever loaded from. */
export const APP_ORIGIN = "app://sealbar";
/** The name the preload exposes its API under. */
export const PRELOAD_KEY = "sealbar";
