/** A step back by more than this means that eslogger was restarted and counts anew; less is only disorder. */
const DISORDER = 1024;

/**
 * Events that macOS itself dropped: holes in eslogger's `global_seq_num`, which counts over all events of one client
 * (eslogger, macOS 27, recorded). What the helper shed leaves a hole in that count too, so the frames' own numbers are
 * subtracted first. Counts are immediate and never taken back.
 */
export class EsLoss {
  #last: { n: number; globalSeqNum: number } | null = null;
  #announced = 0;

  /** A new client counts from 0 again. */
  restart(): void {
    this.#last = null;
  }

  /** A gap frame has already reported this many as lost, without using up frame numbers. */
  announce(count: number): void {
    this.#announced += count;
  }

  /** @returns how many events were lost just before this one */
  deliver(n: number, globalSeqNum: number): number {
    const last = this.#last;
    if (last !== null && n <= last.n) return 0;
    if (last === null || isRestart(globalSeqNum, last.globalSeqNum)) {
      this.#last = { n, globalSeqNum };
      return 0;
    }
    if (globalSeqNum <= last.globalSeqNum) {
      last.n = n;
      return 0;
    }
    const missing = globalSeqNum - last.globalSeqNum - 1;
    const missingFrames = n - last.n - 1;
    last.n = n;
    last.globalSeqNum = globalSeqNum;
    const lost = Math.max(0, missing - missingFrames);
    const announced = Math.min(lost, this.#announced);
    this.#announced = 0;
    return lost - announced;
  }
}

function isRestart(globalSeqNum: number, last: number): boolean {
  return (globalSeqNum === 0 && last > 0) || last - globalSeqNum > DISORDER;
}
