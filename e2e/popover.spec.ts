import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { SealbarWindow } from "./pages/sealbar-window.ts";
import type { RunningApp } from "./support/running-app.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

/** The page of the popover, once a click on the seal has opened it. */
async function openPopover(app: RunningApp): Promise<Page> {
  const opened = app.electron.waitForEvent("window");
  await app.inMain(({ standIn }) => standIn.trays[0]?.click());
  const page = await opened;
  await page.waitForURL(/#menu-bar$/);
  return page;
}

const shown = (app: RunningApp) =>
  app.inMain(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .filter((window) => window.webContents.getURL().endsWith("#menu-bar"))
      .map((window) => ({ visible: window.isVisible(), bounds: window.getBounds() })),
  );

test("a click on the seal shows the state and the last findings, and a finding opens in the window", async ({
  launch,
}) => {
  const app = await launch({ recording: DEMO_RECORDING });
  test.skip(!app.isStandIn, "Electron's own tray cannot be clicked");
  const window = await SealbarWindow.of(app);
  await window.recordingIsRead();
  const popover = await openPopover(app);
  await expect(popover.getByRole("heading", { level: 1 })).toContainText("Showing the recording");
  const findings = popover.getByRole("list", { name: "Last findings of the recording" });
  await expect(findings.getByRole("button")).toHaveCount(3);
  await expect(popover.getByRole("button", { name: "Open Sealbar" })).toBeVisible();
  await expect
    .poll(async () => (await shown(app))[0]?.bounds.height)
    .toBe(await popover.evaluate(() => document.querySelector("main")?.scrollHeight));
  expect((await new AxeBuilder({ page: popover }).analyze()).violations).toEqual([]);

  const title = await findings.getByRole("button").first().innerText();
  await findings.getByRole("button").first().click();
  await expect.poll(async () => (await shown(app))[0]?.visible).toBe(false);
  await window.isAt("Findings");
  await expect(window.inspector.heading).not.toBeEmpty();
  expect(title.length).toBeGreaterThan(0);
});

test("Escape and a second click close it, and it cannot ask for more than its own", async ({ launch }) => {
  const app = await launch();
  test.skip(!app.isStandIn, "Electron's own tray cannot be clicked");
  await SealbarWindow.of(app);
  const popover = await openPopover(app);
  await expect(popover.getByRole("heading", { level: 1 })).toBeVisible();
  const refused = await popover.evaluate(() =>
    (
      window as unknown as { sealbar: { invoke: Record<string, (request: unknown) => Promise<unknown>> } }
    ).sealbar.invoke["copyText"]?.({ text: "taken" }),
  );
  expect(refused).toMatchObject({ ok: false, error: { code: "forbidden" } });
  await popover.keyboard.press("Escape");
  await expect.poll(async () => (await shown(app))[0]?.visible).toBe(false);
  await app.inMain(({ standIn }) => standIn.trays[0]?.click());
  await expect.poll(async () => (await shown(app))[0]?.visible).toBe(true);
  await app.inMain(({ standIn }) => standIn.trays[0]?.click());
  await expect.poll(async () => (await shown(app))[0]?.visible).toBe(false);

  // As a Mac does it: the click on the seal takes the popover's focus first, and must not open it anew.
  await app.inMain(({ standIn }) => standIn.trays[0]?.click());
  await expect.poll(async () => (await shown(app))[0]?.visible).toBe(true);
  const after = await app.inMain(({ BrowserWindow, standIn }) => {
    const popover = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL().endsWith("#menu-bar"));
    popover?.emit("blur");
    standIn.trays[0]?.click();
    return popover?.isVisible();
  });
  expect(after).toBe(false);
});

test("it goes when something else has the focus", async ({ launch }) => {
  const app = await launch();
  test.skip(!app.isStandIn, "Electron's own tray cannot be clicked");
  await SealbarWindow.of(app);
  await expect((await openPopover(app)).getByRole("heading", { level: 1 })).toBeVisible();
  await app.inMain(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find(({ webContents }) => webContents.getURL().endsWith("#menu-bar"))
      ?.emit("blur"),
  );
  await expect.poll(async () => (await shown(app))[0]?.visible).toBe(false);
});
