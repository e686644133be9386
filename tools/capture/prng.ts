import { seededRandom } from "#core/base/seeded-random.ts";

/**
 * Everything invented in a capture (hashes, inodes, sizes) comes from names, never from chance or the machine's clock,
 * so the same story gives the same bytes and adding a scene does not change the others.
 */
export class Prng {
  readonly #random: () => number;

  constructor(seed: string) {
    this.#random = seededRandom(hashText(seed));
  }

  /** A 32-bit unsigned integer. */
  next(): number {
    return this.#random() * 2 ** 32;
  }

  /** An integer in [0, limit). */
  below(limit: number): number {
    return this.next() % limit;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("pick from an empty list");
    return item;
  }

  /** Upper-case hex digits. */
  hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += this.next().toString(16).padStart(8, "0");
    return text.slice(0, digits).toUpperCase();
  }

  uuid(): string {
    const h = this.hex(32);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-A${h.slice(17, 20)}-${h.slice(20)}`;
  }
}

/** FNV-1a, 32 bits, over UTF-16 code units: spreads names, nothing more. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
