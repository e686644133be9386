import type { FileAnswerHead } from "./answers.ts";
import type { OnFile } from "./requests.ts";
import type { Timers } from "./timers.ts";

/** Asks whoever can read extended attributes. @returns false when it cannot be asked now */
export type Look = (path: string, isPrivate: boolean, onAnswer: OnFile) => boolean;

export interface FsLooksOptions {
  timers: Timers;
  answered(path: string, answer: FileAnswerHead): void;
  /** A file was not looked at: whether its mark changed, nobody knows. */
  gaveUp(): void;
}

export const MAX_LOOKS_OPEN = 64;
export const MAX_LOOKS_WAITING = 2048;
const ASK_AGAIN_MS = 1000;

/** The questions about quarantine marks: each path once, a bounded number open, the rest waiting. */
export class FsLooks {
  readonly #options: FsLooksOptions;
  readonly #waiting = new Map<string, boolean>();
  readonly #open = new Map<string, boolean>();
  #look: Look | null = null;
  /** The kinds (private or not) that could not be asked just now; each has a limit of its own. */
  readonly #refused = new Set<boolean>();
  #cancel: (() => void) | null = null;

  constructor(options: FsLooksOptions) {
    this.#options = options;
  }

  begin(look: Look): void {
    this.#look = look;
    this.#ask();
  }

  /** What waits is asked in the next session. */
  suspend(): void {
    this.#look = null;
  }

  clear(): void {
    this.suspend();
    this.#waiting.clear();
    this.#refused.clear();
    this.#cancel?.();
    this.#cancel = null;
  }

  /** @param isPrivate the answer is only to be remembered, and is no record */
  want(path: string, isPrivate: boolean): void {
    const before = this.#waiting.get(path);
    if (before === undefined && this.#waiting.size >= MAX_LOOKS_WAITING) {
      this.#options.gaveUp();
      return;
    }
    this.#waiting.set(path, isPrivate && before !== false);
    this.#ask();
  }

  #ask(): void {
    for (const [path, isPrivate] of this.#waiting) {
      if (this.#look === null || this.#open.size >= MAX_LOOKS_OPEN) return;
      if (this.#refused.has(isPrivate) || this.#open.has(path)) continue;
      this.#open.set(path, isPrivate);
      this.#waiting.delete(path);
      const asked = this.#look(path, isPrivate, (answer) => {
        this.#answered(path, answer);
      });
      if (asked) continue;
      this.#open.delete(path);
      this.#waiting.set(path, isPrivate);
      this.#refused.add(isPrivate);
      this.#askLater();
    }
  }

  #answered(path: string, answer: FileAnswerHead | null): void {
    const isPrivate = this.#open.get(path) ?? false;
    this.#open.delete(path);
    // Without an answer because the session is over: the next one is asked.
    if (answer === null && this.#look === null) this.want(path, isPrivate);
    else if (answer === null) this.#options.gaveUp();
    else this.#options.answered(path, answer);
    this.#ask();
  }

  #askLater(): void {
    this.#cancel ??= this.#options.timers.after(ASK_AGAIN_MS, () => {
      this.#cancel = null;
      this.#refused.clear();
      this.#ask();
    });
  }
}
