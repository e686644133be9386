import type { Timers } from "./timers.ts";

export const PING_EVERY_MS = 5000;
export const PONG_LIMIT_MS = 20_000;
/** A Mac that wakes finds the limit passed before it has read what had come: one more look then. */
const GRACE_MS = 1000;

export interface HeartbeatOptions {
  timers: Timers;
  /** @returns the ping's id; null when it could not be written, which is as good as not answered */
  ping: () => number | null;
  lost: () => void;
}

/** One ping at a time; each has to be answered within the limit. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #awaited: number | null = null;
  #cancel: () => void = () => undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Pings at once. */
  start(): void {
    this.stop();
    const { timers, ping, lost } = this.#options;
    this.#awaited = ping();
    this.#cancel = timers.after(PONG_LIMIT_MS, () => {
      this.#cancel = timers.after(GRACE_MS, lost);
    });
  }

  /** @returns false for a pong that answers nothing */
  answered(id: number | null): boolean {
    if (id === null || id !== this.#awaited) return false;
    this.stop();
    this.#cancel = this.#options.timers.after(PING_EVERY_MS, () => {
      this.start();
    });
    return true;
  }

  stop(): void {
    this.#awaited = null;
    this.#cancel();
  }
}
