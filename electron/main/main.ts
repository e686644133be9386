import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { app, clipboard, ipcMain, Menu, nativeTheme, protocol, session, shell } from "electron";
import type { FromMenuBar } from "#contract/ipc.ts";
import { assertNever } from "#core/base/assert-never.ts";
import { systemClock } from "#core/base/clock.ts";
import { stderrLogger } from "#core/base/logger.ts";
import type { AppActions } from "./app-actions.ts";
import { appMenuTemplate } from "./app-menu.ts";
import { appPaths } from "./app-paths.ts";
import { APP_SCHEME, createAppProtocol } from "./app-protocol.ts";
import { type CommandLine, parseCommandLine } from "./command-line.ts";
import { chooseCapture, chooseFile, chooseRulesFolder, sayProblem } from "./dialogs.ts";
import { DAEMON_PLIST, enableFullTier } from "./full-tier.ts";
import { isNamedAsCapture } from "./handed-file.ts";
import { Inspections } from "./inspections.ts";
import { createIpcHandlers } from "./ipc-handlers.ts";
import { serveIpc } from "./ipc-server.ts";
import { JsonFile } from "./json-file.ts";
import { later } from "./later.ts";
import { MainWindow } from "./main-window.ts";
import { menuBarState } from "./menu-bar-state.ts";
import { MonitorHost } from "./monitor-host.ts";
import { forkMonitor } from "./monitor-process.ts";
import { MonitorWatch } from "./monitor-watch.ts";
import { Notifications } from "./notifications.ts";
import { finishBeforeQuit } from "./quit.ts";
import { Popover } from "./popover.ts";
import { Recordings } from "./recordings.ts";
import { blockRequests, denyDownloads, denyNavigation, denyPermissions } from "./security.ts";
import { Settings, SettingsFile } from "./settings.ts";
import { becomeSingleInstance } from "./single-instance.ts";
import { StatusItem } from "./tray.ts";
import { trayState, type Watching } from "./tray-state.ts";
import { WindowBounds } from "./window-bounds.ts";

const log = stderrLogger("sealbar");
const EXIT_FAILED = 70;
const DAEMON = { type: "daemonService", serviceName: DAEMON_PLIST } as const;
const developerTools = !app.isPackaged;
const paths = appPaths({
  packaged: app.isPackaged,
  appPath: app.getAppPath(),
  resourcesPath: process.resourcesPath,
  userData: app.getPath("userData"),
});

const liveCollection = process.platform === "darwin" && existsSync(paths.helper);

const monitor = new MonitorHost({
  fork: () => forkMonitor(paths.monitor),
  start: { dataDir: paths.data, rulesDir: paths.rules, helper: liveCollection ? paths.helper : null },
  clock: systemClock,
  later,
  log,
});
const recordings = new Recordings({ monitor, clock: systemClock, demo: paths.demo, choose: chooseCapture });
const inspections = new Inspections(monitor);
const windowBounds = new JsonFile(paths.windowBounds, WindowBounds.nullable(), null, log);
const window = new MainWindow({
  preload: paths.preload,
  developerTools,
  bounds: windowBounds,
  onGone: () => inspections.cancelAll(),
  clock: systemClock,
  log,
});

const popover = new Popover({ preload: paths.preload, developerTools, later, log });
let watching: Watching | null = null;
const currentTray = () => trayState(watching, monitor.trouble);
const snapshotOrNull = () => monitor.request("snapshot", null).catch(() => null);

/** For what is asked outside the window: its failure is said in a dialog. */
function attempt(work: Promise<unknown>, title = "The recording could not be opened"): void {
  work.catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    log.error(problem);
    void sayProblem(title, problem);
  });
}

const actions: AppActions = {
  open: () => window.open(),
  chooseRecording: () => attempt(recordings.choose().then((chosen) => chosen && window.open())),
  playDemo: () => {
    window.open();
    attempt(recordings.playDemo());
  },
  closeRecording: () => attempt(recordings.close(), "The recording could not be closed"),
  command: (command) => window.command(command),
  togglePopover: (below) => popover.toggle(below),
  quit: () => app.quit(),
};

function obeyMenuBar(request: FromMenuBar): void {
  if (request.do !== "resize") popover.hide();
  switch (request.do) {
    case "close":
      return;
    case "resize":
      popover.resize(request.height);
      return;
    case "open":
      window.open();
      return;
    case "quit":
      app.quit();
      return;
    case "command":
      window.command(request.command);
      return;
    case "finding":
      window.openFinding(request.id);
      return;
    default:
      assertNever(request, "the menu bar asks for something unknown");
  }
}

