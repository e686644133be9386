import type { PreloadApi } from "#contract/ipc.ts";
import { expect, type Locator, type Page } from "@playwright/test";

export class FindingsPage {
  readonly #page: Page;
  readonly list: Locator;
  readonly items: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.list = page.getByRole("listbox", { name: "Findings" });
    this.items = this.list.getByRole("option");
  }

  item(text: string | RegExp): Locator {
    return this.items.filter({ hasText: text });
  }

  async hasItems(): Promise<void> {
    await expect(this.items.first()).toBeVisible();
  }

  /** As many findings are listed as the monitor has. */
  async showsEverything(): Promise<void> {
    await this.hasItems();
    const total = () =>
      this.#page.evaluate(async () => {
        const { sealbar } = globalThis as unknown as { sealbar: PreloadApi };
        const answer = await sealbar.invoke.findingsPage({ limit: 1, before: null });
        return answer.ok ? answer.value.total : -1;
      });
    await expect.poll(async () => (await this.items.count()) === (await total())).toBe(true);
  }
}
