/** Microseconds since 1970-01-01T00:00:00Z, an integer (safe in a double until the year 2255). */
export type Micros = number;

/** Where time comes from. During a replay it is the newest event's time; live, the machine's. */
export interface Clock {
  now(): Micros;
}

export const systemClock: Clock = { now: () => Date.now() * 1000 };

/** A clock that only moves forward, and only when told: replay and tests. */
export class ManualClock implements Clock {
  #now: Micros;
  constructor(start: Micros = 0) {
    this.#now = start;
  }
  now(): Micros {
    return this.#now;
  }
  advanceTo(time: Micros): void {
    if (time > this.#now) this.#now = time;
  }
}

export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;
export const HOUR: Micros = 60 * MINUTE;
export const DAY: Micros = 24 * HOUR;
