import type { CodeSignature, HashKind } from "../code-signature.ts";

/** The cdhash of each kind of CodeDirectory, lower-case, 40 hex digits; null where there is none of that kind. */
export function cdhashesByKind(signature: CodeSignature): {
  sha1: string | null;
  sha256: string | null;
  sha384: string | null;
} {
  const of = (...kinds: readonly HashKind[]): string | null =>
    kinds.flatMap((kind) => signature.directories.filter(({ hash }) => hash === kind))[0]?.cdhash ?? null;
  return { sha1: of("sha1"), sha256: of("sha256", "sha256-truncated"), sha384: of("sha384") };
}
