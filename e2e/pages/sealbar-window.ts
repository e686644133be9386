import type { PreloadApi } from "#contract/ipc.ts";
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
    // Asked in one go: while a monitor is restarted the banner goes and comes again.
    const isRead = () =>
      this.recording.evaluateAll(([banner]) => banner !== undefined && banner.querySelector("progress") === null);
    await expect.poll(isRead, { timeout: 20_000 }).toBe(true);
  }

  /** The monitor answers, and shows a recording where `recording` says so. */
  async monitorAnswers(recording: boolean): Promise<void> {
    const shown = () =>
      this.page.evaluate(async () => {
        const { sealbar } = globalThis as unknown as { sealbar: PreloadApi };
        const answer = await sealbar.invoke.snapshot(null);
        return answer.ok && answer.value.monitor !== null ? answer.value.monitor.recording !== null : null;
      });
    await expect.poll(shown, { timeout: 20_000 }).toBe(recording);
  }

  /**
   * Watches for a status that may be gone again before anyone looks.
   * @returns how to wait until one with this text has been shown since
   */
  async watchFor(text: string): Promise<() => Promise<void>> {
    const seen = await this.page.evaluateHandle((text) => {
      const seen = { it: false };
      const look = () => {
        if ([...document.querySelectorAll("output")].some((status) => status.textContent.includes(text)))
          seen.it = true;
      };
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
      look();
      return seen;
    }, text);
    return () => expect.poll(() => seen.evaluate(({ it }) => it), { message: text, timeout: 20_000 }).toBe(true);
  }

  /** Nothing is being loaded, and nothing moves. */
  async isStill(): Promise<void> {
    const moving = () =>
      this.page.evaluate(
        () =>
          document.getAnimations().filter(({ playState }) => playState === "running" || playState === "paused").length,
      );
    await expect.poll(moving).toBe(0);
  }
}
