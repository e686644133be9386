const MAX_KEPT = 4096;

/**
 * A mark means something only on the connection it came on, and may be acknowledged much later, when there is another one.
 * So each gets a number of ours that is never used again.
 */
export class Marks {
  #last = 0;
  #kept: { ours: number; theirs: number }[] = [];

  /** @returns our number for it */
  came(theirs: number): number {
    this.#last += 1;
    this.#kept.push({ ours: this.#last, theirs });
    if (this.#kept.length > MAX_KEPT) this.#kept.splice(0, MAX_KEPT / 2);
    return this.#last;
  }

  /** The newest mark of this connection that ours covers; null: it is of an earlier connection, or was said before. */
  acknowledge(ours: number): number | null {
    const covered = this.#kept.filter((mark) => mark.ours <= ours);
    if (covered.length > 0) this.#kept = this.#kept.filter((mark) => mark.ours > ours);
    return covered.at(-1)?.theirs ?? null;
  }

  connectionEnded(): void {
    this.#kept = [];
  }
}
