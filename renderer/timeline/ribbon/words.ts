import type { PostureSpan, SourceSpan } from "#contract/ribbon.ts";
import { clockTime, dayName, exactTime } from "#renderer/ui/time-format.ts";

export const POSTURE_STATE_WORDS: Record<PostureSpan["state"], string> = {
  strong: "As expected",
  weakened: "Weakened",
  unknown: "Not known",
};

export const SOURCE_STATE_WORDS: Record<SourceSpan["state"], string> = {
  running: "Seeing",
  degraded: "Degraded",
  gap: "Gap",
  asleep: "Mac asleep",
  off: "Not watching",
};

/** RFC 3339 of a time in microseconds. */
export const textOf = (micros: number): string => new Date(Math.floor(micros / 1000)).toISOString();

const sameDay = (a: string, b: string): boolean => dayName(a, Date.parse(b)) === "Today";

/** "14:20:07 to 14:45:00", with the days where they are not one day, today; one time where it began and ended in one second. */
export function stretchWords(from: number, to: number, now: number): string {
  const [start, end] = [textOf(from), textOf(to)];
  const day = (at: string) => (dayName(at, now) === "Today" ? "" : `${dayName(at, now)} `);
  if (clockTime(start) === clockTime(end) && sameDay(start, end)) return `${day(start)}${clockTime(start)}`;
  return `${day(start)}${clockTime(start)} to ${sameDay(start, end) ? "" : day(end)}${clockTime(end)}`;
}

/** For hovering: the exact times. */
export const stretchTitle = (from: number, to: number): string =>
  `${exactTime(textOf(from))} to ${exactTime(textOf(to))}`;

/** For hovering: the state in words, why, and the exact times. */
export function spanTitle(name: string, word: string, span: { from: number; to: number; words: string }): string {
  const why = span.words === "" ? "" : `. ${span.words}`;
  return `${name}: ${word}${why}\n${stretchTitle(span.from, span.to)}`;
}
