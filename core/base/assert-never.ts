/**
 * Marks a branch the types say cannot be reached.
 * @param why what the reader should know if it is reached after all
 */
export function assertNever(value: never, why: string): never {
  throw new Error(`${why}: ${JSON.stringify(value)}`);
}

/** Unwraps a value that must be there; `why` says what makes it so. */
export function must<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new Error(why);
  return value;
}