function openRecording(path: string): void {
  window.open();
  attempt(recordings.open(path));
}

/** What the system hands over: a recording by its name, and anything else to look at its signature. */
function openHanded(path: string): void {
  if (isNamedAsCapture(path)) openRecording(path);
  else window.openFile(path);
}

function obey(commandLine: CommandLine): void {
  if (commandLine.recording !== null) openRecording(commandLine.recording);
  else if (commandLine.demo) actions.playDemo();
  else window.open();
}

function startMonitor(): void {
  const statusItem = new StatusItem(paths.trayIcons, currentTray(), actions);
  const show = () => {
    statusItem.show(currentTray());
    popover.changed();
  };
  const notifications = new Notifications((notification) => {
    const id = watch.findingOf(notification);
    if (id === null) window.command("show-findings");
    else window.openFinding(id);
  }, log);
  const watch = new MonitorWatch({
    snapshot: () => monitor.request("snapshot", null),
    onWatching: (next) => {
      watching = next;
      show();
    },
    onNotification: (notification) => notifications.show(notification),
  });
  const logged = (work: Promise<void>) => {
    work.catch((error: unknown) => log.warn(`the monitor could not be followed: ${String(error)}`));
  };
  monitor.onChange((change) => {
    window.notify("changed", change);
    logged(watch.change(change));
  });
  monitor.onInspectionProgress((progress) => window.notify("inspectionProgress", progress));
  monitor.onTrouble((message) => {
    window.notify("monitorTrouble", { message });
    show();
    if (message !== null) {
      const dropped = recordings.monitorIsGone();
      if (dropped !== null) void sayProblem("The recording was closed", dropped);
      return;
    }
    attempt(recordings.monitorIsReady());
    logged(watch.refresh());
  });
  monitor.start();
}

function run(): void {
  app.dock?.hide();
  denyPermissions(session.defaultSession);
  denyDownloads(session.defaultSession, log);
  blockRequests(session.defaultSession, developerTools, log);
  protocol.handle(APP_SCHEME.scheme, createAppProtocol(paths.renderer, readFile));
  const settings = new Settings({
    file: new JsonFile(paths.settings, SettingsFile, SettingsFile.parse({}), log),
    setLaunchAtLogin: (openAtLogin) => app.setLoginItemSettings({ openAtLogin }),
    setTheme: (theme) => {
      nativeTheme.themeSource = theme;
    },
  });
  const handlers = createIpcHandlers({
    info: { version: app.getVersion(), platform: process.platform, liveCollection },
    monitor,
    recordings,
    settings,
    onSettings: (next) => window.notify("settingsChanged", next),
    copyText: (text) => clipboard.writeText(text),
    openSystemSettings: (address) => shell.openExternal(address),
    enableFullTier: () =>
      enableFullTier({
        packaged: app.isPackaged,
        register: () => app.setLoginItemSettings({ ...DAEMON, openAtLogin: true }),
        status: () => app.getLoginItemSettings(DAEMON).status,
        openSystemSettings: (address) => shell.openExternal(address),
      }),
    inspections,
    chooseFile,
    chooseRulesFolder,
    menuBar: async () => menuBarState(currentTray(), await snapshotOrNull()),
    fromMenuBar: obeyMenuBar,
    onPageAsks: () => window.pageAsks(),
  });
  serveIpc({ ipcMain, handlers, windowId: () => window.contentsId, menuBarId: () => popover.contentsId, log });
  Menu.setApplicationMenu(Menu.buildFromTemplate(appMenuTemplate(actions, developerTools)));
  startMonitor();
  const commandLine = parseCommandLine(process.argv, process.cwd());
  // UNVERIFIED on macOS 13 and later: that Electron still learns there that it was opened at login.
  const atLogin = app.getLoginItemSettings().wasOpenedAtLogin && !commandLine.demo && commandLine.recording === null;
  if (!atLogin) obey(commandLine);
}

protocol.registerSchemesAsPrivileged([APP_SCHEME]);
denyNavigation(app, log);
if (becomeSingleInstance(app, obey)) {
  app.on("window-all-closed", () => undefined);
  app.on("activate", () => void app.whenReady().then(() => window.open()));
  app.on("open-file", (event, path) => {
    event.preventDefault();
    void app.whenReady().then(() => openHanded(path));
  });
  finishBeforeQuit(app, async () => {
    window.close();
    popover.close();
    await Promise.all([monitor.stop(), windowBounds.idle()]);
  });
  // Without a window or a menu-bar item there would be nothing to quit it with.
  app
    .whenReady()
    .then(run)
    .catch((error: unknown) => {
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      app.exit(EXIT_FAILED);
    });
}
