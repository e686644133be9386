import { DAY, type Micros } from "#core/base/clock.ts";
import { parseTime } from "#core/base/time.ts";

/**
 * How far a source's own time may be ahead of the helper's, which took the record after it was made. A clock that is set
 * back in between stays within a day; what is beyond it is wrong, and one such record would move the clock of everything
 * behind: what is kept, and what belongs together.
 */
export const MAX_AHEAD: Micros = DAY;

/**
 * When it happened: the source's own time where it gives one that can be, else the frame's. Earlier than the frame by any
 * span is fine, since records are re-read later.
 * @param own the time as the source wrote it; the raw record keeps it
 * @param at the frame's time; 0 when it has none, and then there is nothing to judge the source's by
 */
export function ownTime(own: unknown, at: Micros): Micros {
  const time = typeof own === "string" ? parseTime(own) : null;
  if (time === null) return at;
  return at > 0 && time > at + MAX_AHEAD ? at : time;
}
