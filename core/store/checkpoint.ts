import { statSync } from "node:fs";
import type { WriteDb } from "./handle.ts";

/** SQLite checkpoints by itself, without waiting for anybody, once a commit leaves this many pages in the log. */
export const AUTO_CHECKPOINT_PAGES = 4000;
/** After a checkpoint has emptied it, the log's file is cut back to this. */
export const KEPT_LOG_BYTES = 32 * 1024 * 1024;
/** A reader that holds its snapshot stops the log from being emptied; past this we ask SQLite to wait for it. */
const LARGE_LOG_BYTES = 256 * 1024 * 1024;
const LOOK_EVERY_COMMITS = 64;

/** Keeps the write-ahead log from growing for ever. Never fails: what it could not do, a later commit tries again. */
export function checkpointWhenLarge(db: WriteDb): void {
  if ((db.memory.meta?.commits ?? 0) % LOOK_EVERY_COMMITS !== 0 || db.sqlite.memory) return;
  const log = statSync(`${db.sqlite.name}-wal`, { throwIfNoEntry: false });
  if (log === undefined || log.size < LARGE_LOG_BYTES) return;
  try {
    db.sqlite.pragma("wal_checkpoint(TRUNCATE)");
  } catch {
    // A full disk shows at the next commit, where it can be reported.
  }
}
