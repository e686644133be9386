import type { Inspection, InspectionDepth } from "#contract/inspection.ts";
import { type FileIdentity, identityOf, sameIdentity, statPath } from "./file-source.ts";
import { ReadFault } from "./problem.ts";

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
  get(path: string, depth: InspectionDepth): Inspection | null {
    const key = keyOf(path, depth);
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    this.#entries.delete(key);
    if (!entry.files.every(isAsItWas)) return null;
    this.#entries.set(key, entry);
    return entry.inspection;
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

function isAsItWas(file: FileIdentity): boolean {
  try {
    return sameIdentity(file, identityOf(file.path, statPath(file.path)));
  } catch (error) {
    if (error instanceof ReadFault) return false;
    throw error;
  }
}
