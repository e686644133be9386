const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** A monitor that has worked this long had a new fault, not the old one again. */
export const STEADY_MS = 60_000;

/**
 * How long to wait before the next start.
 * @param failures deaths in a row without a steady time in between, at least 1
 * @returns milliseconds
 */
export function restartDelay(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
}
