import type { NumberRange } from "./number-gaps.ts";

/** Frames come nearly in the order of time, so that the lowest runs are never needed again. */
const MAX_RUNS = 256;

/**
 * The numbers that the frames of one type have used in one stream. No number is ever given twice: when there are too
 * many runs to remember, what lies between the two lowest counts as used as well.
 */
export class UsedNumbers {
  /** By number, none touching the next. */
  readonly #runs: NumberRange[] = [];

  /** The wanted number, or the first one after it that is free; it is used from now on. */
  take(wanted: number): number {
    const runs = this.#runs;
    const index = this.#lastBeginningUpTo(wanted);
    const run = runs[index];
    const free = run !== undefined && wanted <= run.to ? run.to + 1 : wanted;
    const next = runs[index + 1];
    const touchesNext = next?.from === free + 1;
    if (run !== undefined && run.to === free - 1) {
      run.to = touchesNext ? next.to : free;
      if (touchesNext) runs.splice(index + 1, 1);
    } else if (touchesNext) next.from = free;
    else runs.splice(index + 1, 0, { from: free, to: free });
    this.#joinLowest();
    return free;
  }

  /** Index of the last run that begins at or before the number; -1 when there is none. */
  #lastBeginningUpTo(n: number): number {
    return this.#runs.findLastIndex((run) => run.from <= n);
  }

  #joinLowest(): void {
    const [lowest, second] = this.#runs;
    if (this.#runs.length <= MAX_RUNS || lowest === undefined || second === undefined) return;
    lowest.to = second.to;
    this.#runs.splice(1, 1);
  }
}
