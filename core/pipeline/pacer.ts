import type { Micros } from "#core/base/clock.ts";
import type { Timers } from "./timers.ts";

/** A quiet hour is not watched second by second: no single wait is longer than this. */
const LONGEST_WAIT_MS = 600;
/** Shorter waits are saved up, because timers cannot keep them. */
const SHORTEST_WAIT_MS = 8;

/** Plays recorded time: waits between records as long as passed between them, divided by the speed. */
export class Pacer {
  readonly #timers: Timers;
  readonly #speed: number | null;
  #last: Micros | null = null;
  #owedMs = 0;

  /** @param speed how many times faster than life; null: as fast as it goes */
  constructor(timers: Timers, speed: number | null) {
    this.#timers = timers;
    this.#speed = speed;
  }

  /** False when everything goes as fast as it can. */
  get paces(): boolean {
    return this.#speed !== null;
  }

  /** How long to wait before a record of this time, in milliseconds; 0 when it is not worth a timer. */
  owed(time: Micros): number {
    if (this.#speed === null) return 0;
    const passed = this.#last === null ? 0 : Math.max(0, time - this.#last);
    this.#last = Math.max(this.#last ?? time, time);
    this.#owedMs += Math.min(LONGEST_WAIT_MS, passed / 1000 / this.#speed);
    if (this.#owedMs < SHORTEST_WAIT_MS) return 0;
    const wait = this.#owedMs;
    this.#owedMs = 0;
    return wait;
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timers.after(ms, resolve);
    });
  }
}
