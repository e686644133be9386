import type { Scheduler } from "./scheduler.ts";

/** A scheduler for tests and stories: time passes when told to. */
export class ManualScheduler implements Scheduler {
  #now = 0;
  #planned: { at: number; run: () => void }[] = [];

  after(milliseconds: number, run: () => void): () => void {
    const plan = { at: this.#now + milliseconds, run };
    this.#planned.push(plan);
    return () => {
      this.#planned = this.#planned.filter((other) => other !== plan);
    };
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#planned.filter(({ at }) => at <= this.#now);
    this.#planned = this.#planned.filter(({ at }) => at > this.#now);
    for (const { run } of due) run();
  }
}

/** Lets every answer that is on its way arrive. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.addEventListener("message", resolve, { once: true });
    channel.port1.start();
    channel.port2.postMessage(null);
  });
}
