import { MAX_FRAME_BYTES } from "#contract/frames.ts";

/**
 * One line of a stream, without its newline. `bytes` may be a view into the pushed chunk: decode it before that is reused.
 * `number` is the 1-based line number. `terminated` is false for what stood after the last newline (a writer that died).
 */
export type Line =
  | { kind: "line"; number: number; bytes: Uint8Array; terminated: boolean }
  | { kind: "oversized"; number: number; byteCount: number; head: Uint8Array; terminated: boolean };

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIRST_PENDING_BYTES = 16 * 1024;

/** What is kept of a line that is too long: enough for the frame's head (type, source, number). */
export const OVERSIZED_HEAD_BYTES = 512;

/**
 * Cuts a byte stream at 0x0A and nowhere else (U+2028 and CR are content). A line beyond the limit is dropped
 * while it streams by: at most the limit and one chunk are ever held, and reading resumes at the next newline.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  /** The unfinished line; its first `#length` bytes are in use. Handed over with the line, never reused. */
  #pending = new Uint8Array(0);
  #length = 0;
  /** Bytes of the current line so far, when it is over the limit; else 0. */
  #oversizedBytes = 0;
  #number = 1;

  constructor(maxBytes: number = MAX_FRAME_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that this chunk completes; blank lines are left out but numbered. */
  push(chunk: Uint8Array): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, from);
      if (newline === -1) break;
      this.#finish(chunk.subarray(from, newline), true, lines);
      from = newline + 1;
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from));
    return lines;
  }

  /** The last line, when the stream ends without a newline. */
  end(): Line[] {
    const lines: Line[] = [];
    if (this.#length > 0 || this.#oversizedBytes > 0) this.#finish(new Uint8Array(0), false, lines);
    return lines;
  }

  #hold(piece: Uint8Array): void {
    if (this.#oversizedBytes > 0) {
      this.#oversizedBytes += piece.length;
      this.#extendHead(piece);
      return;
    }
    const total = this.#length + piece.length;
    if (total > this.#maxBytes) {
      this.#startOversized(piece, total);
      return;
    }
    if (total > this.#pending.length) this.#grow(total);
    this.#pending.set(piece, this.#length);
    this.#length = total;
  }

  /** Doubling keeps many small chunks linear. */
  #grow(needed: number): void {
    const size = Math.min(this.#maxBytes, Math.max(needed, this.#pending.length * 2, FIRST_PENDING_BYTES));
    const larger = new Uint8Array(Math.max(size, needed));
    larger.set(this.#pending.subarray(0, this.#length));
    this.#pending = larger;
  }

  #startOversized(piece: Uint8Array, total: number): void {
    const head = new Uint8Array(OVERSIZED_HEAD_BYTES);
    this.#length = Math.min(this.#length, head.length);
    head.set(this.#pending.subarray(0, this.#length));
    this.#pending = head;
    this.#oversizedBytes = total;
    this.#extendHead(piece);
  }

  #extendHead(piece: Uint8Array): void {
    const room = piece.subarray(0, OVERSIZED_HEAD_BYTES - this.#length);
    this.#pending.set(room, this.#length);
    this.#length += room.length;
  }

  #finish(tail: Uint8Array, terminated: boolean, lines: Line[]): void {
    const number = this.#number;
    this.#number += 1;
    if (this.#length === 0 && this.#oversizedBytes === 0 && tail.length <= this.#maxBytes) {
      this.#emit(tail, number, terminated, lines);
      return;
    }
    this.#hold(tail);
    const pending = this.#pending.subarray(0, this.#length);
    const byteCount = this.#oversizedBytes;
    this.#pending = new Uint8Array(0);
    this.#length = 0;
    this.#oversizedBytes = 0;
    if (byteCount > 0) lines.push({ kind: "oversized", number, byteCount, head: pending, terminated });
    else this.#emit(pending, number, terminated, lines);
  }

  #emit(bytes: Uint8Array, number: number, terminated: boolean, lines: Line[]): void {
    const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    if (end > 0) lines.push({ kind: "line", number, bytes: bytes.subarray(0, end), terminated });
  }
}
