import { hash } from "node:crypto";
import type { HashKind } from "../code-signature.ts";

interface HashFacts {
  /** The hashType byte of a CodeDirectory: xnu osfmk/kern/cs_blobs.h, CS_HASHTYPE_*. */
  type: number;
  /** Bytes of one hash in a CodeDirectory. */
  size: number;
  algorithm: "sha1" | "sha256" | "sha384";
}

/** Best first: the order in which xnu (hash_rank) and Security (hashPriorities) choose among CodeDirectories. */
export const HASH_KINDS: ReadonlyMap<HashKind, HashFacts> = new Map([
  ["sha384", { type: 4, size: 48, algorithm: "sha384" }],
  ["sha256", { type: 2, size: 32, algorithm: "sha256" }],
  ["sha256-truncated", { type: 3, size: 20, algorithm: "sha256" }],
  ["sha1", { type: 1, size: 20, algorithm: "sha1" }],
]);

const RANKED: readonly HashKind[] = [...HASH_KINDS.keys()];
const BY_TYPE: ReadonlyMap<number, HashKind> = new Map([...HASH_KINDS].map(([kind, { type }]) => [type, kind]));

/** Null for a type that macOS does not know. */
export function hashKindOf(type: number): HashKind | null {
  return BY_TYPE.get(type) ?? null;
}

/** Smaller is better. */
export function hashRank(kind: HashKind): number {
  return RANKED.indexOf(kind);
}

/** Bytes of one hash of this kind in a CodeDirectory. */
export function hashSizeOf(kind: HashKind): number {
  return HASH_KINDS.get(kind)?.size ?? 0;
}

/** The hash as its algorithm gives it, not truncated. */
export function fullHashOf(kind: HashKind, bytes: Buffer): Buffer {
  return hash(HASH_KINDS.get(kind)?.algorithm ?? "sha256", bytes, "buffer");
}

/** The hash as a CodeDirectory of this kind holds it. */
export function slotHashOf(kind: HashKind, bytes: Buffer): Buffer {
  return fullHashOf(kind, bytes).subarray(0, hashSizeOf(kind));
}
