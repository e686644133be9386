/** Milliseconds between two updates; a terminal cannot show more, and a pipe gets none at all. */
const UPDATE_MS = 150;
/** Work shorter than this shows no progress. */
const QUIET_MS = 1000;

/** A line on stderr that says how far a long read is; only where a person can see it. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #total: number;
  readonly #now: () => number;
  readonly #started: number;
  #shownAt: number | null = null;

  /** @param total bytes on disk; what comes out of compressed files can be more */
  constructor(stream: NodeJS.WriteStream, total: number, now: () => number) {
    this.#stream = stream;
    this.#total = total;
    this.#now = now;
    this.#started = now();
  }

  update(bytes: number): void {
    const now = this.#now();
    if (!this.#stream.isTTY || now - this.#started < QUIET_MS) return;
    if (this.#shownAt !== null && now - this.#shownAt < UPDATE_MS) return;
    this.#shownAt = now;
    const megabytes = `${Math.floor(bytes / 1e6).toLocaleString("en")} MB`;
    const share = bytes <= this.#total ? ` (${Math.floor((bytes / this.#total) * 100)} %)` : "";
    this.#stream.write(`\r\u001b[2Kread ${megabytes}${share}`);
  }

  /** Clears the line, so that nothing of it stays behind. */
  end(): void {
    if (this.#shownAt !== null) this.#stream.write("\r\u001b[2K");
  }
}
