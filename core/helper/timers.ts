/** Waiting as a port, so that tests never wait. */
export interface Timers {
  /** Runs `task` once after `ms` milliseconds; returns how to cancel it. */
  after(ms: number, task: () => void): () => void;
}
