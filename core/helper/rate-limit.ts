import { type Micros, SECOND } from "#core/base/clock.ts";

/** So many a second on average, and a burst of so many at once. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #at: Micros;

  constructor(perSecond: number, burst: number, now: Micros) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
    this.#at = now;
  }

  /** @returns false when it would be too many; a clock that went back gives nothing and takes nothing */
  take(now: Micros): boolean {
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#left = Math.min(this.#burst, this.#left + (passed / SECOND) * this.#perSecond);
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
