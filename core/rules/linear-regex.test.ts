import { describe, expect, it } from "vitest";
import { LinearRegex } from "./linear-regex.ts";
import { MalformedRegex, UnsupportedRegex } from "./regex-syntax.ts";
import { seededRandom } from "#core/base/seeded-random.ts";
import { pick } from "./test-support.ts";

const PLAIN = { ignoreCase: false, multiline: false, dotAll: false };

function matches(pattern: string, text: string, flags = PLAIN): boolean {
  return new LinearRegex(pattern, flags).test(text);
}

describe("linear regular expressions", () => {
  it.each([
    ["(.){200,}", "x".repeat(200), true],
    ["(.){200,}", "x".repeat(199), false],
    ["^abc$", "abc", true],
    ["^abc$", "xabc", false],
    [String.raw`\bcat\b`, "a cat.", true],
    [String.raw`\bcat\b`, "concat", false],
    [String.raw`\Bcat`, "concat", true],
    ["(?i)curl.*HTTP", "CURL -s http://x", true],
    ["curl", "CURL", false],
    ["a(?i)b", "aB", true],
    ["a(?i)b", "AB", false],
    ["(?i:a)b", "Ab", true],
    ["(?i:a)b", "AB", false],
    ["(?<name>x)y", "xy", true],
    ["[^/]+/", "a/", true],
    ["[]a]", "]", true],
    ["[a-]", "-", true],
    [String.raw`[\d.]+%`, "12.5%", true],
    [String.raw`\x41\u0042`, "AB", true],
    ["a{2}", "a", false],
    ["a{2,3}b", "aaab", true],
    ["x{", "x{", true],
    ["", "", true],
    ["a.c", "a\nc", false],
    ["(?s)a.c", "a\nc", true],
    ["(?m)^b$", "a\nb\nc", true],
    ["^b$", "a\nb\nc", false],
    ["(a*)*b", "aaab", true],
    ["é", "É", false],
    ["(?i)é", "É", true],
  ])("%s on %s: %s", (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each(["(?=x)", "(?<!x)y", String.raw`(a)\1`, "(?>a)", "a++", "a{1001}", "(a{900}){900}", "[[:alpha:]]"])(
    "refuses what it cannot run in linear time: %s",
    (pattern) => {
      expect(() => new LinearRegex(pattern, PLAIN)).toThrow(UnsupportedRegex);
    },
  );

  it.each(["(a", "a)", "[a", "*a", "a{3,2}", "a\\", "[z-a]", "a**", String.raw`\x4`])(
    "refuses nonsense: %s",
    (pattern) => {
      expect(() => new LinearRegex(pattern, PLAIN)).toThrow(MalformedRegex);
    },
  );

  it("agrees with JavaScript's engine on random patterns and texts", () => {
    const random = seededRandom(7);
    const atom = (depth: number): string =>
      pick(random, [
        () => pick(random, ["a", "b", "c", ".", "[ab]", "[^a]", String.raw`\w`, String.raw`\b`, "^", "$", " ", "\\n"]),
        () => (depth > 2 ? "a" : `(?:${sequence(depth + 1)}|${sequence(depth + 1)})`),
        () =>
          `${pick(random, ["a", "b", "[ab]", "(?:ab)", "."])}${pick(random, ["*", "+", "?", "{2}", "{1,3}", "*?"])}`,
      ])();
    const sequence = (depth: number): string =>
      Array.from({ length: 1 + Math.floor(random() * 3) }, () => atom(depth)).join("");
    for (let round = 0; round < 3_000; round++) {
      const pattern = sequence(0);
      const flags = { ignoreCase: random() < 0.3, multiline: random() < 0.3, dotAll: random() < 0.3 };
      const letters = `${flags.ignoreCase ? "i" : ""}${flags.multiline ? "m" : ""}${flags.dotAll ? "s" : ""}`;
      const regex = new LinearRegex(pattern, flags);
      const theirs = new RegExp(pattern, letters);
      for (let text = 0; text < 4; text++) {
        const sample = Array.from({ length: Math.floor(random() * 8) }, () => pick(random, "aabcAB \n".split(""))).join(
          "",
        );
        expect({ pattern, letters, sample, found: regex.test(sample) }).toEqual({
          pattern,
          letters,
          sample,
          found: theirs.test(sample),
        });
      }
    }
  });

  it.each(["(a+)+$", "(a|a)*b", "(a|aa)+c", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)(.*)(.*)(.*)x", "foo.*foo.*foo.*bar"])(
    "is not caught by what makes others backtrack: %s",
    (pattern) => {
      expect(matches(pattern, `${"a".repeat(200_000)}!`)).toBe(false);
      expect(matches(pattern, "foo".repeat(70_000))).toBe(false);
    },
  );

  it("gives up on a text that would need too many states, and counts it", () => {
    const random = seededRandom(3);
    const regex = new LinearRegex("a.{600}b.{600}c", { ...PLAIN, dotAll: true });
    const text = Array.from({ length: 100_000 }, () => pick(random, ["a", "b", "d"])).join("");
    expect(regex.test(text)).toBe(false);
    expect(regex.gaveUp).toBe(1);
    expect(regex.test(`a${"x".repeat(600)}b${"x".repeat(600)}c`)).toBe(true);
  });
});
