/** When things happen later. Injected, so that tests decide when. */
export interface Scheduler {
  /** @returns a function that cancels it */
  after(milliseconds: number, run: () => void): () => void;
}

export const browserScheduler: Scheduler = {
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Now, in milliseconds since 1970. */
export type Now = () => number;
