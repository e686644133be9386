import { describe, expect, it } from "vitest";
import { Lru } from "./lru.ts";

describe("Lru", () => {
  it("makes a value once and forgets what was used longest ago", () => {
    const cache = new Lru<number>(2);
    let made = 0;
    const get = (key: string): number =>
      cache.getOr(key, () => {
        made += 1;
        return made;
      });
    expect([get("a"), get("b"), get("a"), get("c"), get("a"), get("b")]).toEqual([1, 2, 1, 3, 1, 4]);
    expect(cache.size).toBe(2);
  });

  it("keeps nothing when making fails", () => {
    const cache = new Lru<number>(2);
    const fail = (): number => {
      throw new Error("no");
    };
    expect(() => cache.getOr("a", fail)).toThrow("no");
    expect(cache.getOr("a", () => 7)).toBe(7);
  });
});
