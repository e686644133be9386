import type { StoreTrouble } from "#contract/monitor-port.ts";
import type { PostureChain } from "#contract/posture.ts";
import type { Clock, Micros } from "#core/base/clock.ts";
import type { Logger } from "#core/base/logger.ts";
import type { RuleLibrary } from "#core/rules/load-rules.ts";
import type { MonitorSettings } from "#core/settings/monitor-settings.ts";
import { StoreBusy } from "#core/store/errors.ts";
import type { ReadDb, WriteDb } from "#core/store/handle.ts";
import { verifyJournal } from "#core/store/journal.ts";
import { type JournalToAnchor, journalToAnchor } from "#core/store/journal-to-anchor.ts";
import { openReadOnly, openStore } from "#core/store/open.ts";
import { prune } from "#core/store/retention.ts";
import { type CommitNews, Monitor, type OwnIdentity } from "./monitor.ts";
import type { MonitorStore } from "./monitor-store.ts";
import { readOnlyStore, sqliteStore } from "./sqlite-store.ts";

export interface DatabaseOptions {
  path: string;
  library: RuleLibrary;
  settings: MonitorSettings;
  clock: Clock;
  logger: Logger;
  own?: OwnIdentity;
  onCommit: (committed: CommitNews) => void;
}

interface Opened {
  read: ReadDb;
  write: WriteDb | null;
  trouble: StoreTrouble | null;
  close: () => void;
}

/** A database with the monitor that writes it: this Mac's, or a recording's. Beside another writer it only reads. */
export class Database {
  readonly db: ReadDb;
  readonly ports: MonitorStore;
  readonly monitor: Monitor;
  /** What a check of the whole posture journal said when the database was opened. */
  readonly journal: PostureChain["state"];
  #settings: MonitorSettings;
  readonly #opened: Opened;

  /** @throws StoreError when it cannot be opened even for reading */
  constructor(options: DatabaseOptions) {
    const { library, settings, logger, onCommit, own } = options;
    this.#settings = settings;
    this.#opened = open(options);
    this.db = this.#opened.read;
    this.journal = verifyJournal(this.db);
    if (this.journal === "broken") logger.warn("The posture journal was changed by somebody else than Sealbar.");
    const { write } = this.#opened;
    this.ports = write === null ? readOnlyStore(this.db) : sqliteStore(write);
    const identity = own === undefined ? {} : { own };
    this.monitor = new Monitor({ store: this.ports, library, settings, logger, onCommit, ...identity });
  }

  /** Null where another process writes it. */
  get journalToAnchor(): JournalToAnchor | null {
    return this.#opened.write === null ? null : journalToAnchor(this.#opened.write);
  }

  get trouble(): StoreTrouble | null {
    return this.monitor.trouble ?? this.#opened.trouble;
  }

  /** From the next record on. @returns false while nothing can be stored: nothing changed */
  reconfigure(changed: { library: RuleLibrary; settings: MonitorSettings }): boolean {
    if (this.#opened.write === null || !this.monitor.reconfigure(changed)) return false;
    this.#settings = changed.settings;
    return true;
  }

  /** Removes what is past the retention limits. @param now the time that age is measured by */
  prune(now: Micros): void {
    const { write } = this.#opened;
    if (write === null) return;
    while (prune(write, now, this.#settings.retention).more) continue;
  }

  close(): void {
    this.monitor.flush();
    this.#opened.close();
  }
}

function open({ path, clock, logger }: DatabaseOptions): Opened {
  try {
    const store = openStore(path, { clock, logger });
    const trouble = store.setAside === null ? null : { kind: "set-aside" as const, message: store.setAside };
    return { read: store.db, write: store.db, trouble, close: () => store.close() };
  } catch (error) {
    if (!(error instanceof StoreBusy)) throw error;
    logger.warn(error.message);
    const store = openReadOnly(path);
    const message = `${error.message} Sealbar shows what is stored and records nothing until that ends and Sealbar is opened again.`;
    return { read: store.db, write: null, trouble: { kind: "read-only", message }, close: () => store.close() };
  }
}
