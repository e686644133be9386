import type { DigestLine } from "#contract/notice.ts";
import { DAY, type Micros } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import type { Monitor } from "./monitor.ts";

const SHOWN_DAYS = 7;
const SHOWN_MAX = 40;

/** The digest of the last week, newest first. Days that have not come yet are left out: a record's clock may be wrong. */
export function digestOf({ notices }: Pick<Monitor, "notices">, now: Micros): DigestLine[] {
  const day = (time: Micros) => formatTime(time).slice(0, "YYYY-MM-DD".length);
  return notices.digest(day(now - (SHOWN_DAYS - 1) * DAY), day(now)).slice(0, SHOWN_MAX);
}
