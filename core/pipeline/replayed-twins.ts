import { createHash } from "node:crypto";
import { StateChanges, type StateChange, type StateEntry } from "#core/base/state.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";

/** Keys a chunk holds: a commit writes the chunk that grew, not all of them. */
const CHUNK_KEYS = 256;
const CHUNKS = 64;
const HASH_CHARS = 12;

interface Chunk {
  /** Numbers rise; the state knows a chunk by its number modulo the count of chunks. */
  number: number;
  keys: string[];
}

/**
 * The unified log's records that were delivered lately. What is re-read from the log's store (after drops, after a gap)
 * may hold some of them again under another number: the log's own time, thread, process and text tell. Bounded, durable.
 */
export class ReplayedTwins {
  readonly #chunks: Chunk[];
  /** By key, whether it was re-read. */
  readonly #replayed = new Map<string, boolean>();
  readonly #changes = new StateChanges();
  #grown: Chunk | null = null;

  constructor(entries: readonly StateEntry[]) {
    this.#chunks = entries.map(({ value }) => JSON.parse(value) as Chunk).sort((a, b) => a.number - b.number);
    for (const chunk of this.#chunks) for (const key of chunk.keys) this.#remember(key);
  }

  /** Whether this is the second copy of a record. Call once for each record of the log, in order. */
  isTwin(record: SessionRecord): boolean {
    if (record.kind !== "frame" || record.frame.t !== "event" || record.frame.src !== "log") return false;
    const hash = hashOf(record.frame.body);
    if (hash === null) return false;
    const replayed = record.frame.replayed === true;
    const before = this.#replayed.get(hash);
    // Two live records that look alike are two records.
    if (before !== undefined && (replayed || before)) return true;
    if (before === undefined) this.#add(`${replayed ? "r" : "l"}${hash}`);
    return false;
  }

  drainChanges(): StateChange[] {
    if (this.#grown !== null) this.#write(this.#grown);
    this.#grown = null;
    return this.#changes.drain();
  }

  #add(key: string): void {
    this.#remember(key);
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.keys.length >= CHUNK_KEYS) {
      if (this.#grown !== null) this.#write(this.#grown);
      chunk = { number: (chunk?.number ?? 0) + 1, keys: [] };
      this.#chunks.push(chunk);
      if (this.#chunks.length > CHUNKS) for (const old of this.#chunks.shift()?.keys ?? []) this.#forget(old);
    }
    chunk.keys.push(key);
    this.#grown = chunk;
  }

  #write(chunk: Chunk): void {
    this.#changes.set(String(chunk.number % CHUNKS), JSON.stringify(chunk));
  }

  #remember(key: string): void {
    this.#replayed.set(key.slice(1), key.startsWith("r"));
  }

  #forget(key: string): void {
    this.#replayed.delete(key.slice(1));
  }
}

/** Null when the record does not say enough to be told from another. */
function hashOf(body: Record<string, unknown>): string | null {
  const { machTimestamp, threadID, processID, eventMessage } = body;
  if (typeof machTimestamp !== "number" || typeof threadID !== "number") return null;
  const identity = JSON.stringify([machTimestamp, threadID, processID ?? null, eventMessage ?? null]);
  return createHash("sha1").update(identity).digest("base64").slice(0, HASH_CHARS);
}
