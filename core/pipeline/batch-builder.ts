import type { DigestLine, Notification } from "#contract/notice.ts";
import type { JournalRecord } from "#core/base/journal-record.ts";
import { type Notices, putNotification } from "#core/findings/notices.ts";
import type { Batch, CounterDelta, EventRecord, FindingRecord } from "#core/store/records.ts";
import type { Staged, Stages } from "./stages.ts";

/** What is committed together, and what the user is told once it is. */
export interface Taken {
  batch: Batch;
  notices: Notices;
}

/** Gathers what is to be committed together. A finding that changes several times in a batch is stored once, as it ended. */
export class BatchBuilder {
  #records: EventRecord[] = [];
  #findings = new Map<string, FindingRecord>();
  #notifications = new Map<string, Notification>();
  #digest = new Map<string, DigestLine>();
  #counters = new Map<string, CounterDelta>();
  /** The counter that was added to last: nearly always it is the next one too, and then no key is built. */
  #last: CounterDelta | null = null;
  #journal: JournalRecord[] = [];
  #size = 0;

  /** How many records were taken, whatever they led to. */
  get size(): number {
    return this.#size;
  }

  add({ records, findings, notifications, digest, journal }: Staged): void {
    this.#size += 1;
    this.#journal.push(...journal);
    this.#records.push(...records);
    for (const finding of findings) this.#findings.set(finding.key, finding);
    for (const notification of notifications) putNotification(this.#notifications, notification);
    for (const line of digest) this.#digest.set(line.key, line);
  }

  count(session: string, src: string, name: string, by = 1): void {
    if (by === 0) return;
    const last = this.#last;
    if (last !== null && last.src === src && last.name === name && last.session === session) {
      last.by += by;
      return;
    }
    const key = `${session}\n${src}\n${name}`;
    const counter = this.#counters.get(key) ?? { session, src, name, by: 0 };
    counter.by += by;
    this.#counters.set(key, counter);
    this.#last = counter;
  }

  /** The batch with the rooms' changed state, leaving an empty one; null when there is nothing to commit. */
  take(stages: Stages): Taken | null {
    if (this.#size === 0) return null;
    const batch: Batch = {
      records: this.#records,
      findings: [...this.#findings.values()],
      state: stages.drainChanges(),
      counters: [...this.#counters.values()],
      journal: this.#journal,
    };
    const notices = { notifications: [...this.#notifications.values()], digest: [...this.#digest.values()] };
    this.#records = [];
    this.#journal = [];
    this.#findings = new Map();
    this.#notifications = new Map();
    this.#digest = new Map();
    this.#counters = new Map();
    this.#last = null;
    this.#size = 0;
    return { batch, notices };
  }
}
