import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SealbarWindow } from "./pages/sealbar-window.ts";
import type { RunningApp } from "./support/running-app.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

const CLI = resolve(import.meta.dirname, "../core/cli/main.ts");

/** A Mac's life as the command line reads it, in a database such as the monitor keeps. */
function databaseOf(recording: string, path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  execFileSync("node", [CLI, "replay", recording, "--db", path], { stdio: "ignore" });
  return path;
}

/**
 * This Mac's own life goes on in another database: a live helper is not to be had here, so the monitor that comes after
 * a crash finds what the one before it would have stored, notifications that nobody heard among it.
 */
async function crashInto(app: RunningApp, database: string): Promise<void> {
  const own = join(app.userDataDir, "monitor", "sealbar.db");
  const monitor = await app.monitorPid();
  // The monitor has its file open and goes on with it until it is killed.
  for (const rest of ["", "-wal", "-shm"]) rmSync(`${own}${rest}`, { force: true });
  renameSync(database, own);
  process.kill(monitor, "SIGKILL");
}

const notified = (app: RunningApp) =>
  app.inMain(({ standIn }) => standIn.notifications.map(({ title, body }) => ({ title, body })));

const click = (app: RunningApp, title: string) =>
  app.inMain(({ standIn }, title) => {
    const shown = standIn.notifications.find((one) => one.title === title)?.notification;
    if (shown === undefined) throw new Error(`no notification ${title}`);
    shown.emit("click");
  }, title);

test("a click on a notification opens its finding, with the window open and closed", async ({ launch, folder }) => {
  const database = databaseOf(DEMO_RECORDING, join(folder, "another", "sealbar.db"));
  const app = await launch();
  test.skip(!app.isStandIn, "Electron does not give notifications back");
  const window = await SealbarWindow.of(app);
  // The app has asked the monitor once: what comes after that is news.
  await window.monitorAnswers(false);
  await expect
    .poll(() => app.inMain(({ standIn }) => standIn.trays[0]?.toolTip() ?? ""))
    .toContain("not being watched");
  expect(await notified(app)).toEqual([]);

  await crashInto(app, database);
  await expect.poll(async () => (await notified(app)).length).toBe(3);
  const [first, , last] = await notified(app);
  if (first === undefined || last === undefined) throw new Error("a notification is missing");
  expect(first.body).not.toBe("");

  await click(app, first.title);
  await window.isAt("Findings");
  await expect(window.inspector.heading).toHaveText(first.title);

  await window.page.close();
  await expect.poll(() => app.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
  const opened = app.electron.waitForEvent("window");
  await click(app, last.title);
  await opened;
  const again = await SealbarWindow.of(app);
  await again.isAt("Findings");
  await expect(again.inspector.heading).toHaveText(last.title);
});

test("while a recording is shown, a click opens the findings and not another one of the same number", async ({
  launch,
  folder,
}) => {
  const database = databaseOf(DEMO_RECORDING, join(folder, "another", "sealbar.db"));
  const app = await launch();
  test.skip(!app.isStandIn, "Electron does not give notifications back");
  const window = await SealbarWindow.of(app);
  await window.monitorAnswers(false);
  await crashInto(app, database);
  await expect.poll(async () => (await notified(app)).length).toBe(3);
  await app.inMain(({ app }) => {
    const capture = `${app.getAppPath()}/e2e/scenarios/g1-fires.sealcap.jsonl`;
    app.emit("open-file", { preventDefault: () => undefined }, capture);
  });
  await window.monitorAnswers(true);
  await window.recordingIsRead();
  const [first] = await notified(app);
  await click(app, first?.title ?? "");
  await window.isAt("Findings");
  await window.findings.hasItems();
  await expect(window.inspector.heading).toHaveCount(0);
});
