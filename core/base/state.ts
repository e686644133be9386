/** One durable piece of a room's memory; `value` is the room's own JSON. */
export interface StateEntry {
  key: string;
  value: string;
}

/** A change to it since the last commit; null deletes. */
export interface StateChange {
  key: string;
  value: string | null;
}

/** Collects the dirty keys of a room between two commits; the last write to a key wins. */
export class StateChanges {
  #changes = new Map<string, string | null>();

  set(key: string, value: string): void {
    this.#changes.set(key, value);
  }

  delete(key: string): void {
    this.#changes.set(key, null);
  }

  drain(): StateChange[] {
    const changes = Array.from(this.#changes, ([key, value]) => ({ key, value }));
    this.#changes.clear();
    return changes;
  }
}
