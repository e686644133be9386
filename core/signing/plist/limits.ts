import { plistFault } from "./problems.ts";
import type { PlistValue } from "./value.ts";

/** CoreFoundation allows more; no list that a signature depends on comes near. */
const MAX_DEPTH = 64;
/** A seal names each file with a handful of values; the largest apps have some hundred thousand files. */
const MAX_NODES = 2_000_000;
/** Every one of them is an object of its own in memory. */
const MAX_CONTAINERS = 500_000;
/**
 * Longer than any path (PATH_MAX is 1024 bytes). V8 hashes very long strings by their length alone, so a dictionary of them would take quadratic time.
 */
const MAX_KEY = 4096;
/** Not exact numbers of JavaScript, but all that a CFNumber holds. */
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;

/** Told of a key that stands twice in one dictionary, with both values. The later one is kept. */
export type OnDuplicate = (key: string, first: PlistValue, second: PlistValue) => void;

export interface PlistOptions {
  /**
   * Absent: two equal keys are refused, since programs differ in which one they take, and either value could be the one
   * that was meant to be checked. Only for lists of which nothing is believed that stands twice.
   */
  onDuplicate?: OnDuplicate;
}

/** What one list may cost, whatever its form. Every method throws Malformed when that is too much. */
export class Budget {
  readonly #onDuplicate: OnDuplicate | undefined;
  #nodes = 0;
  #containers = 0;
  #depth = 0;

  constructor({ onDuplicate }: PlistOptions) {
    this.#onDuplicate = onDuplicate;
  }
  addEntry(dict: Map<string, PlistValue>, key: string, value: PlistValue): void {
    const first = dict.get(key);
    if (first !== undefined) {
      if (this.#onDuplicate === undefined) throw plistFault("plist-duplicate-key");
      this.#onDuplicate(key, first, value);
    }
    dict.set(key, value);
  }
  node(): void {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) throw plistFault("plist-too-many");
  }
  enter(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw plistFault("plist-too-deep");
    this.#containers += 1;
    if (this.#containers > MAX_CONTAINERS) throw plistFault("plist-too-many");
  }
  leave(): void {
    this.#depth -= 1;
  }
}

/** @throws Malformed */
export function checkKey(key: string): string {
  if (key.length > MAX_KEY) throw plistFault("plist-key");
  return key;
}

/** @throws Malformed when it is outside what a CFNumber holds */
export function exactInteger(value: bigint): number | bigint {
  if (value < MIN_INTEGER || value > MAX_INTEGER) throw plistFault("plist-value");
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
