import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { SealbarWindow } from "./pages/sealbar-window.ts";
import { descendantsOf, stillRunning } from "./support/processes.ts";
import { DEMO_RECORDING, expect, runSecondInstance, test } from "./support/test.ts";

/** Sets the database's user_version, which SQLite keeps as a big-endian integer in its header (fileformat2, 1.3). */
function markAsNewer(userDataDir: string): void {
  const version = Buffer.alloc(4);
  version.writeUInt32BE(9_999);
  const file = openSync(join(userDataDir, "monitor", "sealbar.db"), "r+");
  writeSync(file, version, 0, version.length, 60);
  closeSync(file);
}

test("quitting leaves no process and no lock", async ({ launch }) => {
  const app = await launch({ demo: true });
  const window = await SealbarWindow.of(app);
  await window.timeline.hasRows();
  const pids = [app.pid, await app.monitorPid(), ...descendantsOf(app.pid)];
  expect(stillRunning(pids.slice(0, 2))).toHaveLength(2);
  expect(app.locksLeft()).not.toEqual([]);
  const ended = app.electron.waitForEvent("close");
  // The menu's own Quit, in the middle of a recording.
  await app.inMain(({ app }) => setImmediate(() => app.quit()));
  await ended;
  await expect.poll(() => stillRunning(pids)).toEqual([]);
  expect(app.locksLeft()).toEqual([]);
});

test("the app goes on with its window closed, and opens it again where it was", async ({ launch }) => {
  const app = await launch({ recording: DEMO_RECORDING });
  const window = await SealbarWindow.of(app);
  await window.recordingIsRead();
  const rows = await window.timeline.showsEverything();
  await app.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => app.electron.windows().length).toBe(0);
  await expect.poll(() => app.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
  expect(stillRunning([app.pid, await app.monitorPid()])).toHaveLength(2);

  const opened = app.electron.waitForEvent("window");
  await app.inMain(({ app }) => app.emit("activate"));
  await opened;
  const again = await SealbarWindow.of(app);
  await again.timeline.hasRows();
  await expect.poll(() => again.timeline.count()).toBe(rows);
});

test("a second instance hands over its command line to the first, and ends", async ({ launch }) => {
  const app = await launch();
  const window = await SealbarWindow.of(app);
  await expect(window.page.getByRole("button", { name: "Play the demo recording" })).toBeVisible();
  await app.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());

  expect(await runSecondInstance(app.userDataDir, ["--demo"])).toBe(0);
  await expect.poll(() => app.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())).toBe(true);
  await window.timeline.hasRows();
  expect(app.electron.windows()).toHaveLength(1);
});

test("two user-data folders are two Sealbars", async ({ launch }) => {
  const [first, second] = [await launch(), await launch()];
  await SealbarWindow.of(first);
  await SealbarWindow.of(second);
  expect(stillRunning([first.pid, second.pid])).toHaveLength(2);
});

test("a monitor that is killed is restarted, a gap record says so, and the window goes on", async ({ launch }) => {
  const app = await launch();
  const window = await SealbarWindow.of(app);
  await expect(window.page.getByRole("button", { name: "Play the demo recording" })).toBeVisible();
  const before = await app.monitorPid();
  const saidSo = await window.watchFor("monitor stopped and is being restarted");
  process.kill(before, "SIGKILL");
  await saidSo();
  await expect.poll(() => app.monitorPid().catch(() => before)).not.toBe(before);
  await expect(window.page.getByRole("status").filter({ hasText: /being restarted/i })).toBeHidden();

  await expect(window.timeline.row(/not watching/i).first()).toBeVisible();
  await window.timeline
    .row(/not watching/i)
    .first()
    .click();
  await expect(window.inspector.heading).toBeVisible();
  await window.go("Coverage");
  await window.go("Timeline");
});

test("a monitor that is killed while a recording plays goes on with the recording", async ({ launch }) => {
  const app = await launch({ demo: true });
  const window = await SealbarWindow.of(app);
  await window.timeline.hasRows();
  const before = await app.monitorPid();
  process.kill(before, "SIGKILL");
  await expect.poll(() => app.monitorPid().catch(() => before)).not.toBe(before);
  await window.monitorAnswers(true);
  // It begins again from the start.
  await expect.poll(() => window.timeline.count(), { timeout: 20_000 }).toBeGreaterThan(100);
  await window.recordingIsRead();
  await window.go("Findings");
  await window.findings.hasItems();
});

