import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { SealbarWindow } from "./pages/sealbar-window.ts";
import type { RunningApp } from "./support/running-app.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

/** The README shows these; the others are for whoever looks the screens over. */
const FOR_README = new Set(["finding-light", "finding-dark", "timeline-light", "timeline-dark"]);
const ROOT = resolve(import.meta.dirname, "..");
const folderOf = (name: string): string => join(ROOT, FOR_README.has(name) ? "docs/images" : "test-results/screens");
const WRITE = process.env["SEALBAR_SCREENSHOTS"] !== undefined;
const SIZES = [
  { width: 1100, height: 720, suffix: "" },
  { width: 800, height: 600, suffix: "-800x600" },
] as const;
const THEMES = ["light", "dark"] as const;

async function resize(app: RunningApp, window: SealbarWindow, width: number, height: number): Promise<void> {
  const asked = () =>
    app.inMain(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(...size), [
      width,
      height,
    ] as [number, number]);
  // Asked again while it is not so: a page that is busy just then may miss it.
  await expect
    .poll(async () => {
      await asked();
      return window.page.evaluate(() => [innerWidth, innerHeight]);
    })
    .toEqual([width, height]);
}

/** The view is whole: nothing sticks out of the window. Written to a file only when that is asked for. */
async function take(window: SealbarWindow, name: string): Promise<void> {
  await window.isStill();
  await takePage(window.page, name);
}

async function takePage(page: Page, name: string): Promise<void> {
  const scrolled = await page.evaluate(() => {
    scrollTo(1e6, 1e6);
    return { x: scrollX, y: scrollY };
  });
  expect(scrolled, `${name}: the window itself can be scrolled`).toEqual({ x: 0, y: 0 });
  if (WRITE) await page.screenshot({ path: join(folderOf(name), `${name}.png`), animations: "disabled" });
}

/** As tall as it asked to be. */
async function popoverOf(app: RunningApp): Promise<Page> {
  const opened = app.electron.waitForEvent("window");
  await app.inMain(({ standIn }) => standIn.trays[0]?.click());
  const page = await opened;
  await page.waitForURL(/#menu-bar$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const missing = () => page.evaluate(() => (document.querySelector("main")?.scrollHeight ?? 0) - innerHeight);
  await expect.poll(missing).toBe(0);
  return page;
}

for (const theme of THEMES) {
  for (const { width, height, suffix } of SIZES) {
    test(`the views in ${theme} at ${width}x${height}`, async ({ launch }) => {
      const app = await launch({ recording: DEMO_RECORDING });
      const window = await SealbarWindow.of(app);
      await window.recordingIsRead();
      await app.inMain(({ nativeTheme }, theme) => {
        nativeTheme.themeSource = theme;
      }, theme);
      await resize(app, window, width, height);

      await window.go("Findings");
      await window.findings.items.first().click();
      await expect(window.inspector.section("Why")).toBeVisible();
      await take(window, `finding-${theme}${suffix}`);

      await window.go("Timeline");
      await window.timeline.hasRows();
      await expect(window.page.getByRole("region", { name: "Overview" })).toBeVisible();
      // At its left, which the inspector of a narrow window does not cover.
      await window.timeline
        .row("High")
        .first()
        .click({ position: { x: 60, y: 10 } });
      await expect(window.inspector.heading).toBeVisible();
      await take(window, `timeline-${theme}${suffix}`);
      await window.page.keyboard.press("Escape");
      await expect(window.inspector.pane).toBeHidden();
      await window.page.getByRole("button", { name: "Show the overview as a list" }).click();
      await take(window, `overview-list-${theme}${suffix}`);

      await window.go("Posture");
      await expect(window.page.getByRole("region", { name: "Baseline" })).toBeVisible();
      await take(window, `posture-${theme}${suffix}`);
      await window.page.getByRole("heading", { name: "History", exact: true }).scrollIntoViewIfNeeded();
      await take(window, `posture-history-${theme}${suffix}`);
      await window.go("Coverage");
      await take(window, `coverage-${theme}${suffix}`);
      await window.go("Settings");
      await take(window, `settings-${theme}${suffix}`);
      await window.page.getByRole("heading", { name: "All rules" }).scrollIntoViewIfNeeded();
      await take(window, `rules-${theme}${suffix}`);

      if (app.isStandIn && suffix === "") await takePage(await popoverOf(app), `popover-${theme}`);
    });
  }
}
