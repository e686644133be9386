import type { Finding } from "#contract/finding.ts";
import type { MonitorChange, MonitorSnapshot, RecordingState } from "#contract/monitor-port.ts";
import type { FindingNotices, Notice } from "./finding-notices.ts";
import { OpenFindingsCount } from "./open-findings.ts";
import type { Watching } from "./tray-state.ts";

export interface MonitorWatchDeps {
  snapshot: () => Promise<MonitorSnapshot>;
  notices: FindingNotices;
  onWatching: (watching: Watching) => void;
  onNotice: (notice: Notice) => void;
}

/** Follows the monitor for the menu bar and the notifications, with or without a window. */
export class MonitorWatch {
  readonly #deps: MonitorWatchDeps;
  readonly #open = new OpenFindingsCount();
  /** The id of the recording the counts belong to, null for this Mac, undefined before the first snapshot. */
  #subject: string | null | undefined;
  #knowsThisMac = false;
  #refreshing = false;

  constructor(deps: MonitorWatchDeps) {
    this.#deps = deps;
  }

  /** Asks for everything: at the start, after a restart of the monitor and when a change does not say enough. */
  async refresh(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    try {
      const snapshot = await this.#deps.snapshot();
      this.#subject = subjectOf(snapshot.recording);
      this.#open.reset(snapshot.findings);
      if (this.#subject === null) this.#tellFromSnapshot(snapshot.findings);
      this.#show(snapshot);
    } finally {
      this.#refreshing = false;
    }
  }

  async change(change: MonitorChange): Promise<void> {
    if (change.findings === null || subjectOf(change.recording) !== this.#subject) return this.refresh();
    this.#open.apply(change.findings);
    if (this.#subject === null) this.#tell(change.findings);
    this.#show(change);
  }

  #tellFromSnapshot(findings: readonly Finding[]): void {
    if (this.#knowsThisMac) this.#tell(findings);
    else this.#deps.notices.alreadyTold(findings);
    this.#knowsThisMac = true;
  }

  #tell(findings: readonly Finding[]): void {
    const notice = this.#deps.notices.next(findings);
    if (notice !== null) this.#deps.onNotice(notice);
  }

  #show(state: Pick<MonitorSnapshot, "coverage" | "recording" | "trouble" | "live">): void {
    const { coverage, recording, trouble, live } = state;
    this.#deps.onWatching({ coverage, recording, trouble, live, open: this.#open.count() });
  }
}

function subjectOf(recording: RecordingState | null): string | null {
  return recording?.id ?? null;
}
