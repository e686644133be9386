import { SealbarWindow } from "./pages/sealbar-window.ts";
import type { RunningApp } from "./support/running-app.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

/** The status item as it is now. Electron's own has no way to be asked; see e2e/support/README.md. */
function statusItem(app: RunningApp) {
  return app.inMain(({ standIn }) =>
    standIn.trays.map((tray) => ({
      toolTip: tray.toolTip(),
      isTemplate: tray.image().isTemplateImage(),
      isEmpty: tray.image().isEmpty(),
      picture: tray.image().toDataURL(),
      menu: tray.menu()?.items.map((item) => (item.type === "separator" ? "-" : item.label)) ?? [],
    })),
  );
}

async function chooseInTray(app: RunningApp, id: string): Promise<void> {
  await app.inMain(({ standIn }, id) => {
    const item = standIn.trays[0]?.menu()?.getMenuItemById(id);
    if (item === null || item === undefined) throw new Error(`no item ${id} in the tray's menu`);
    item.click();
  }, id);
}

test.describe("the status item", () => {
  test("is one template image whose tooltip and menu say the same state", async ({ launch }) => {
    const app = await launch();
    test.skip(!app.isStandIn, "Electron does not give the tray's state back");
    await SealbarWindow.of(app);
    await expect.poll(async () => (await statusItem(app))[0]?.toolTip).toMatch(/not being watched/);
    const items = await statusItem(app);
    expect(items).toHaveLength(1);
    const [item] = items;
    expect(item).toMatchObject({ isTemplate: true, isEmpty: false });
    expect(item?.toolTip).toContain(item?.menu[0] ?? "?");
    expect(item?.menu).toEqual(expect.arrayContaining(["Open Sealbar", "Play the Demo", "Settings…", "Quit Sealbar"]));
  });

  test("says that a recording is shown, and that this Mac is not watched meanwhile", async ({ launch }) => {
    const app = await launch();
    test.skip(!app.isStandIn, "Electron does not give the tray's state back");
    const window = await SealbarWindow.of(app);
    await chooseInTray(app, "play-demo");
    await window.timeline.hasRows();
    await expect.poll(async () => (await statusItem(app))[0]?.toolTip).toMatch(/recording .* not being watched/);
  });

  test("says that the monitor is gone, with another picture or other words", async ({ launch }) => {
    const app = await launch();
    test.skip(!app.isStandIn, "Electron does not give the tray's state back");
    await SealbarWindow.of(app);
    const seen = app.inMain(
      ({ standIn }) =>
        new Promise<string>((resolve) => {
          const look = setInterval(() => {
            const toolTip = standIn.trays[0]?.toolTip() ?? "";
            if (!/restarted/.test(toolTip)) return;
            clearInterval(look);
            resolve(toolTip);
          }, 5);
        }),
    );
    process.kill(await app.monitorPid(), "SIGKILL");
    expect(await seen).toContain("Nothing is recorded until it is back");
    await expect.poll(async () => (await statusItem(app))[0]?.toolTip).not.toMatch(/restarted/);
  });

  test("opens the window that was closed, and settings in it", async ({ launch }) => {
    const app = await launch();
    test.skip(!app.isStandIn, "Electron does not give the tray's menu back");
    const { page } = await SealbarWindow.of(app);
    await expect(page.getByRole("button", { name: "Play the demo recording" })).toBeVisible();
    await page.close();
    // The driver's page is gone before the app knows that its window is.
    await expect.poll(() => app.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
    const opened = app.electron.waitForEvent("window");
    await chooseInTray(app, "settings");
    await opened;
    await (await SealbarWindow.of(app)).isAt("Settings");
  });
});

test("the application menu drives the window", async ({ launch }) => {
  const app = await launch({ recording: DEMO_RECORDING });
  const window = await SealbarWindow.of(app);
  await window.recordingIsRead();
  await app.chooseMenu("show-findings");
  await window.isAt("Findings");
  await app.chooseMenu("show-coverage");
  await window.isAt("Coverage");
  await app.chooseMenu("find");
  await expect(window.timeline.search).toBeFocused();
  await app.chooseMenu("toggle-live");
  await expect(window.page.getByRole("button", { name: "Paused", exact: true })).toBeVisible();
  await app.chooseMenu("show-shortcuts");
  await expect(window.page.getByRole("dialog")).toBeVisible();
});

test("a recording is chosen in the system's dialog; changing one's mind changes nothing", async ({ launch }) => {
  const app = await launch();
  test.skip(!app.isStandIn, "the system's own dialog cannot be answered");
  const window = await SealbarWindow.of(app);
  const open = window.page.getByRole("button", { name: "Open a recording…" });
  await open.click();
  await expect.poll(() => app.inMain(({ standIn }) => standIn.dialogs.length)).toBe(1);
  await expect(open).toBeVisible();

  await app.inMain(({ app, standIn }) => {
    const capture = `${app.getAppPath()}/e2e/scenarios/g1-fires.sealcap.jsonl`;
    standIn.dialogReplies.push({ canceled: false, filePaths: [capture] });
  });
  await open.click();
  await expect(window.recording).toContainText("g1-fires");
  await window.recordingIsRead();
  await window.timeline.hasRows();
});

test("findings of a recording are no news about this Mac: no notification", async ({ launch }) => {
  const app = await launch({ recording: DEMO_RECORDING });
  test.skip(!app.isStandIn, "Electron does not give notifications back");
  const window = await SealbarWindow.of(app);
  await window.recordingIsRead();
  await window.go("Findings");
  await window.findings.hasItems();
  expect(await app.inMain(({ standIn }) => standIn.notifications.length)).toBe(0);
});

test("presented as a Mac, the app has no Dock icon", async ({ launch }) => {
  const app = await launch({ platform: "darwin" });
  test.skip(!app.isStandIn, "only the stand-in can present another platform");
  await SealbarWindow.of(app);
  expect(await app.inMain(({ app }) => app.dock?.isVisible())).toBe(false);
  const options = await app.inMain(({ standIn }) => standIn.windows[0]?.options);
  expect(options).toMatchObject({ titleBarStyle: "hiddenInset" });
});
