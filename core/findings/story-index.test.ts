import { describe, expect, it } from "vitest";
import type { OpenFinding } from "./open-finding.ts";
import { StoryIndex } from "./story-index.ts";

const id = (n: number) => ({ session: "s", src: "es", n });
const finding = (about: string | null, ...records: number[]) =>
  ({ about, record: { evidence: records.map((n) => ({ id: id(n) })) } }) as unknown as OpenFinding;

describe("StoryIndex", () => {
  it("finds by code and by record, also what was there before it", () => {
    const index = new StoryIndex(() => [["old", finding("/a.app", 1)]]);
    index.add("new", finding(null, 2, 3));
    expect([...index.find("/a.app", [id(3)])]).toEqual(["old", "new"]);
    expect([...index.find(null, [id(1)])]).toEqual(["old"]);
    expect([...index.find("/b.app", [id(4)])]).toEqual([]);
  });

  it("forgets what is gone before it grows without end", () => {
    const open = new Map<string, OpenFinding>();
    const index = new StoryIndex(() => open);
    for (let n = 0; n < 100_000; n += 1) {
      open.clear();
      open.set(`place ${n}`, finding(null, n));
      index.add(`place ${n}`, finding(null, n));
    }
    const kept = Array.from({ length: 100_000 }, (_, n) => index.find(null, [id(n)]).size);
    expect(kept.at(-1)).toBe(1);
    expect(kept.reduce((sum, size) => sum + size, 0)).toBeLessThan(40_000);
  });
});
