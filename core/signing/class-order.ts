import type { TrustClass } from "#contract/trust.ts";

/** Worst first. "Could not check" is worse than every good class and better than what is known to be bad. */
const WORST_FIRST: readonly TrustClass[] = [
  "revoked",
  "invalid",
  "unsigned",
  "untrusted",
  "self-signed",
  "ad-hoc",
  "linker-signed",
  "local-signing",
  "development",
  "app-store-submission",
  "unknown",
  "enterprise",
  "testflight",
  "developer-id",
  "app-store",
  "platform-legacy",
  "platform",
  "not-code",
];

const RANK: ReadonlyMap<TrustClass, number> = new Map(WORST_FIRST.map((name, rank) => [name, rank]));

/** The worst of some classes; null of none. */
export function worstClass(classes: Iterable<TrustClass>): TrustClass | null {
  let worst: TrustClass | null = null;
  let rank = Infinity;
  for (const name of classes) {
    const of = RANK.get(name) ?? -1;
    if (of < rank) {
      rank = of;
      worst = name;
    }
  }
  return worst;
}
