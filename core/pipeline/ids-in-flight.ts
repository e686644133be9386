import type { EventId } from "#contract/source.ts";

interface Numbers {
  high: number;
  all: Set<number>;
}

/** The ids of the records that were taken and are not committed yet: the store does not know them, and they may come again. */
export class IdsInFlight {
  #bySession = new Map<string, Map<string, Numbers>>();

  has({ session, src, n }: EventId): boolean {
    const numbers = this.#bySession.get(session)?.get(src);
    // Numbers rise, so nearly every record is answered by the comparison alone.
    return numbers !== undefined && n <= numbers.high && numbers.all.has(n);
  }

  add({ session, src, n }: EventId): void {
    let sources = this.#bySession.get(session);
    if (sources === undefined) {
      sources = new Map();
      this.#bySession.set(session, sources);
    }
    const numbers = sources.get(src);
    if (numbers === undefined) {
      sources.set(src, { high: n, all: new Set([n]) });
      return;
    }
    numbers.all.add(n);
    if (n > numbers.high) numbers.high = n;
  }

  clear(): void {
    this.#bySession.clear();
  }
}
