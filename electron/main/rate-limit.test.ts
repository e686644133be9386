import { expect, it } from "vitest";
import { ManualClock, MINUTE, SECOND } from "#core/base/clock.ts";
import { RateLimit } from "./rate-limit.ts";

it("allows so many in any span of time, and again when the oldest is past", () => {
  const clock = new ManualClock();
  const limit = new RateLimit(clock, 3, MINUTE);
  const taken = [0, 10, 20, 30, 59, 60, 61, 70].map((second) => {
    clock.advanceTo(second * SECOND);
    return limit.take();
  });
  expect(taken).toEqual([true, true, true, false, false, true, false, true]);
});
