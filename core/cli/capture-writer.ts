import { closeSync, constants, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Timers } from "#core/pipeline/timers.ts";

/** What was not written yet is lost with a process that is killed. */
const FLUSH_MS = 500;
const FLUSH_BYTES = 1024 * 1024;
/** What a capture holds is private: command lines, paths, names. */
const MODE = 0o600;
const NEWLINE = Buffer.from("\n");

export interface CaptureWriterOptions {
  path: string;
  timers: Timers;
  /** Nothing more is written. */
  onFault: (error: unknown) => void;
}

/**
 * Writes frames as a capture. Compressed, what is written at once is a gzip member of its own: wherever the writer is
 * killed, the file can be read up to there. Never writes over a file.
 */
export class CaptureWriter {
  readonly #options: CaptureWriterOptions;
  readonly #file: number;
  readonly #compressed: boolean;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #cancel: (() => void) | null = null;
  #lines = 0;
  #bytes = 0;
  #broken = false;

  /** @throws NodeJS.ErrnoException when the file is there, or cannot be made */
  constructor(options: CaptureWriterOptions) {
    this.#options = options;
    this.#compressed = /\.gz$/i.test(options.path);
    this.#file = openSync(options.path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, MODE);
  }

  /** Lines taken so far. */
  get lines(): number {
    return this.#lines;
  }

  /** On disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param line without its newline; copied */
  add(line: Uint8Array): void {
    if (this.#broken) return;
    this.#pending.push(Buffer.from(line), NEWLINE);
    this.#pendingBytes += line.length + 1;
    this.#lines += 1;
    if (this.#pendingBytes >= FLUSH_BYTES) this.flush();
    else this.#cancel ??= this.#options.timers.after(FLUSH_MS, () => this.flush());
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#pendingBytes === 0 || this.#broken) return;
    const plain = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    try {
      this.#write(this.#compressed ? gzipSync(plain) : plain);
    } catch (error) {
      this.#broken = true;
      this.#options.onFault(error);
    }
  }

  /** A file without a line is no capture, and does not stay. */
  end(): void {
    this.flush();
    if (!this.#broken) fsyncSync(this.#file);
    closeSync(this.#file);
    if (this.#bytes === 0) rmSync(this.#options.path, { force: true });
    this.#broken = true;
  }

  #write(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#file, bytes, from);
    this.#bytes += bytes.length;
  }
}
