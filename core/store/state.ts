import type { StateEntry } from "#core/base/state.ts";
import { guarded } from "./errors.ts";
import { allRows, type ReadDb, run, type WriteDb } from "./handle.ts";
import type { Batch } from "./records.ts";

/** Everything a room has committed, by key. */
export function loadState(db: ReadDb, room: string): StateEntry[] {
  return guarded(() => allRows<StateEntry>(db, "SELECT key, value FROM state WHERE room = ? ORDER BY key", room));
}

/** Runs inside the caller's transaction. */
export function writeState(db: WriteDb, changes: Batch["state"]): void {
  for (const { room, change } of changes) {
    if (change.value === null) run(db, "DELETE FROM state WHERE room = ? AND key = ?", room, change.key);
    else {
      run(
        db,
        "INSERT INTO state (room, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        room,
        change.key,
        change.value,
      );
    }
  }
}
