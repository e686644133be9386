import { guarded, StoreError } from "./errors.ts";
import { firstRow, type WriteDb } from "./handle.ts";
import { type JournalHead, journalHead } from "./journal.ts";

/** A posture journal, as far as whoever keeps its head outside this database has to know it. */
export interface JournalToAnchor {
  /** The journal's name: the hash of its first line. Null for an empty journal. */
  name(): string | null;
  head(): JournalHead | null;
  /** Null: there is no such line. */
  hashAt(seq: number): string | null;
  /**
   * Sees to it that what was committed outlives a power cut: a head that is kept elsewhere must not be newer than what is
   * found here then. @returns false when that cannot be done now
   */
  settle(): boolean;
}

export function journalToAnchor(db: WriteDb): JournalToAnchor {
  const hashAt = (seq: number): string | null =>
    guarded(() => firstRow<{ hash: string }>(db, "SELECT hash FROM posture_journal WHERE seq = ?", seq)?.hash ?? null);
  return {
    name: () => hashAt(1),
    head: () => guarded(() => journalHead(db)),
    hashAt,
    settle: () => settle(db),
  };
}

interface Checkpoint {
  busy: number;
  log: number;
  checkpointed: number;
}

/** Commits are synced at checkpoints only (synchronous NORMAL), so this makes one. */
function settle(db: WriteDb): boolean {
  try {
    return guarded(() => {
      // On macOS fsync alone does not empty the drive's own cache (fsync(2)).
      db.sqlite.pragma("checkpoint_fullfsync = ON");
      const [row] = db.sqlite.pragma("wal_checkpoint(PASSIVE)") as Checkpoint[];
      db.sqlite.pragma("checkpoint_fullfsync = OFF");
      return row !== undefined && row.busy === 0 && row.log === row.checkpointed;
    });
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
