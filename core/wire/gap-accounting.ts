import type { GapFrame } from "#contract/frames.ts";
import type { SourceName } from "#contract/source.ts";
import { EsLoss } from "./es-loss.ts";
import { NumberGaps } from "./number-gaps.ts";

/** Frames the helper numbered and never delivered, though no gap frame says so. */
export interface MissingFrames {
  source: SourceName;
  from: number;
  to: number;
}

const NONE: readonly MissingFrames[] = [];

/**
 * What is missing from one helper session, each thing counted once however it shows: the frames' own numbers, the
 * helper's gap frames, and eslogger's count over all its events.
 */
export class GapAccounting {
  readonly #numbers = new Map<SourceName, NumberGaps>();
  readonly #esLoss = new EsLoss();

  /** A numbered frame arrived, whether or not it can be read. */
  deliver(source: SourceName, n: number): void {
    this.#numbersOf(source).account(n, n);
  }

  /**
   * An Endpoint Security event arrived, not counting re-read ones.
   * @returns how many events macOS dropped just before it
   */
  deliverEsEvent(n: number, globalSeqNum: number): number {
    return this.#esLoss.deliver(n, globalSeqNum);
  }

  /** eslogger was started anew, so that its count begins anew. */
  restartEs(): void {
    this.#esLoss.restart();
  }

  /**
   * The helper names a gap.
   * @returns how many records it stands for that were not counted before; null when nobody knows
   */
  announce(gap: Pick<GapFrame, "src" | "from" | "to" | "count" | "why">): number | null {
    const { src, from, to, count, why } = gap;
    const hasRange = typeof from === "number" && typeof to === "number" && from >= 0 && from <= to;
    const knownBefore = hasRange ? to - from + 1 - this.#numbersOf(src).account(from, to) : 0;
    if (typeof count !== "number" || count < 0) return null;
    if (!hasRange && src === "es" && why === "source-dropped") this.#esLoss.announce(count);
    return Math.max(0, count - knownBefore);
  }

  /** The missing frames whose time of grace is over; at the end of the stream, all that are left. */
  takeMissing(source: SourceName): readonly MissingFrames[] {
    return this.#take(source, false);
  }

  end(): MissingFrames[] {
    return [...this.#numbers.keys()].flatMap((source) => this.#take(source, true));
  }

  #take(source: SourceName, atEnd: boolean): readonly MissingFrames[] {
    const ranges = this.#numbersOf(source).takeMissing(atEnd);
    if (ranges.length === 0) return NONE;
    return ranges.map(({ from, to }) => ({ source, from, to }));
  }

  #numbersOf(source: SourceName): NumberGaps {
    let numbers = this.#numbers.get(source);
    if (numbers === undefined) {
      numbers = new NumberGaps();
      this.#numbers.set(source, numbers);
    }
    return numbers;
  }
}
