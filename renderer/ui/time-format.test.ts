import { describe, expect, it } from "vitest";
import { calendarDay, clockTime, dayName, exactTime, momentWords, sentenceTime } from "./time-format.ts";

const local = (day: number, hour: number, minute = 0): string => new Date(2026, 10, day, hour, minute, 7).toISOString();
const now = new Date(2026, 10, 21, 15).getTime();

describe("times", () => {
  it("names days relative to now", () => {
    expect(dayName(local(21, 0), now)).toBe("Today");
    expect(dayName(local(20, 23), now)).toBe("Yesterday");
    expect(dayName(local(3, 12), now)).toMatch(/3/);
  });

  it("writes sentences and rows", () => {
    expect(sentenceTime(local(21, 14, 32), now)).toBe("today 14:32");
    expect(momentWords(local(20, 14, 32), now)).toBe("14:32 yesterday");
    expect(momentWords(local(3, 9, 5), now)).toMatch(/^09:05 on .*3/);
    expect(clockTime(local(21, 9, 5))).toBe("09:05:07");
  });

  it("keeps every recorded digit and the zone in the exact value", () => {
    expect(exactTime("2026-11-21T14:32:07.123456Z")).toMatch(/:32:07\.123456 \S+/);
  });

  it("gives a text that is no time back as it is", () => {
    for (const format of [
      clockTime,
      exactTime,
      calendarDay,
      (at: string) => sentenceTime(at, now),
      (at: string) => momentWords(at, now),
    ])
      expect(format("yesterday-ish")).toBe("yesterday-ish");
  });
});
