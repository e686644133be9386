import type { Page } from "@playwright/test";
import { SealbarWindow, SECTIONS } from "./pages/sealbar-window.ts";
import { DEMO_RECORDING, expect, test } from "./support/test.ts";

const TAB_STOPS_MAX = 60;

/** Presses Tab until what has the focus matches; the focus must always be on something that can be seen. */
async function tabTo(page: Page, role: string, name: string): Promise<void> {
  const target = page.getByRole(role as "button", { name, exact: true });
  await expect(target).toBeVisible();
  for (let press = 0; press < TAB_STOPS_MAX; press += 1) {
    await page.keyboard.press("Tab");
    if ((await page.locator(":focus").and(target).count()) > 0) return;
  }
  throw new Error(`Tab never came to the ${role} "${name}"`);
}

test("everything is done with the keyboard alone", async ({ launch }) => {
  const window = await SealbarWindow.of(await launch());
  const { page, timeline, findings, inspector } = window;

  await tabTo(page, "button", "Play the demo recording");
  await page.keyboard.press("Enter");
  await window.recordingIsRead();

  for (const [index, section] of SECTIONS.entries()) {
    await page.keyboard.press(`Control+${index + 1}`);
    await window.isAt(section);
  }

  await page.keyboard.press("Control+2");
  await findings.hasItems();
  await tabTo(page, "listbox", "Findings");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const second = findings.items.nth(1);
  await expect(second).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(inspector.heading).toHaveText(await second.locator("bdi").first().innerText());
  await expect(page.locator("#inspector")).toBeFocused();

  await page.keyboard.press("Control+1");
  await tabTo(page, "grid", "Timeline");
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await expect(timeline.selectedRow).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.locator("#inspector")).toBeFocused();
  await tabTo(page, "tab", "Summary");
  // Past the signature, which a record of a program has.
  await page.keyboard.press("ArrowLeft");
  await expect(inspector.tab("Raw record")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Escape");
  await expect(inspector.pane).toBeHidden();

  await page.keyboard.press("Control+f");
  await expect(timeline.search).toBeFocused();
  await page.keyboard.type("csrutil");
  await expect(timeline.chips).toContainText("csrutil");
  await page.keyboard.press("Escape");
  await expect(timeline.chips).toBeHidden();

  await tabTo(page, "button", "Close recording");
  await page.keyboard.press("Enter");
  await expect(window.recording).toBeHidden();
});

test("the focus can always be seen", async ({ launch }) => {
  const window = await SealbarWindow.of(await launch({ recording: DEMO_RECORDING }));
  await window.recordingIsRead();
  const unseen = new Set<string>();
  for (let press = 0; press < 25; press += 1) {
    await window.page.keyboard.press("Tab");
    const problem = await window.page.locator(":focus").evaluateAll((elements) => {
      const [element] = elements;
      if (element === undefined || element === document.body) return null;
      const style = getComputedStyle(element);
      const seen = style.outlineStyle !== "none" || style.boxShadow !== "none";
      return seen ? null : `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent}`;
    });
    if (problem !== null) unseen.add(problem);
  }
  expect([...unseen]).toEqual([]);
});
