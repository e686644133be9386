import type { Micros } from "./clock.ts";

const GENERAL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})$/;
const UTC_HEAD_LENGTH = "2026-11-21T10:00:00".length;
const ZERO = 0x30;
const NINE = 0x39;

/** Records come in the order of time, so nearly all of them are of the same second as the one before. */
let lastHead = "";
let lastHeadMillis = 0;

/**
 * Reads RFC 3339 with up to nine digits (eslogger) and the unified log's `YYYY-MM-DD HH:MM:SS.ffffff+ZZZZ`,
 * for which `Date.parse` is not portable. Digits past the microsecond are cut off.
 * @returns microseconds since the epoch, or null when the text is not such a time or too far off for an exact number
 */
export function parseTime(text: string): Micros | null {
  return parseUtc(text) ?? parseGeneral(text);
}

/** The form that nearly every record has: a known second, a point, digits and Z. Null: look closer. */
function parseUtc(text: string): Micros | null {
  const end = text.length - 1;
  const digits = end - UTC_HEAD_LENGTH - 1;
  if (digits < 1 || digits > 9 || text[end] !== "Z" || text[UTC_HEAD_LENGTH] !== ".") return null;
  let micros = 0;
  for (let place = 0; place < 6; place += 1) {
    const code = place < digits ? text.charCodeAt(UTC_HEAD_LENGTH + 1 + place) : ZERO;
    if (code < ZERO || code > NINE) return null;
    micros = micros * 10 + (code - ZERO);
  }
  for (let at = UTC_HEAD_LENGTH + 7; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) return null;
  }
  const head = text.slice(0, UTC_HEAD_LENGTH);
  if (head === lastHead) return lastHeadMillis * 1000 + micros;
  const whole = parseGeneral(`${head}Z`);
  if (whole === null) return null;
  lastHead = head;
  lastHeadMillis = whole / 1000;
  return whole + micros;
}

function parseGeneral(text: string): Micros | null {
  const match = GENERAL.exec(text);
  if (match === null) return null;
  const [, date, clock, fraction = "", zone = "Z"] = match;
  const offset = zone === "Z" || zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const millis = Date.parse(`${date}T${clock}${offset}`);
  // Whole seconds, so that the fraction that is added stays below the limit too.
  if (Number.isNaN(millis) || !Number.isSafeInteger((Math.abs(millis) + 1000) * 1000)) return null;
  return millis * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** The second written last, as seconds since the epoch and as text up to its point. */
let writtenSecond = Number.NaN;
let writtenHead = "";

/** RFC 3339 in UTC with six digits, e.g. `2026-11-21T10:00:00.000000Z`. */
export function formatTime(time: Micros): string {
  const second = Math.floor(time / 1_000_000);
  if (second !== writtenSecond) {
    writtenHead = new Date(second * 1000).toISOString().slice(0, -"000Z".length);
    writtenSecond = second;
  }
  return `${writtenHead}${String(time - second * 1_000_000).padStart(6, "0")}Z`;
}
