import { flipBit, overwrite, u32be } from "./bytes.ts";

/** Numbers in [0, 1). */
export type Random = () => number;

export interface Damage {
  bytes: Buffer;
  /** What was done, for a failure's report. */
  what: string;
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** One bit, anywhere. */
export function flipAnywhere(bytes: Buffer, random: Random): Damage {
  const bit = below(random, bytes.length * 8);
  return { bytes: flipBit(bytes, bit), what: `bit ${bit}` };
}

/** The end cut off, anywhere. */
export function truncate(bytes: Buffer, random: Random): Damage {
  const length = below(random, bytes.length);
  return { bytes: Buffer.from(bytes.subarray(0, length)), what: `cut to ${length} bytes` };
}

/** Words at which readers of lengths and offsets go wrong. */
const WORDS = [0, 1, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

function wordAnywhere(bytes: Buffer, random: Random): Damage {
  const offset = below(random, Math.max(1, bytes.length - 3));
  const word = WORDS[below(random, WORDS.length)] ?? 0;
  const part = random() < 0.5 ? u32be(word) : u32be(word).reverse();
  return { bytes: overwrite(bytes, offset, part.subarray(0, bytes.length - offset)), what: `${word} at ${offset}` };
}

function byteAnywhere(bytes: Buffer, random: Random): Damage {
  const offset = below(random, bytes.length);
  const value = below(random, 256);
  return { bytes: overwrite(bytes, offset, Buffer.from([value])), what: `byte ${value} at ${offset}` };
}

/** A stretch copied over another place: repeats structures inside structures. */
function copyWithin(bytes: Buffer, random: Random): Damage {
  const length = Math.min(bytes.length, 1 + below(random, 512));
  const from = below(random, bytes.length - length + 1);
  const to = below(random, bytes.length - length + 1);
  return {
    bytes: overwrite(bytes, to, bytes.subarray(from, from + length)),
    what: `${length} bytes from ${from} to ${to}`,
  };
}

function removeStretch(bytes: Buffer, random: Random): Damage {
  const from = below(random, bytes.length);
  const length = Math.min(bytes.length - from, 1 + below(random, 64));
  const rest = Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
  return { bytes: rest, what: `${length} bytes removed at ${from}` };
}

const KINDS = [
  flipAnywhere,
  flipAnywhere,
  wordAnywhere,
  wordAnywhere,
  byteAnywhere,
  copyWithin,
  removeStretch,
  truncate,
];

/** One to four pieces of damage. `interesting`: a range that is hit more often than its size would have it. */
export function damage(bytes: Buffer, random: Random, interesting: { offset: number; length: number } | null): Damage {
  const rounds = 1 + below(random, 4);
  let result: Damage = { bytes, what: "" };
  for (let round = 0; round < rounds && result.bytes.length > 0; round++) {
    const kind = KINDS[below(random, KINDS.length)] ?? flipAnywhere;
    const next =
      interesting && random() < 0.8 ? within(result.bytes, random, interesting, kind) : kind(result.bytes, random);
    result = { bytes: next.bytes, what: result.what ? `${result.what}; ${next.what}` : next.what };
  }
  return result;
}

function within(
  bytes: Buffer,
  random: Random,
  { offset, length }: { offset: number; length: number },
  kind: (bytes: Buffer, random: Random) => Damage,
): Damage {
  const part = bytes.subarray(offset, offset + length);
  if (part.length === 0) return kind(bytes, random);
  const { bytes: changed, what } = kind(part, random);
  const rest = bytes.subarray(offset + part.length);
  return { bytes: Buffer.concat([bytes.subarray(0, offset), changed, rest]), what: `from ${offset}: ${what}` };
}
