import type { TrustClass } from "#contract/trust.ts";

/** What an inspector must say of a hostile input. */
export interface Expectation {
  /** Any of these; one wherever the specification names one. */
  class: readonly TrustClass[];
  /** The id of some problem or note matches: the verdict must come from the right reason. */
  says?: RegExp;
}

export interface BytesCase {
  name: string;
  make: () => Buffer;
  expect: Expectation;
}

/** Something with files: `make` writes into an empty folder and returns the path to inspect. */
export interface BundleCase {
  name: string;
  make: (folder: string) => string;
  expect: Expectation;
}

export function invalid(says?: RegExp): Expectation {
  return says ? { class: ["invalid"], says } : { class: ["invalid"] };
}
