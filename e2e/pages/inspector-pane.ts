import type { Locator, Page } from "@playwright/test";

export class InspectorPane {
  readonly pane: Locator;
  readonly heading: Locator;

  constructor(page: Page) {
    this.pane = page.getByRole("complementary", { name: "Inspector" });
    this.heading = this.pane.getByRole("heading", { level: 2 });
  }

  section(title: string): Locator {
    return this.pane
      .locator("section")
      .filter({ has: this.pane.page().getByRole("heading", { name: title, exact: true }) });
  }

  /** The records a finding stands on, in order. */
  get evidence(): Locator {
    return this.section("Evidence").getByRole("listitem").getByRole("button");
  }

  tab(name: "Summary" | "Signature" | "Raw record"): Locator {
    return this.pane.getByRole("tab", { name });
  }
}
