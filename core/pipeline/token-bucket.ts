import { type Micros, SECOND } from "#core/base/clock.ts";

/** Lets so many through at once, and then so many a second. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: Micros;

  constructor({ perSecond, burst }: { perSecond: number; burst: number }, now: Micros) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** @returns false when there is none left for now */
  take(now: Micros): boolean {
    // A clock that was set back gives nothing, and takes nothing away.
    const passed = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(this.#burst, this.#tokens + (passed / SECOND) * this.#perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
