import type { EventId } from "#contract/source.ts";
import type { OpenFinding } from "./open-finding.ts";

/** Growth since the last time at which the index is made anew. */
const SLACK = 16_384;

/**
 * Where to look for the finding that tells a record or is about some code. It may name places that are no longer right,
 * never leave out one that is: whoever asks looks again. So it needs no storage, and forgets by being made anew.
 */
export class StoryIndex {
  readonly #places = new Map<string, Set<string>>();
  readonly #all: () => Iterable<[place: string, open: OpenFinding]>;
  #limit = SLACK;

  constructor(all: () => Iterable<[place: string, open: OpenFinding]>) {
    this.#all = all;
    this.#rebuild();
  }

  add(place: string, open: OpenFinding): void {
    this.#add(place, open);
    if (this.#places.size > this.#limit) this.#rebuild();
  }

  /** Places that may tell any of these. */
  find(about: string | null, records: readonly EventId[]): Set<string> {
    const found = new Set<string>(about === null ? [] : this.#places.get(aboutKey(about)));
    for (const id of records) for (const place of this.#places.get(recordKey(id)) ?? []) found.add(place);
    return found;
  }

  #add(place: string, { about, record }: OpenFinding): void {
    if (about !== null) this.#put(aboutKey(about), place);
    for (const { id } of record.evidence) this.#put(recordKey(id), place);
  }

  #put(key: string, place: string): void {
    const places = this.#places.get(key);
    if (places === undefined) this.#places.set(key, new Set([place]));
    else places.add(place);
  }

  #rebuild(): void {
    this.#places.clear();
    for (const [place, open] of this.#all()) this.#add(place, open);
    this.#limit = 2 * this.#places.size + SLACK;
  }
}

function aboutKey(path: string): string {
  return `about ${path}`;
}

function recordKey({ session, src, n }: EventId): string {
  return `record ${session} ${src} ${n}`;
}
