import { MINUTE, type Micros } from "#core/base/clock.ts";
import type { StateChange, StateEntry } from "#core/base/state.ts";

const KEY = "heartbeat";

/** When anything was last heard from the Mac, to the minute: written down once a minute, so that it costs nothing. */
export class Heartbeat {
  #last: Micros | null;
  #dirty = false;

  constructor(entries: readonly StateEntry[]) {
    const entry = entries.find(({ key }) => key === KEY);
    this.#last = entry === undefined ? null : Number(entry.value);
  }

  get last(): Micros | null {
    return this.#last;
  }

  heard(time: Micros): void {
    const minute = Math.floor(time / MINUTE) * MINUTE;
    if (minute === this.#last) return;
    this.#last = minute;
    this.#dirty = true;
  }

  drainChanges(): StateChange[] {
    if (!this.#dirty) return [];
    this.#dirty = false;
    return [{ key: KEY, value: String(this.#last) }];
  }
}
