import { CHANGE_ROWS_MAX, type MonitorChange } from "#contract/monitor-port.ts";
import type { Finding } from "#contract/finding.ts";
import type { DigestLine, Notification } from "#contract/notice.ts";
import type { TimelineRow } from "#contract/timeline.ts";
import { type Notices, putNotification } from "#core/findings/notices.ts";
import type { Timers } from "./timers.ts";

/** What a change carries besides what is new: read afresh when the change goes out. */
export type MonitorState = Omit<
  MonitorChange,
  "revision" | "rows" | "changedRows" | "findings" | "notifications" | "digest"
>;

/** What a commit added, and the earlier rows whose severity it changed. */
interface NewRows {
  added: readonly TimelineRow[];
  changed: readonly TimelineRow[];
}

interface PublisherOptions {
  timers: Timers;
  /** Shortest time between two changes, in milliseconds. */
  intervalMs: number;
  state: () => MonitorState;
  send: (change: MonitorChange) => void;
}

/**
 * Tells readers what is new: the first change at once, then at most one an interval.
 * More rows than a change may carry become null, which means "query again".
 */
export class Publisher {
  readonly #options: PublisherOptions;
  #revision = 0;
  #rows: TimelineRow[] | null = [];
  #changedRows = new Map<number, TimelineRow>();
  #findings: Map<number, Finding> | null = new Map();
  #notifications = new Map<string, Notification>();
  #digest = new Map<string, DigestLine>();
  #cancel: (() => void) | null = null;
  #dirty = false;
  #stopped = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** The revision of the last change sent; a snapshot carries it so that the next change fits. */
  get revision(): number {
    return this.#revision;
  }

  /** @param rows null: more than are worth reading */
  add(rows: NewRows | null, findings: readonly Finding[]): void {
    this.#addRows(rows);
    this.#addFindings(findings);
    this.touch();
  }

  /** What the user is to be told of this Mac. It goes out with the next change, also when all else is too much to send. */
  tell({ notifications, digest }: Notices): void {
    for (const notification of notifications) putNotification(this.#notifications, notification);
    for (const line of digest) this.#digest.set(line.key, line);
  }

  /** Readers must query everything again, e.g. after another database was opened. */
  invalidate(): void {
    this.#rows = null;
    this.#changedRows.clear();
    this.#findings = null;
    this.touch();
  }

  /** Something in {@link MonitorState} changed. */
  touch(): void {
    if (this.#stopped) return;
    this.#dirty = true;
    if (this.#cancel === null) this.#send();
  }

  /** Nothing is sent any more, whatever still comes. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  #addRows(rows: NewRows | null): void {
    if (this.#rows === null) return;
    for (const row of rows?.changed ?? []) this.#changedRows.set(row.rowId, row);
    const added = rows?.added ?? [];
    if (rows === null || this.#rows.length + added.length + this.#changedRows.size > CHANGE_ROWS_MAX) {
      this.#rows = null;
      this.#changedRows.clear();
    } else {
      this.#rows.push(...added);
    }
  }

  #addFindings(findings: readonly Finding[]): void {
    if (this.#findings === null) return;
    for (const finding of findings) this.#findings.set(finding.id, finding);
    if (this.#findings.size > CHANGE_ROWS_MAX) this.#findings = null;
  }

  #send(): void {
    this.#revision += 1;
    const rows = this.#rows;
    const changedRows = [...this.#changedRows.values()];
    const findings = this.#findings === null ? null : [...this.#findings.values()];
    const notifications = [...this.#notifications.values()];
    const digest = [...this.#digest.values()];
    this.#rows = [];
    this.#changedRows.clear();
    this.#findings = new Map();
    this.#notifications.clear();
    this.#digest.clear();
    this.#dirty = false;
    this.#cancel = this.#options.timers.after(this.#options.intervalMs, () => {
      this.#cancel = null;
      if (this.#dirty) this.#send();
    });
    this.#options.send({
      revision: this.#revision,
      rows,
      changedRows,
      findings,
      ...(notifications.length === 0 ? {} : { notifications }),
      ...(digest.length === 0 ? {} : { digest }),
      ...this.#options.state(),
    });
  }
}
