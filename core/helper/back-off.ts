import { MINUTE, type Micros, SECOND } from "#core/base/clock.ts";

const FIRST_MS = 1000;
export const LONGEST_PAUSE_MS = 60_000;
const HEALTHY: Micros = MINUTE;

/** The pause before the next try: it doubles with each one that did not last, and begins anew after a healthy while. */
export class BackOff {
  #pauseMs = FIRST_MS;
  #connectedAt: Micros | null = null;

  connected(now: Micros): void {
    this.#connectedAt = now;
  }

  /** @returns milliseconds to wait */
  next(now: Micros): number {
    if (this.#connectedAt !== null && now - this.#connectedAt >= HEALTHY) this.#pauseMs = FIRST_MS;
    this.#connectedAt = null;
    const pause = this.#pauseMs;
    this.#pauseMs = Math.min(pause * 2, LONGEST_PAUSE_MS);
    return pause;
  }
}

/** When a pause that begins now is over. */
export function endOfPause(now: Micros, ms: number): Micros {
  return now + (ms * SECOND) / 1000;
}
