import { SealbarWindow } from "./pages/sealbar-window.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

test("filters narrow the timeline, say how many rows they hide, and come off again", async ({ launch }) => {
  const window = await SealbarWindow.of(await launch({ recording: DEMO_RECORDING }));
  await window.recordingIsRead();
  const { timeline } = window;
  const all = await timeline.showsEverything();

  const panel = await timeline.openFilters();
  await panel.getByRole("checkbox", { name: "Unified log" }).check();
  await expect(timeline.chip("Unified log")).toBeVisible();
  await expect(timeline.chips.getByRole("status")).toHaveText(/[\d,]+ of [\d,]+ rows hidden/);
  // Between the old rows and the new ones there are none.
  await expect(timeline.rows.first()).toContainText("Log");
  await expect.poll(() => timeline.count()).toBeLessThan(all);
  const logRows = await timeline.count();
  expect(logRows).toBeGreaterThan(0);

  await panel.getByRole("radio", { name: "Medium or worse" }).check();
  await expect.poll(() => timeline.count()).toBeLessThan(logRows);
  await window.page.keyboard.press("Escape");
  await expect(panel).toBeHidden();

  await timeline.chips.getByRole("button", { name: "Clear all" }).click();
  await expect(timeline.chips).toBeHidden();
  await expect.poll(() => timeline.count()).toBe(all);
});

test("search finds, finds nothing, and takes any text literally", async ({ launch }) => {
  const window = await SealbarWindow.of(await launch({ recording: DEMO_RECORDING }));
  await window.recordingIsRead();
  const { timeline } = window;
  const all = await timeline.showsEverything();

  await timeline.searchFor("csrutil");
  await expect(timeline.row("csrutil").first()).toBeVisible();
  await expect.poll(() => timeline.count()).toBeLessThan(all);

  await timeline.searchFor("no-such-thing-anywhere");
  await expect(timeline.rows).toHaveCount(0);
  await expect(window.page.getByRole("main")).toContainText(/no|nothing/i);

  for (const hostile of [`%`, `_____`, `' OR 1=1 --`, `"*" NEAR`, `<b>x</b>`, "\\", "a".repeat(200)]) {
    await timeline.searchFor(hostile);
    await expect.poll(() => timeline.count(), { message: hostile }).toBeLessThan(all);
  }

  await window.page.getByRole("button", { name: "Clear the search" }).click();
  await expect.poll(() => timeline.count()).toBe(all);
});

test("live can be paused and resumed", async ({ launch }) => {
  const { page } = await SealbarWindow.of(await launch({ demo: true }));
  const live = page.getByRole("button", { name: "Live", exact: true });
  const paused = page.getByRole("button", { name: "Paused", exact: true });
  await live.click();
  await expect(paused).toBeVisible();
  await paused.click();
  await expect(live).toBeVisible();
});

test("a drag over the ribbon shows only the rows of that time; its list says the same by keyboard", async ({
  launch,
}) => {
  const app = await launch({ recording: DEMO_RECORDING });
  const window = await SealbarWindow.of(app);
  await window.recordingIsRead();
  const { page } = window;
  const overview = page.getByRole("region", { name: "Overview" });
  const weakened = overview.getByTitle(/^Protection: Weakened/);
  await expect(weakened).toBeVisible();
  const box = await weakened.boundingBox();
  if (box === null) throw new Error("the band has no place on the screen");
  await page.mouse.move(box.x + 20, box.y + 4);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 4, { steps: 3 });
  await page.mouse.up();
  const filters = page.getByRole("region", { name: "Filters in force" });
  await expect(filters).toContainText(/ to .*rows hidden/);
  await filters.getByRole("button", { name: /^Remove filter/ }).click();
  await expect(filters).toBeHidden();

  await overview.getByRole("button", { name: "Show the overview as a list" }).focus();
  await page.keyboard.press("Enter");
  await overview.getByRole("button", { name: /^Weakened/ }).focus();
  await page.keyboard.press("Enter");
  await expect(filters).toContainText("rows hidden");
});
