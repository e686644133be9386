const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const minutes = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" });

const DAY_MS = 86_400_000;

function startOfDay(time: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** "14:32:07" in the user's zone; a text that is no time is given back as it is. */
export function clockTime(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : clock.format(time);
}

/** "Today", "Yesterday" or "3 Nov". */
export function dayName(at: string, now: number): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return "";
  const days = Math.round((startOfDay(now) - startOfDay(time)) / DAY_MS);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? day : dayAndYear).format(time);
}

/** "today 14:32" for the middle of a sentence. */
export function sentenceTime(at: string, now: number): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return at;
  const name = dayName(at, now);
  return `${name === "Today" || name === "Yesterday" ? name.toLowerCase() : name} ${minutes.format(time)}`;
}

/** "14:32 today" or "14:32 on 3 Nov", for after "at" and "since". */
export function momentWords(at: string, now: number): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return at;
  const name = dayName(at, now);
  const day = name === "Today" || name === "Yesterday" ? name.toLowerCase() : `on ${name}`;
  return `${minutes.format(time)} ${day}`;
}

/** The exact value: date, microseconds as recorded, zone. */
export function exactTime(at: string): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return at;
  const fraction = /\.(\d+)/.exec(at)?.[1];
  const name = zone.formatToParts(time).find((part) => part.type === "timeZoneName")?.value ?? "";
  return `${dayAndYear.format(time)} ${clock.format(time)}${fraction === undefined ? "" : `.${fraction}`} ${name}`.trim();
}

/** "3 Nov 2026" in the user's zone; a text that is no time is given back as it is. */
export function calendarDay(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : dayAndYear.format(time);
}
