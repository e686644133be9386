import type { EventId } from "#contract/source.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";
import { BoundedTable } from "#core/enrich/bounded-table.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import { parseStoredEvent, reviveEvent, type StoredEvent, storeEvent } from "#core/enrich/stored-event.ts";

/** Sources overtake each other by seconds, so the latest few records that matched are enough. */
const MAX_RECORDS = 128;
const PREFIX = "member:";

/**
 * The latest records that may end a window, with all that was known of them: when another one completes the window, the
 * finding is still about the last one, in the words and with the severity of that moment. Bounded and durable.
 */
export class MemberRecords {
  readonly #table: BoundedTable<StoredEvent>;

  constructor(entries: readonly StateEntry[]) {
    this.#table = new BoundedTable(PREFIX, MAX_RECORDS, entries);
  }

  add(enriched: EnrichedEvent): void {
    this.#table.set(keyOf(enriched.event.id), storeEvent(enriched));
  }

  find(id: EventId): EnrichedEvent | null {
    const stored = this.#table.get(keyOf(id));
    return stored === undefined ? null : reviveEvent(stored);
  }

  drainChanges(): StateChange[] {
    return this.#table.drainChanges();
  }
}

/** What a finding that has to wait must know again: one text, which {@link recall} reads. */
export function remember(enriched: EnrichedEvent): string {
  return JSON.stringify(storeEvent(enriched));
}

/** Null when the text cannot be read. */
export function recall(text: string): EnrichedEvent | null {
  const stored = parseStoredEvent(text);
  return stored === null ? null : reviveEvent(stored);
}

function keyOf({ session, src, n }: EventId): string {
  return JSON.stringify([session, src, n]);
}
