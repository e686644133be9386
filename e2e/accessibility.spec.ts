import { AxeBuilder } from "@axe-core/playwright";
import { writeSignedFiles } from "./fixtures/signed-files.ts";
import { SealbarWindow, SECTIONS } from "./pages/sealbar-window.ts";
import type { RunningApp } from "./support/running-app.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

/** What axe calls serious or critical, each with where it is. */
async function seriousViolations(window: SealbarWindow): Promise<string[]> {
  const { page } = window;
  // What is half faded in has half its contrast.
  await window.isStill();
  // Legacy mode stays in this page: the other one opens a page of its own, which no Electron window can.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)}`));
}

const THEMES = ["light", "dark"] as const;
type Theme = (typeof THEMES)[number];

async function useTheme(app: RunningApp, window: SealbarWindow, theme: Theme): Promise<void> {
  await app.inMain(({ nativeTheme }, theme) => {
    nativeTheme.themeSource = theme;
  }, theme);
  await expect
    .poll(() => window.page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches))
    .toBe(theme === "dark");
}

for (const theme of THEMES) {
  test(`no serious accessibility violation on any page in ${theme}`, async ({ launch }) => {
    const app = await launch({ recording: DEMO_RECORDING });
    const window = await SealbarWindow.of(app);
    await window.recordingIsRead();
    await useTheme(app, window, theme);
    for (const section of SECTIONS) {
      await window.go(section);
      expect.soft(await seriousViolations(window), section).toEqual([]);
    }
    await window.go("Timeline");
    await window.page.getByRole("button", { name: "Show the overview as a list" }).click();
    expect.soft(await seriousViolations(window), "the overview as a list").toEqual([]);
  });

  test(`no serious accessibility violation in the inspector and the filters in ${theme}`, async ({ launch }) => {
    const app = await launch({ recording: DEMO_RECORDING });
    const window = await SealbarWindow.of(app);
    await window.recordingIsRead();
    await useTheme(app, window, theme);
    await window.go("Findings");
    await window.findings.items.first().click();
    await expect(window.inspector.heading).toBeVisible();
    expect.soft(await seriousViolations(window), "a finding").toEqual([]);
    // Of a program: a line of the log has no signature to show.
    await window.inspector.evidence
      .filter({ hasText: /Ran [a-z]/ })
      .first()
      .click();
    await window.inspector.tab("Raw record").click();
    await expect(window.inspector.pane.locator("pre")).toBeVisible();
    expect.soft(await seriousViolations(window), "a raw record").toEqual([]);
    await window.inspector.tab("Signature").click();
    await expect(window.inspector.pane.getByRole("region", { name: "What ran" })).toBeVisible();
    expect.soft(await seriousViolations(window), "a record's signature").toEqual([]);
    await window.timeline.openFilters();
    expect.soft(await seriousViolations(window), "the filters").toEqual([]);
  });

  test(`no serious accessibility violation in what a file turns out to be in ${theme}`, async ({ launch, folder }) => {
    const files = writeSignedFiles(folder);
    const app = await launch();
    const window = await SealbarWindow.of(app);
    await useTheme(app, window, theme);
    for (const path of [files.app, files.fat, files.untrusted, files.spoilt, `${folder}/nothing`]) {
      await app.inMain(({ app }, path) => app.emit("open-file", { preventDefault: () => undefined }, path), path);
      await expect(window.inspector.heading).toHaveText(path.slice(path.lastIndexOf("/") + 1));
      await expect(window.inspector.section("Not checked")).toBeVisible();
      expect.soft(await seriousViolations(window), path).toEqual([]);
    }
  });
}

test("the empty window has no serious accessibility violation", async ({ launch }) => {
  const window = await SealbarWindow.of(await launch());
  await expect(window.page.getByRole("button", { name: "Play the demo recording" })).toBeVisible();
  expect(await seriousViolations(window)).toEqual([]);
});

test("reduced motion is respected", async ({ launch }) => {
  const app = await launch({ recording: DEMO_RECORDING });
  const window = await SealbarWindow.of(app);
  // Narrow enough for the inspector to slide over the rows.
  await app.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(800, 700));
  await window.go("Findings");
  await window.findings.items.first().click();
  await expect(window.inspector.heading).toBeVisible();
  /** The longest animation or transition that any element has, in seconds. */
  const longestMotion = (): Promise<number> =>
    window.page.evaluate(() => {
      const durations = [...document.querySelectorAll("*")].flatMap((element) => {
        const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
        return [...(animationName === "none" ? [] : animationDuration.split(",")), ...transitionDuration.split(",")];
      });
      return Math.max(...durations.map(Number.parseFloat));
    });
  const slides = (): Promise<boolean> =>
    window.inspector.pane.evaluate((pane) => getComputedStyle(pane).animationName !== "none");
  await window.page.emulateMedia({ reducedMotion: "no-preference" });
  // A window's new size reaches its page when the system says so, not when setSize returns.
  await expect.poll(slides).toBe(true);
  await expect.poll(longestMotion).toBeGreaterThan(0);
  await window.page.emulateMedia({ reducedMotion: "reduce" });
  await expect.poll(longestMotion).toBe(0);
});
