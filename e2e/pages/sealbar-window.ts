import { expect, type Locator, type Page } from "@playwright/test";
import type { RunningApp } from "../support/running-app.ts";
import { FindingsPage } from "./findings-page.ts";
import { InspectorPane } from "./inspector-pane.ts";
import { TimelinePage } from "./timeline-page.ts";

export const SECTIONS = ["Timeline", "Findings", "Posture", "Coverage", "Settings"] as const;
export type Section = (typeof SECTIONS)[number];

/** The window as its user names its parts. */
export class SealbarWindow {
  readonly page: Page;
  readonly timeline: TimelinePage;
  readonly findings: FindingsPage;
  readonly inspector: InspectorPane;
  readonly recording: Locator;

  constructor(page: Page) {
    this.page = page;
    this.timeline = new TimelinePage(page);
    this.findings = new FindingsPage(page);
    this.inspector = new InspectorPane(page);
    this.recording = page.getByRole("region", { name: "Recording" });
  }

  static async of(app: RunningApp): Promise<SealbarWindow> {
    const window = new SealbarWindow(await app.window());
    await expect(window.sections).toBeVisible();
    return window;
  }

  get sections(): Locator {
    return this.page.getByRole("navigation", { name: "Sections" });
  }

  section(name: Section): Locator {
    return this.sections.getByRole("button", { name, exact: true });
  }

  async go(name: Section): Promise<void> {
    await this.section(name).click();
    await this.isAt(name);
  }

  async isAt(name: Section): Promise<void> {
    await expect(this.section(name)).toHaveAttribute("aria-current", "page");
  }

  /** A recording has been read to its end: nothing more will come in. */
  async recordingIsRead(): Promise<void> {
    await expect(this.recording).toBeVisible();
    await expect(this.page.getByRole("progressbar", { name: "Recording read" })).toHaveCount(0, { timeout: 20_000 });
  }
}
