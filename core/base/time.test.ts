import { describe, expect, it } from "vitest";
import { formatTime, parseTime } from "./time.ts";

const NOON = Date.parse("2026-11-21T12:00:00Z") * 1000;

describe("parseTime", () => {
  it.each([
    ["2026-11-21T12:00:00Z", NOON],
    ["2026-11-21T12:00:00.5Z", NOON + 500_000],
    ["2026-11-21T12:00:00.123456Z", NOON + 123_456],
    ["2026-11-21T12:00:00.123456789Z", NOON + 123_456],
    ["2026-11-21T12:00:00.000000001Z", NOON],
    ["2026-11-21T13:30:00.25+01:30", NOON + 250_000],
    ["2026-11-21 04:00:00.000007-0800", NOON + 7],
  ])("%s", (text, expected) => {
    expect(parseTime(text)).toBe(expected);
    expect(parseTime(text)).toBe(expected);
  });

  it.each([
    "",
    "yesterday",
    "2026-11-21",
    "2026-11-21T12:00:00",
    "2026-11-21T12:00:00.Z",
    "2026-11-21T12:00:00.12x456Z",
    "2026-11-21T12:00:00.123456x89Z",
    "2026-11-21T12:00:00.1234567890Z",
    "2026-13-45T12:00:00.123Z",
    "2026-11-21T99:00:00.123Z",
    "x026-11-21T12:00:00.123Z",
    "9999-12-31T23:59:59.5Z",
    "0001-01-01T00:00:00.000000+0000",
  ])("refuses %j", (text) => {
    expect(parseTime("2026-11-21T12:00:00.1Z")).toBe(NOON + 100_000);
    expect(parseTime(text)).toBeNull();
  });
});

describe("formatTime", () => {
  it.each([0, 1, 999_999, NOON, NOON + 123_456])("gives back %d", (time) => {
    expect(parseTime(formatTime(time))).toBe(time);
  });
});
