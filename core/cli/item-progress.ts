import { visibleText } from "#contract/visible-text.ts";
import { middleCut } from "./terminal.ts";

/** Milliseconds between two updates; a terminal cannot show more, and a pipe gets none at all. */
const UPDATE_MS = 150;
/** Work shorter than this shows no progress. */
const QUIET_MS = 1000;
const BAR_WIDTH = 20;

/** A bar on stderr that says how far work on many files is; only where a person can see it. */
export class ItemProgress {
  readonly #stream: NodeJS.WriteStream;
  readonly #now: () => number;
  readonly #started: number;
  #shownAt = -Infinity;
  #visible = false;
  #total = 0;
  #done = 0;

  constructor(stream: NodeJS.WriteStream, now: () => number) {
    this.#stream = stream;
    this.#now = now;
    this.#started = now();
  }

  /** Before the work: how many were found so far. */
  found(total: number): void {
    this.#total = total;
    this.#show(() => `searching: ${total.toLocaleString("en")} found`);
  }

  /** So many records were read, of nobody knows how many. */
  read(records: number): void {
    this.#show(() => `${records.toLocaleString("en")} records read`);
  }

  /** One more is done, and this is the next. */
  done(next: string): void {
    this.#done++;
    this.#show(() => `${this.#bar()}  ${visibleText(next)}`);
  }

  /** `bytes` were read of one that takes long. */
  reading(path: string, bytes: number): void {
    const megabytes = Math.floor(bytes / 1e6).toLocaleString("en");
    this.#show(() => `${this.#bar()}  ${visibleText(path)}: ${megabytes} MB`);
  }

  /** Removes the line before something else is written. */
  clear(): void {
    if (this.#visible) this.#stream.write("\r\u001b[2K");
    this.#visible = false;
  }

  #bar(): string {
    const filled = this.#total === 0 ? 0 : Math.floor((this.#done / this.#total) * BAR_WIDTH);
    const counts = `${this.#done.toLocaleString("en")} of ${this.#total.toLocaleString("en")}`;
    return `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${counts}`;
  }

  #show(line: () => string): void {
    const now = this.#now();
    if (!this.#stream.isTTY || now - this.#started < QUIET_MS || now - this.#shownAt < UPDATE_MS) return;
    this.#shownAt = now;
    this.#visible = true;
    this.#stream.write(`\r\u001b[2K${middleCut(line(), Math.max(20, (this.#stream.columns ?? 80) - 1))}`);
  }
}
