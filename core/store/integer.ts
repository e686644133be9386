/** STRICT columns refuse fractions, NaN and what is past 2^53; a record with such a number must not stop its batch. */
export function storable(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  if (Number.isNaN(value)) return 0;
  return Math.trunc(Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER));
}
