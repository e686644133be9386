/**
 * One buffer for going through a file, with its pages as ready-made views: making a view costs a tenth of hashing a small page.
 * Kept between files: this room's code is synchronous, so only one file is ever in it.
 */
export class Chunk {
  readonly bytes: Buffer;
  readonly #pages = new Map<number, readonly Buffer[]>();
  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
  }
  /** @param pageSize that fills the chunk evenly */
  pages(pageSize: number): readonly Buffer[] {
    const known = this.#pages.get(pageSize);
    if (known) return known;
    const count = this.bytes.length / pageSize;
    const made = Array.from({ length: count }, (_, page) =>
      this.bytes.subarray(page * pageSize, (page + 1) * pageSize),
    );
    this.#pages.set(pageSize, made);
    return made;
  }
}
