import type { PostureSetting, PostureValue } from "./posture.ts";

const RANK: Partial<Record<PostureValue, number>> = { off: 0, partial: 1, on: 2 };

/** Weaker than it should be. What could not be read is neither weaker nor good. */
export function isWeaker(value: PostureValue | null, expected: PostureValue): boolean {
  const rank = value === null ? undefined : RANK[value];
  return rank !== undefined && rank < (RANK[expected] ?? 2);
}

/** In force now and weaker than it should be, its parts taken into account. */
export function isWeakened({ inForce, expected, morePartsOff }: PostureSetting): boolean {
  return morePartsOff === true || isWeaker(inForce, expected);
}
