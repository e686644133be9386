const CDHASH = /^[0-9a-f]{40}$/;
const NO_CDHASH = "0".repeat(40);

/** The same few programs write nearly all records, so what was read once is kept; dropped whole when it is full. */
const read = new Map<string, string | null>();
const MAX_READ = 4096;

/** Lower-case, 40 hex digits (eslogger prints upper case); null for none, for all zeros and for anything else. */
export function cdhashOrNull(value: unknown): string | null {
  if (typeof value !== "string" || value.length !== NO_CDHASH.length) return null;
  const known = read.get(value);
  if (known !== undefined) return known;
  const lower = value.toLowerCase();
  const cdhash = lower !== NO_CDHASH && CDHASH.test(lower) ? lower : null;
  if (read.size >= MAX_READ) read.clear();
  read.set(value, cdhash);
  return cdhash;
}

/** An unsigned 32-bit word, whichever sign the source printed it with. */
export function codesigningFlagsOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) ? value >>> 0 : null;
}
