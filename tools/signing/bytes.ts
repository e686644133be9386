import { createHash } from "node:crypto";
import { seededRandom } from "#core/base/seeded-random.ts";
import { hashText } from "#tools/capture/prng.ts";

/** Big-endian 32-bit words, as everything inside a code signature is. */
export function u32be(...words: number[]): Buffer {
  const bytes = Buffer.alloc(4 * words.length);
  words.forEach((word, i) => bytes.writeUInt32BE(word >>> 0, 4 * i));
  return bytes;
}

export function u64be(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

export function alignUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/** `bytes` followed by zeros up to `length`. */
export function padTo(bytes: Buffer, length: number): Buffer {
  if (bytes.length > length) throw new Error(`${bytes.length} bytes do not fit in ${length}`);
  return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
}

/** Invented content, the same for the same seed. */
export function seededBytes(seed: string, length: number): Buffer {
  const random = seededRandom(hashText(seed));
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = Math.floor(random() * 256);
  return bytes;
}

/** A copy with one bit turned over; bit 0 is the lowest of the first byte. */
export function flipBit(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** A copy with `part` written over it at `offset`. */
export function overwrite(bytes: Buffer, offset: number, part: Buffer): Buffer {
  if (offset < 0 || offset + part.length > bytes.length) throw new Error("overwrite past the end");
  const copy = Buffer.from(bytes);
  part.copy(copy, offset);
  return copy;
}

/** Hash types of a CodeDirectory (xnu osfmk/kern/cs_blobs.h, CS_HASHTYPE_*) with the bytes that one slot holds. */
export const HASHES = {
  sha1: { type: 1, size: 20, algorithm: "sha1", oid: "1.3.14.3.2.26" },
  sha256: { type: 2, size: 32, algorithm: "sha256", oid: "2.16.840.1.101.3.4.2.1" },
  "sha256-truncated": { type: 3, size: 20, algorithm: "sha256", oid: "2.16.840.1.101.3.4.2.1" },
  sha384: { type: 4, size: 48, algorithm: "sha384", oid: "2.16.840.1.101.3.4.2.2" },
} as const;
export type HashName = keyof typeof HASHES;

/** As a slot of a CodeDirectory holds it. */
export function slotHash(name: HashName, bytes: Buffer): Buffer {
  return fullHash(name, bytes).subarray(0, HASHES[name].size);
}

export function fullHash(name: HashName, bytes: Buffer): Buffer {
  return createHash(HASHES[name].algorithm).update(bytes).digest();
}
