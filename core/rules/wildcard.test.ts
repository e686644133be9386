import { describe, expect, it } from "vitest";
import { type Anchoring, compileWildcard } from "./wildcard.ts";

const cases: [value: string, anchoring: Anchoring, text: string, matches: boolean][] = [
  ["abc", "whole", "abc", true],
  ["abc", "whole", "abcd", false],
  ["", "whole", "", true],
  ["", "whole", "x", false],
  ["b", "contains", "abc", true],
  ["ab", "startswith", "abc", true],
  ["bc", "startswith", "abc", false],
  ["bc", "endswith", "abc", true],
  ["a*c", "whole", "abbbc", true],
  ["a*c", "whole", "ac", true],
  ["a*c", "whole", "acb", false],
  ["a?c", "whole", "abc", true],
  ["a?c", "whole", "ac", false],
  ["?*?", "whole", "a", false],
  ["?*?", "whole", "ab", true],
  ["aa*aa", "whole", "aaa", false],
  ["*a*b*", "whole", "ba", false],
  ["*a*b*", "whole", "xaxbx", true],
  ["'*:0:'", "contains", "awk -F: '$3==root:0:' x", true],
  ["'*:0:'", "contains", "awk '$3:1:'", false],
  ["/MAU*/Update.app", "contains", "x/Library/MAU2.0/Update.app/y", true],
  [String.raw`\*`, "whole", "*", true],
  [String.raw`\*`, "whole", "x", false],
  [String.raw`\?`, "whole", "?", true],
  [String.raw`\\*`, "whole", String.raw`\anything`, true],
  [String.raw`\\\*`, "whole", String.raw`\*`, true],
  [String.raw`\\\*`, "whole", String.raw`\x`, false],
  [String.raw`C:\Win`, "whole", String.raw`C:\Win`, true],
  [String.raw`C:\\Win`, "whole", String.raw`C:\Win`, true],
  ["a?*b?d", "contains", "xxaQQbQdxx", true],
  ["a?*b?d", "contains", "xxabQdxx", false],
  ["*", "whole", "", true],
];

describe("wildcards", () => {
  it.each(cases)("%s (%s) against %s: %s", (value, anchoring, text, matches) => {
    expect(compileWildcard(value, anchoring).test(text)).toBe(matches);
  });

  it("tells an index what must be equal or stand at the end", () => {
    expect(compileWildcard("abc", "whole")).toMatchObject({ equals: "abc" });
    expect(compileWildcard("/bin/*/sh", "whole")).toMatchObject({ equals: null, ends: "/sh" });
    expect(compileWildcard("/sh", "contains")).toMatchObject({ equals: null, ends: null });
    expect(compileWildcard("/s?", "endswith")).toMatchObject({ equals: null, ends: null });
  });

  it("stays fast on a megabyte made to match almost", () => {
    const text = "a".repeat(1_000_000);
    const pattern = compileWildcard(`${"a*".repeat(50)}b?c`, "contains");
    expect(pattern.test(text)).toBe(false);
  });
});
