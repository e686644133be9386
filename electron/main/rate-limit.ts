import type { Clock, Micros } from "#core/base/clock.ts";

/** Lets something happen at most `most` times in any span of `within` microseconds. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #within: Micros;
  #times: Micros[] = [];

  constructor(clock: Clock, most: number, within: Micros) {
    this.#clock = clock;
    this.#most = most;
    this.#within = within;
  }

  /** @returns whether it may happen now; a refusal is not counted */
  take(): boolean {
    const now = this.#clock.now();
    this.#times = this.#times.filter((time) => now - time < this.#within);
    if (this.#times.length >= this.#most) return false;
    this.#times.push(now);
    return true;
  }
}
