import type { PlistValue } from "../plist/value.ts";
import type { Certificate } from "../signer.ts";

/** What is known about code when a requirement is put to it. Null: not known, so that the answer may be "cannot tell". */
export interface RequirementFacts {
  identifier: string | null;
  /** Lower-case, 40 hex digits; of every CodeDirectory. */
  cdhashes: readonly string[];
  /** Leaf first, root last; empty without a signer. */
  chain: readonly Certificate[];
  /** The chain ends in Apple's pinned root and every signature in it is good. */
  appleAnchored: boolean;
  infoPlist: ReadonlyMap<string, PlistValue> | null;
  entitlements: ReadonlyMap<string, PlistValue> | null;
  /** The platform byte. */
  platform: number | null;
  notarized: boolean | null;
}