test("a recording that ends the monitor twice is closed, and said so", async ({ launch }) => {
  const app = await launch({ demo: true });
  const window = await SealbarWindow.of(app);
  await window.timeline.hasRows();
  const killMonitor = async () => {
    const pid = await app.monitorPid();
    process.kill(pid, "SIGKILL");
    await expect.poll(() => app.monitorPid().catch(() => pid), { timeout: 20_000 }).not.toBe(pid);
  };
  await killMonitor();
  await window.monitorAnswers(true);
  await expect(window.recording).toBeVisible();
  await killMonitor();
  await window.monitorAnswers(false);
  // This Mac is shown again: it has the gap's record and nothing of the recording.
  await expect(window.timeline.row(/not watching/i).first()).toBeVisible();
  await expect(window.recording).toBeHidden();
  if (app.isStandIn) {
    await expect
      .poll(() => app.inMain(({ standIn }) => standIn.dialogs))
      .toMatchObject([{ verb: "showMessageBox", options: { message: "The recording was closed" } }]);
  }
});

test("a window whose page dies gets it back, and goes when it keeps dying; the app stays", async ({ launch }) => {
  const app = await launch();
  await SealbarWindow.of(app);
  // Asked from the main process: a driver's page does not outlive its renderer.
  const crash = () =>
    app.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  const sections = () =>
    app.inMain(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]
        ?.webContents.executeJavaScript("document.querySelectorAll('nav button').length")
        .catch(() => 0),
    );
  for (let time = 1; time <= 3; time += 1) {
    await crash();
    await expect.poll(() => app.output.split("its page is loaded again").length - 1).toBe(time);
    await expect.poll(sections).toBeGreaterThan(0);
  }
  await crash();
  await expect.poll(() => app.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
  expect(stillRunning([app.pid])).toEqual([app.pid]);
});

test("a database of a newer Sealbar is said so once, and nothing is started again and again", async ({
  launch,
  folder,
}) => {
  const userDataDir = `${folder}/newer`;
  const older = await launch({ userDataDir });
  // Once its monitor answers, its database is there.
  await (await SealbarWindow.of(older)).monitorAnswers(false);
  await older.quit();
  markAsNewer(userDataDir);
  const app = await launch({ userDataDir });
  const window = await SealbarWindow.of(app);
  await expect(window.page.getByRole("status").filter({ hasText: /newer/i })).toBeVisible();
  await expect.poll(() => app.output).toContain("the monitor cannot start");
  expect(app.output).not.toContain("another one is started");
  await window.go("Settings");
});

test("settings outlive the app", async ({ launch, folder }) => {
  const userDataDir = `${folder}/kept`;
  const first = await launch({ userDataDir });
  const window = await SealbarWindow.of(first);
  await window.go("Settings");
  await window.page.getByRole("combobox", { name: "Appearance" }).selectOption("Dark");
  await expect.poll(() => first.inMain(({ nativeTheme }) => nativeTheme.themeSource)).toBe("dark");
  await first.quit();

  const second = await launch({ userDataDir });
  await SealbarWindow.of(second);
  expect(await second.inMain(({ nativeTheme }) => nativeTheme.themeSource)).toBe("dark");
});

test("launch at login is off until it is asked for", async ({ launch }) => {
  const app = await launch();
  const window = await SealbarWindow.of(app);
  expect(await app.inMain(({ app }) => app.getLoginItemSettings().openAtLogin)).toBe(false);
  await window.go("Settings");
  const toggle = window.page.getByRole("switch", { name: /login/i });
  await expect(toggle).not.toBeChecked();
  await toggle.click();
  await expect(toggle).toBeChecked();
  // The window shows the choice at once; the system is told a moment later.
  await expect.poll(() => app.inMain(({ app }) => app.getLoginItemSettings().openAtLogin)).toBe(true);
});
