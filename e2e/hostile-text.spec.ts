import { HOSTILE_TEXTS, LONG_ARGUMENT, writeHostileCapture } from "./fixtures/hostile-capture.ts";
import { SealbarWindow } from "./pages/sealbar-window.ts";
import { expect, test } from "./support/test.ts";

/** Elements that no view of the app ever makes; any of them came out of a record. */
const FOREIGN =
  "script:not([src]), iframe, object, embed, base, link[rel=import], [onerror], [onload], #planted, main img";

test("hostile text is shown as text: nothing is made of it, asked for it or run by it", async ({ launch, folder }) => {
  const app = await launch({ recording: writeHostileCapture(folder) });
  const window = await SealbarWindow.of(app);
  const { page, timeline, inspector } = window;
  const requests: string[] = [];
  const dialogs: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await window.recordingIsRead();
  await timeline.searchFor("hostile");
  const texts = Object.values(HOSTILE_TEXTS);
  await expect.poll(() => timeline.count()).toBeGreaterThanOrEqual(texts.length);

  const rows = await timeline.count();
  await expect(timeline.rows).toHaveCount(rows);
  for (let index = 0; index < rows; index += 1) {
    await timeline.rows.nth(index).click();
    await expect(inspector.heading).toBeVisible();
    await inspector.tab("Raw record").click();
    await expect(inspector.pane.locator("pre")).toBeVisible();
    await inspector.tab("Summary").click();
    expect(await page.locator(FOREIGN).count(), `row ${index}`).toBe(0);
  }

  expect(await page.evaluate(() => "__hostile" in globalThis)).toBe(false);
  expect(dialogs).toEqual([]);
  expect(requests.filter((url) => !/^(app:|http:\/\/sealbar\.app\.localhost)/.test(url))).toEqual([]);
  if (app.isStandIn) {
    const asked = await app.inMain(({ standIn }) => [...standIn.offlineRequests, ...standIn.cancelledRequests]);
    expect(asked).toEqual([]);
  }
});

test("markup, bidi and control characters are there to be read", async ({ launch, folder }) => {
  const window = await SealbarWindow.of(await launch({ recording: writeHostileCapture(folder) }));
  const { page, timeline } = window;
  await window.recordingIsRead();
  await expect(timeline.row(HOSTILE_TEXTS.script).first()).toBeVisible();
  await expect(timeline.row("U+202E").first()).toBeVisible();
  await expect(timeline.row("U+001B").first()).toBeVisible();
  await expect(timeline.row("U+2028").first()).toBeVisible();

  // No character that hides or reorders reaches the page's text anywhere, nor its accessible names and hover texts.
  const raw = await page.evaluate(() => {
    const attributes = [...document.querySelectorAll("[title], [aria-label]")].map(
      (element) => `${element.getAttribute("title") ?? ""}${element.getAttribute("aria-label") ?? ""}`,
    );
    // oxlint-disable-next-line no-control-regex
    return /[\u0000-\u0008\u000B-\u001F\u200B-\u200F\u202A-\u202E\u2066-\u2069]/.exec(
      document.body.innerText + attributes.join(""),
    )?.[0];
  });
  expect(raw).toBeUndefined();
});

test("very long arguments are shortened and do not widen the window", async ({ launch, folder }) => {
  const window = await SealbarWindow.of(await launch({ recording: writeHostileCapture(folder) }));
  const { page, timeline, inspector } = window;
  await window.recordingIsRead();
  await timeline.row("hostile-long").first().click();
  await expect(inspector.pane).toContainText("hostile-long");
  const { overflow, length } = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    length: document.body.innerText.length,
  }));
  expect(overflow).toBeLessThanOrEqual(0);
  expect(length).toBeLessThan(LONG_ARGUMENT.length);
});
