import { DAY, HOUR, type Micros, MINUTE, SECOND } from "#core/base/clock.ts";

const UNITS: Record<string, Micros> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/**
 * Reads Sigma's `timespan`, e.g. `10m`: a number with s, m, h or d.
 * @returns microseconds, or null when it is not one, or more than ten years
 */
export function parseTimespan(text: string): Micros | null {
  const [, number, unit] = /^(\d{1,9})([smhd])$/.exec(text.trim()) ?? [];
  const span = Number(number) * (UNITS[unit ?? ""] ?? Number.NaN);
  return Number.isSafeInteger(span) && span <= 3_660 * DAY ? span : null;
}
