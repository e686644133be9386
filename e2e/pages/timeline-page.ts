import type { PreloadApi } from "#contract/ipc.ts";
import { expect, type Locator, type Page } from "@playwright/test";

export class TimelinePage {
  readonly #page: Page;
  readonly grid: Locator;
  /** Rows with an event; the grid's first row is its head. */
  readonly rows: Locator;
  readonly search: Locator;
  readonly chips: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.grid = page.getByRole("grid", { name: "Timeline" });
    this.rows = this.grid.getByRole("row").filter({ has: page.getByRole("gridcell") });
    this.search = page.getByRole("searchbox", { name: "Search the timeline" });
    this.chips = page.getByRole("region", { name: "Filters in force" });
  }

  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text });
  }

  get selectedRow(): Locator {
    return this.grid.getByRole("row", { selected: true });
  }

  async hasRows(): Promise<void> {
    await expect(this.rows.first()).toBeVisible();
  }

  /** How many rows there are under the filter in force, beyond those that are drawn; without rows there is no grid. */
  async count(): Promise<number> {
    const [rows = "1"] = await this.grid.evaluateAll((grids) =>
      grids.map((grid) => grid.getAttribute("aria-rowcount")),
    );
    return Number(rows) - 1;
  }

  /** The button that takes a filter in force off again. */
  chip(filter: string): Locator {
    return this.chips.getByRole("button", { name: "Remove filter:" }).filter({ hasText: filter });
  }

  /** The whole timeline is there, unfiltered. @returns how many rows it has, as the monitor counts them */
  async showsEverything(): Promise<number> {
    const total = () =>
      this.#page.evaluate(async () => {
        const { sealbar } = globalThis as unknown as { sealbar: PreloadApi };
        const filter = { origins: [], minSeverity: null, text: "" };
        const answer = await sealbar.invoke.timelinePage({ filter, before: null, limit: 1 });
        return answer.ok ? answer.value.total : -1;
      });
    await expect.poll(async () => (await this.count()) === (await total())).toBe(true);
    return this.count();
  }

  async searchFor(text: string): Promise<void> {
    await this.search.fill(text);
    await expect(
      this.chips.getByRole("button", { name: `Remove filter: contains “${text}”`, exact: true }),
    ).toBeVisible();
  }

  async openFilters(): Promise<Locator> {
    await this.#page.getByRole("button", { name: "Filters", exact: true }).click();
    return this.#page.getByRole("region", { name: "Filters", exact: true });
  }
}
