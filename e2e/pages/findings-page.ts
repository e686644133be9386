import { expect, type Locator, type Page } from "@playwright/test";

export class FindingsPage {
  readonly list: Locator;
  readonly items: Locator;

  constructor(page: Page) {
    this.list = page.getByRole("listbox", { name: "Findings" });
    this.items = this.list.getByRole("option");
  }

  item(text: string | RegExp): Locator {
    return this.items.filter({ hasText: text });
  }

  async hasItems(): Promise<void> {
    await expect(this.items.first()).toBeVisible();
  }
}
