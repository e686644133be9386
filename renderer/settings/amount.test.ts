import { describe, expect, it } from "vitest";
import { amountWords, BYTES, readAmount, SECONDS, unitFor } from "./amount.ts";
import { RANGES } from "./ranges.ts";

const MINUTES = SECONDS[1] ?? { word: "", size: 0 };

describe("an amount of time", () => {
  it.each([
    [5, "5 seconds"],
    [90, "90 seconds"],
    [60, "1 minute"],
    [600, "10 minutes"],
    [259_200, "3 days"],
    [86_400, "1 day"],
    [0, "0 seconds"],
  ])("%i is told as %s", (amount, words) => {
    expect(amountWords(amount, SECONDS)).toBe(words);
  });

  it.each(["", "x", "-1", "1.5", "1e9", "0x10", "9".repeat(400), "1441"])("does not take “%s” minutes", (typed) => {
    expect(readAmount(typed, MINUTES, RANGES.an0644Seconds, SECONDS)).toEqual({
      problem: "Give a whole number, from 5 seconds to 1 day.",
    });
  });

  it("takes what is in range", () => {
    expect(readAmount(" 15 ", MINUTES, RANGES.an0644Seconds, SECONDS)).toEqual({ amount: 900 });
    expect(unitFor(900, SECONDS).word).toBe("minutes");
  });

  it("has the ranges that the settings file is checked by", () => {
    expect(RANGES).toMatchObject({
      an0644Seconds: { min: 5, max: 86_400 },
      an1447Seconds: { min: 1, max: 30 * 86_400 },
      intentDays: { min: 1, max: 365 },
      intentBoots: { min: 1, max: 100 },
      days: { min: 1, max: 3_650 },
      bytes: { min: 10_000_000, max: Number.POSITIVE_INFINITY },
    });
    const [megabytes = MINUTES] = BYTES;
    expect(readAmount("9", megabytes, RANGES.bytes, BYTES)).toEqual({
      problem: "Give a whole number, at least 10 MB.",
    });
  });
});
