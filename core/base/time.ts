import type { Micros } from "./clock.ts";

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})$/;

/**
 * Reads RFC 3339 with up to nine digits (eslogger) and the unified log's `YYYY-MM-DD HH:MM:SS.ffffff+ZZZZ`,
 * for which `Date.parse` is not portable. Digits past the microsecond are cut off.
 * @returns microseconds since the epoch, or null when the text is not such a time
 */
export function parseTime(text: string): Micros | null {
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, date, clock, fraction = "", zone = "Z"] = match;
  const offset = zone === "Z" || zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const millis = Date.parse(`${date}T${clock}${offset}`);
  if (Number.isNaN(millis)) return null;
  return millis * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** RFC 3339 in UTC with six digits, e.g. `2026-11-21T10:00:00.000000Z`. */
export function formatTime(time: Micros): string {
  const millis = Math.floor(time / 1000);
  const micros = String(time - millis * 1000).padStart(3, "0");
  return `${new Date(millis).toISOString().slice(0, -1)}${micros}Z`;
}
