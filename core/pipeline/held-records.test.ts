import { describe, expect, it } from "vitest";
import type { SessionRecord } from "#core/wire/session-record.ts";
import { HeldRecords } from "./held-records.ts";

const at = "2026-11-21T10:00:00Z";
const event = (n: number, src: "es" | "log" = "es", raw = "x"): SessionRecord => ({
  kind: "frame",
  id: { session: "s", src, n },
  at: n,
  raw,
  frame: { v: 1, t: "event", src, n, at, body: {} },
});
const probe = (n: number): SessionRecord => ({
  kind: "frame",
  id: { session: "s", src: "probe", n },
  at: n,
  raw: "x",
  frame: { v: 1, t: "probe", name: "mount", at, exit: 0, out: "", err: "" },
});

function all(held: HeldRecords): (string | number)[] {
  const taken: (string | number)[] = [];
  for (let next = held.take(); next !== null; next = held.take()) {
    if ("mark" in next) taken.push(next.mark);
    else if (next.record.kind === "gap")
      taken.push(`${next.record.id.src} ${next.record.from}-${next.record.to} ${next.record.count}`);
    else taken.push(`${next.record.id.src} ${next.record.id.n}`);
  }
  return taken;
}

describe("HeldRecords", () => {
  it("gives back what it was given, in order, with the newest of marks that follow each other", () => {
    const held = new HeldRecords();
    held.add(event(1));
    held.addMark(7);
    held.addMark(8);
    held.add(probe(5));
    held.add(event(2));
    held.addMark(9);
    expect([held.size, held.isEmpty]).toEqual([3, false]);
    expect(all(held)).toEqual(["es 1", 8, "probe 5", "es 2", 9]);
    expect([held.size, held.isEmpty]).toEqual([0, true]);
  });

  it("forgets marks and nothing else", () => {
    const held = new HeldRecords();
    held.add(event(1));
    held.addMark(7);
    held.add(event(2));
    held.forgetMarks();
    expect(all(held)).toEqual(["es 1", "es 2"]);
  });

  it("tells what it gave up by source, after what it kept and before the rest", () => {
    const held = new HeldRecords({ records: 4, chars: 1000 });
    held.add(probe(5));
    for (let n = 1; n <= 4; n += 1) {
      held.add(event(n));
      held.add(event(n, "log"));
    }
    held.addMark(3);
    expect(all(held)).toEqual(["probe 5", "gap:es:shed 1-3 3", "gap:log:shed 1-2 2", "log 3", "es 4", "log 4", 3]);
  });

  it("stays within its bounds whatever comes, and counts all of it", () => {
    const held = new HeldRecords({ records: 100, chars: 5000 });
    const sent = 20_000;
    for (let n = 1; n <= sent; n += 1) {
      held.add(n % 3 === 0 ? probe(n) : event(n, n % 2 === 0 ? "es" : "log", "x".repeat(n % 97)));
      if (n % 5 === 0) held.addMark(n);
      expect(held.size).toBeLessThanOrEqual(100);
    }
    let accounted = 0;
    for (let next = held.take(); next !== null; next = held.take()) {
      if ("mark" in next) continue;
      accounted += next.record.kind === "gap" ? (next.record.count ?? 0) : 1;
    }
    expect(accounted).toBe(sent);
    const huge = new HeldRecords({ records: 100, chars: 10 });
    huge.add(event(1, "es", "x".repeat(11)));
    expect(all(huge)).toEqual(["gap:es:shed 1-1 1"]);
  });
});
