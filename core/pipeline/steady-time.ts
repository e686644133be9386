import { type Clock, type Micros, SECOND } from "#core/base/clock.ts";

/** Longest that may pass between two looks: more than that the Mac slept, or somebody set the clock. */
const LONGEST_STEP: Micros = 5 * SECOND;

/**
 * Time that only goes forward and stands still while the Mac sleeps: what limits are measured by. A clock that is set back
 * must not make an old proof look new, and one that is set forward, or a night's sleep, is no silence of a source.
 * Look at it at least once a second.
 */
export class SteadyTime {
  readonly #clock: Clock;
  #last: Micros;
  #elapsed: Micros = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#last = clock.now();
  }

  /** Microseconds since construction. */
  now(): Micros {
    const clock = this.#clock.now();
    this.#elapsed += Math.min(LONGEST_STEP, Math.max(0, clock - this.#last));
    this.#last = clock;
    return this.#elapsed;
  }
}
