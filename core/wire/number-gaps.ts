/** A run of numbers, both ends included. */
export interface NumberRange {
  from: number;
  to: number;
}

interface Hole extends NumberRange {
  /** Deliveries after which the hole is reported. */
  dueAt: number;
}

/** Deliveries that a missing number is waited for: a gap frame or a late event may still account for it. */
export const GRACE_DELIVERIES = 256;
const MAX_HOLES = 4096;
/** The ordinary answer, asked for at every frame. */
const NONE: readonly NumberRange[] = [];

/**
 * Which numbers of one counter are missing. Every number after the first one seen is accounted for exactly once:
 * delivered, covered by a gap that the helper named, or reported here as missing. What was reported stays reported:
 * a later arrival takes nothing back. Numbers before the first are not judged, since a capture may begin anywhere.
 */
export class NumberGaps {
  #highest: number | null = null;
  #holes: Hole[] = [];
  #deliveries = 0;

  /**
   * Accounts for a run of numbers.
   * @returns how many of them were not accounted for before (0: a duplicate)
   */
  account(from: number, to: number): number {
    this.#deliveries += 1;
    const highest = this.#highest;
    if (highest === null) {
      this.#highest = to;
      return to - from + 1;
    }
    let fresh = from <= highest ? this.#fill(from, to) : 0;
    if (from > highest + 1) {
      this.#holes.push({ from: highest + 1, to: from - 1, dueAt: this.#deliveries + GRACE_DELIVERIES });
    }
    if (to > highest) {
      fresh += to - Math.max(from, highest + 1) + 1;
      this.#highest = to;
    }
    return fresh;
  }

  /** The holes whose grace is over (all of them at the end of the stream), each once. */
  takeMissing(atEnd: boolean): readonly NumberRange[] {
    const first = this.#holes[0];
    if (first === undefined) return NONE;
    if (!atEnd && first.dueAt > this.#deliveries && this.#holes.length <= MAX_HOLES) return NONE;
    const isDue = (hole: Hole, index: number) =>
      atEnd || hole.dueAt <= this.#deliveries || index < this.#holes.length - MAX_HOLES;
    const due = this.#holes.filter(isDue);
    this.#holes = this.#holes.filter((hole, index) => !isDue(hole, index));
    return due.map(({ from, to }) => ({ from, to }));
  }

  /** Takes the run out of the holes that wait; returns how many numbers that were. */
  #fill(from: number, to: number): number {
    if (this.#holes.length === 0) return 0;
    let filled = 0;
    const left: Hole[] = [];
    for (const hole of this.#holes) {
      const start = Math.max(from, hole.from);
      const end = Math.min(to, hole.to);
      if (start > end) {
        left.push(hole);
        continue;
      }
      filled += end - start + 1;
      if (hole.from < start) left.push({ from: hole.from, to: start - 1, dueAt: hole.dueAt });
      if (hole.to > end) left.push({ from: end + 1, to: hole.to, dueAt: hole.dueAt });
    }
    this.#holes = left;
    return filled;
  }
}
