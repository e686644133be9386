import { type Micros, MINUTE, SECOND } from "#core/base/clock.ts";

const BUCKET: Micros = 10 * SECOND;
const BUCKETS = 30;

/** Records a minute over the last five minutes, or since it began when that is less. */
export class EventRate {
  readonly #buckets = Array.from({ length: BUCKETS }, () => 0);
  readonly #began: Micros;
  /** Number of the bucket that was written last, counted from time 0. */
  #newest: number;

  constructor(now: Micros) {
    this.#began = now;
    this.#newest = Math.floor(now / BUCKET);
  }

  add(now: Micros): void {
    this.#turn(now);
    const at = this.#newest % BUCKETS;
    this.#buckets[at] = (this.#buckets[at] ?? 0) + 1;
  }

  perMinute(now: Micros): number {
    this.#turn(now);
    const sum = this.#buckets.reduce((total, count) => total + count, 0);
    const span = Math.min(BUCKET * BUCKETS, Math.max(MINUTE, now - this.#began));
    return Math.round((sum / span) * MINUTE * 10) / 10;
  }

  /** Empties the buckets that time has passed by. */
  #turn(now: Micros): void {
    const newest = Math.max(this.#newest, Math.floor(now / BUCKET));
    const stale = Math.min(BUCKETS, newest - this.#newest);
    for (let step = 1; step <= stale; step += 1) this.#buckets[(this.#newest + step) % BUCKETS] = 0;
    this.#newest = newest;
  }
}
