import { stat } from "node:fs/promises";
import type { Inspection, InspectionDepth } from "#contract/inspection.ts";
import { type FileIdentity, identityOf, sameIdentity } from "./file-source.ts";

interface Entry {
  inspection: Inspection;
  /** In which state they were when the result was found. */
  files: readonly FileIdentity[];
}

/** Results by file state. Bounded: the entry that was not asked for longest goes first. */
export class InspectionCache {
  readonly #entries = new Map<string, Entry>();
  readonly #limit: number;
  #evicted = 0;

  /** @param limit entries */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }
  /** How many were dropped to stay within the limit. */
  get evicted(): number {
    return this.#evicted;
  }

  /** The result for the path as its files are now; null when there is none. A deeper result does not stand in for a shallow one. */
  async get(path: string, depth: InspectionDepth): Promise<Inspection | null> {
    const key = keyOf(path, depth);
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    // Never on the caller's thread: a file on a disk that is gone may keep `stat` waiting for ever.
    const fresh = (await Promise.all(entry.files.map(isAsItWas))).every(Boolean);
    if (this.#entries.get(key) === entry) {
      this.#entries.delete(key);
      if (fresh) this.#entries.set(key, entry);
    }
    return fresh ? entry.inspection : null;
  }

  /** `files`: everything the result stands on. */
  put(inspection: Inspection, files: readonly FileIdentity[]): void {
    const key = keyOf(inspection.path, inspection.depth);
    this.#entries.delete(key);
    this.#entries.set(key, { inspection, files });
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest === undefined) return;
    this.#entries.delete(oldest);
    this.#evicted++;
  }
}

function keyOf(path: string, depth: InspectionDepth): string {
  return `${depth}:${path}`;
}

async function isAsItWas(file: FileIdentity): Promise<boolean> {
  try {
    return sameIdentity(file, identityOf(file.path, await stat(file.path, { bigint: true })));
  } catch {
    return false;
  }
}
