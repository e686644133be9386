import type { Finding } from "#contract/finding.ts";
import type { MonitorChange, MonitorSnapshot, RecordingState } from "#contract/monitor-port.ts";
import type { Notification } from "#contract/notice.ts";
import { OpenFindingsCount } from "./open-findings.ts";
import type { Watching } from "./tray-state.ts";

export interface MonitorWatchDeps {
  snapshot: () => Promise<MonitorSnapshot>;
  onWatching: (watching: Watching) => void;
  onNotification: (notification: Notification) => void;
}

/** Notifications and findings that are still known by name, the latest. */
const REMEMBERED = 5_000;

/** Follows the monitor for the menu bar and the notifications, with or without a window. */
export class MonitorWatch {
  readonly #deps: MonitorWatchDeps;
  readonly #open = new OpenFindingsCount();
  /** The id of the recording the counts belong to, null for this Mac, undefined before the first snapshot. */
  #subject: string | null | undefined;
  /** What each notification said last, by its tag. */
  readonly #said = new Map<string, string>();
  /** This Mac's findings by key. */
  readonly #ids = new Map<string, number>();
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
      const isFirst = this.#subject === undefined;
      this.#subject = subjectOf(snapshot.recording);
      this.#open.reset(snapshot.findings);
      this.#learn(snapshot.findings);
      // Oldest first. What was there before the app started has been told, or it is in the window.
      for (const notification of (snapshot.notifications ?? []).toReversed()) this.#catchUp(notification, isFirst);
      this.#show(snapshot);
    } finally {
      this.#refreshing = false;
    }
  }

  async change(change: MonitorChange): Promise<void> {
    // Of this Mac, whatever is shown.
    for (const notification of change.notifications ?? []) this.#tell(notification);
    if (change.findings === null || subjectOf(change.recording) !== this.#subject) return this.refresh();
    this.#open.apply(change.findings);
    this.#learn(change.findings);
    this.#show(change);
  }

  /** The finding that a notification is about; null when it is about several, or a recording is shown instead. */
  findingOf({ findings }: Notification): number | null {
    const [only] = findings;
    if (only === undefined || findings.length > 1 || this.#subject !== null) return null;
    return this.#ids.get(only) ?? null;
  }

  /** What was said while nobody listened, e.g. by a monitor that then ended. */
  #catchUp(notification: Notification, isFirst: boolean): void {
    const said = this.#said.get(notification.tag);
    if (said === wordsOf(notification)) return;
    if (isFirst) this.#remember(notification);
    else this.#tell({ ...notification, silent: said !== undefined });
  }

  #tell(notification: Notification): void {
    this.#remember(notification);
    this.#deps.onNotification(notification);
  }

  #remember(notification: Notification): void {
    remember(this.#said, notification.tag, wordsOf(notification));
  }

  #learn(findings: readonly Finding[]): void {
    if (this.#subject !== null) return;
    for (const { key, id } of findings) remember(this.#ids, key, id);
  }

  #show(state: Pick<MonitorSnapshot, "coverage" | "recording" | "trouble" | "live">): void {
    const { coverage, recording, trouble, live } = state;
    this.#deps.onWatching({ coverage, recording, trouble, live, open: this.#open.count() });
  }
}

/** The youngest stay. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  for (const old of map.keys()) {
    if (map.size <= REMEMBERED) break;
    map.delete(old);
  }
}

function wordsOf({ title, body }: Notification): string {
  return `${title}\n${body}`;
}

function subjectOf(recording: RecordingState | null): string | null {
  return recording?.id ?? null;
}
