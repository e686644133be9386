import { describe, expect, it } from "vitest";
import type { StateEntry } from "#core/base/state.ts";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { ReplayedTwins } from "./replayed-twins.ts";

let n = 0;
function record(machTimestamp: number | null, eventMessage: string, replayed = false): SessionRecord {
  n += 1;
  const body = { machTimestamp, threadID: 7, processID: 8, eventMessage };
  return {
    kind: "frame",
    id: { session: "s", src: "log", n },
    at: n,
    raw: "",
    frame: { v: 1, t: "event", src: "log", n, at: "2026-11-21T10:00:00Z", body, replayed },
  };
}
const stateOf = (twins: ReplayedTwins, before: StateEntry[] = []): StateEntry[] => {
  const entries = new Map(before.map(({ key, value }) => [key, value]));
  for (const { key, value } of twins.drainChanges()) if (value !== null) entries.set(key, value);
  return Array.from(entries, ([key, value]) => ({ key, value }));
};

describe("ReplayedTwins", () => {
  it("knows a record that is re-read, in either order, and nothing else", () => {
    const twins = new ReplayedTwins([]);
    expect(twins.isTwin(record(1, "a"))).toBe(false);
    expect(twins.isTwin(record(1, "a", true))).toBe(true);
    expect(twins.isTwin(record(1, "b", true))).toBe(false);
    expect(twins.isTwin(record(1, "b"))).toBe(true);
    expect(twins.isTwin(record(2, "a", true))).toBe(false);
  });

  it("keeps two live records that look alike, and what does not say when it was", () => {
    const twins = new ReplayedTwins([]);
    expect([twins.isTwin(record(1, "a")), twins.isTwin(record(1, "a"))]).toEqual([false, false]);
    expect([twins.isTwin(record(null, "a")), twins.isTwin(record(null, "a", true))]).toEqual([false, false]);
  });

  it("is the same after a restart, at any point, and bounded", () => {
    const whole = new ReplayedTwins([]);
    let resumed = new ReplayedTwins([]);
    let state: StateEntry[] = [];
    for (let i = 0; i < 20_000; i += 1) {
      whole.isTwin(record(i, "x"));
      resumed.isTwin(record(i, "x"));
      if (i % 137 === 0) {
        state = stateOf(resumed, state);
        resumed = new ReplayedTwins(state);
      }
    }
    state = stateOf(resumed, state);
    expect(state.length).toBeLessThanOrEqual(64);
    const again = new ReplayedTwins(state);
    const found = [0, 1, 2000, 3700, 12_000, 19_999].map((i) => again.isTwin(record(i, "x", true)));
    expect(found).toEqual([0, 1, 2000, 3700, 12_000, 19_999].map((i) => whole.isTwin(record(i, "x", true))));
    expect(found).toEqual([false, false, false, false, true, true]);
  });
});
