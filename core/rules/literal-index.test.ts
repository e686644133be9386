import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { LinearRegex } from "./linear-regex.ts";
import { LiteralIndex } from "./literal-index.ts";
import { pick } from "./test-support.ts";

const PLAIN = { ignoreCase: false, multiline: false, dotAll: false };
const SIGNS = ["a", "b", "c", "/", " ", "ά", "\u4161"];

describe("LiteralIndex", () => {
  it("finds in every text exactly the literals that stand in it", () => {
    const random = seededRandom(3);
    const text = (length: number) => Array.from({ length }, () => pick(random, SIGNS)).join("");
    const literals = [...new Set(Array.from({ length: 60 }, () => text(4 + Math.floor(random() * 4))))];
    const index = new LiteralIndex();
    for (const [position, literal] of literals.entries()) index.add(literal, position);
    let found = 0;
    for (let round = 0; round < 500; round++) {
      const haystack = text(Math.floor(random() * 60)) + pick(random, [...literals, ""]);
      const expected = literals.flatMap((literal, position) => (haystack.includes(literal) ? [position] : []));
      const seen = new Set<number>();
      index.scan(haystack, (positions) => positions.forEach((position) => seen.add(position)));
      expect([...seen].toSorted((a, b) => a - b)).toEqual(expected);
      found += expected.length;
    }
    expect(found).toBeGreaterThan(300);
  });

  it("keeps every rule that asks for the same literal", () => {
    const index = new LiteralIndex();
    index.add("--remove", 1);
    index.add("--remove", 4);
    const seen: number[] = [];
    index.scan("spctl --remove --label x", (positions) => seen.push(...positions));
    expect(seen).toEqual([1, 4]);
  });
});

describe("the literals that a regular expression cannot do without", () => {
  it.each([
    ["^/Users/[^/]+/Downloads/", ["/downloads/"]],
    ["COMMAND=(?:/sbin/kextload|/usr/bin/kmutil load)\\s", ["/sbin/kextload", "/usr/bin/kmutil load"]],
    ["(?i)com\\.Apple\\.", ["com.apple."]],
    ["(?:abcd)?efg", ["efg"]],
    ["(?:abcd)+e", ["abcd"]],
    ["ab\\bcd", ["abcd"]],
    ["\\d+", null],
    ["abcd|.*", null],
    ["[ab]", null],
  ])("%s", (pattern, expected) => {
    expect(new LinearRegex(pattern, PLAIN).required).toEqual(expected);
  });

  it("stand in every text that matches", () => {
    const random = seededRandom(9);
    const simple = () => pick(random, ["ab", "A", "b*", "c+", "\\d", ".", "[ab]", "(?i:b)", "\\b"]);
    const part = (depth: number): string => {
      if (depth === 0 || random() < 0.4) return simple();
      const [one, other] = [part(depth - 1), part(depth - 1)];
      return pick(random, [`(?:${one}|${other})`, `(?:${one}${other})${pick(random, ["", "?", "+", "{2}"])}`]);
    };
    let matched = 0;
    for (let round = 0; round < 3_000; round++) {
      const regex = new LinearRegex(part(3) + part(3), PLAIN);
      const text = Array.from({ length: 8 }, () => pick(random, ["a", "b", "A", "B", "c", "1"])).join("");
      if (!regex.test(text)) continue;
      matched += 1;
      const lower = text.toLowerCase();
      expect(regex.required?.some((literal) => lower.includes(literal)) ?? true).toBe(true);
    }
    expect(matched).toBeGreaterThan(500);
  });
});
