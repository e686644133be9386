import { type Line, LineSplitter } from "#core/wire/line-splitter.ts";

/** What a line calls itself, by its first bytes; the helper always writes `v` and `t` first, in this order. */
export interface FrameHead {
  version: number;
  type: string;
}

export interface FrameSink {
  /** `head` null: it does not begin as a frame. The bytes may be a view into what was read. */
  line(bytes: Buffer, head: FrameHead | null): void;
  /** A line over the limit came; its head is given to `line` next. */
  oversized(byteCount: number): void;
}

const HEAD_BYTES = 64;
const HEAD = /^\{"v":(\d{1,6}),"t":"([a-z]{1,24})"/;

/**
 * Cuts what a helper sends into lines and reads their heads. It holds one unfinished line at most; while held, also the
 * lines of the chunk at hand, for whoever holds it pauses the stream.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #splitter: LineSplitter;
  #held: Line[] | null = null;

  constructor(sink: FrameSink, maxBytes?: number) {
    this.#sink = sink;
    this.#splitter = new LineSplitter(maxBytes);
  }

  push(chunk: Buffer): void {
    this.#take(this.#splitter.push(chunk));
  }

  /** The stream is over: what stood after the last newline is a line too, if a broken one. */
  end(): void {
    this.release();
    this.#take(this.#splitter.end());
  }

  /** May be called from within `line`: the lines after that one wait. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#take(held);
  }

  #take(lines: readonly Line[]): void {
    for (const line of lines) {
      if (this.#held === null) this.#give(line);
      else this.#held.push(line);
    }
  }

  #give(line: Line): void {
    if (line.kind === "oversized") this.#sink.oversized(line.byteCount);
    const bytes = asBuffer(line.kind === "line" ? line.bytes : line.head);
    // What a line over the limit calls itself is not acted on: it goes on as the broken line that it is.
    this.#sink.line(bytes, line.kind === "line" ? headOf(bytes) : null);
  }
}

function headOf(bytes: Buffer): FrameHead | null {
  const match = HEAD.exec(bytes.toString("latin1", 0, HEAD_BYTES));
  const [, version, type] = match ?? [];
  return version === undefined || type === undefined ? null : { version: Number(version), type };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
