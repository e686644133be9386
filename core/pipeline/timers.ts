/** Waiting as a port, so that tests never wait. */
export interface Timers {
  /** Runs `task` once after `ms` milliseconds; returns how to cancel it. */
  after(ms: number, task: () => void): () => void;
}

export const systemTimers: Timers = {
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Timers that run only when a test says how much time has passed. */
export class ManualTimers implements Timers {
  #now = 0;
  #tasks: { at: number; task: () => void }[] = [];

  after(ms: number, task: () => void): () => void {
    const entry = { at: this.#now + ms, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#tasks.filter((entry) => entry.at <= this.#now);
    this.#tasks = this.#tasks.filter((entry) => entry.at > this.#now);
    for (const entry of due.toSorted((a, b) => a.at - b.at)) entry.task();
  }
}
