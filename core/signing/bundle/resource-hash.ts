import { closeSync } from "node:fs";
import { createHash, hash } from "node:crypto";
import { type Control, step } from "../control.ts";
import type { Seal } from "./code-resources.ts";
import { fill, openPlain } from "./path-inside.ts";

const BUFFER_BYTES = 1024 * 1024;

export type Comparison = "same" | "altered" | "unreadable";

/** Compares files with their seals, through one buffer that is used again and again. */
export class ResourceHasher {
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /**
   * Every hash that the seal has must fit.
   * @throws Cancelled
   */
  compare(path: string, seal: Seal & { kind: "file" }): Comparison {
    const open = openPlain(path);
    if (open === null) return "unreadable";
    try {
      return open.size <= BUFFER_BYTES ? this.#compareSmall(open, seal) : this.#compareLarge(open, seal);
    } finally {
      closeSync(open.fd);
    }
  }

  #compareSmall({ fd, size }: { fd: number; size: number }, seal: Seal & { kind: "file" }): Comparison {
    const filled = fill(fd, this.#buffer);
    if (filled === null || filled !== size) return "unreadable";
    const bytes = this.#buffer.subarray(0, filled);
    const differs =
      (seal.sha256 !== null && !hash("sha256", bytes, "buffer").equals(seal.sha256)) ||
      (seal.sha1 !== null && !hash("sha1", bytes, "buffer").equals(seal.sha1));
    step(this.#control, filled);
    return differs ? "altered" : "same";
  }

  #compareLarge({ fd, size }: { fd: number; size: number }, seal: Seal & { kind: "file" }): Comparison {
    const sha256 = seal.sha256 === null ? null : createHash("sha256");
    const sha1 = seal.sha1 === null ? null : createHash("sha1");
    let total = 0;
    // One byte more than it had at first is enough to know that someone is writing to it.
    while (total <= size) {
      const filled = fill(fd, this.#buffer);
      if (filled === null) return "unreadable";
      if (filled === 0) break;
      const bytes = this.#buffer.subarray(0, filled);
      sha256?.update(bytes);
      sha1?.update(bytes);
      total += filled;
      step(this.#control, filled);
    }
    if (total !== size) return "unreadable";
    const differs =
      (sha256 !== null && seal.sha256 !== null && !sha256.digest().equals(seal.sha256)) ||
      (sha1 !== null && seal.sha1 !== null && !sha1.digest().equals(seal.sha1));
    return differs ? "altered" : "same";
  }
}
