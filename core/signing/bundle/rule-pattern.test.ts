import { describe, expect, it } from "vitest";
import { PathPattern } from "./rule-pattern.ts";

const budget = () => ({ left: 10_000_000 });
const matches = (pattern: string, path: string) => PathPattern.compile(pattern)?.matches(path, budget()) ?? null;

/** Apple's own default rules, from bundlediskrep.cpp. */
const CODE_PLACES =
  "^(Frameworks|SharedFrameworks|PlugIns|Plug-ins|XPCServices|Helpers|MacOS|Library/(Automator|Spotlight|LoginItems))/";

describe("a resource rule's pattern", () => {
  it.each([
    ["^.*", "", true],
    ["^.*", "Resources/x", true],
    ["^", "anything", true],
    ["^Resources/", "Resources/a", true],
    ["^Resources/", "x/Resources/a", false],
    ["^Resources/", "Resources", false],
    ["^[^/]+$", "Info.plist", true],
    ["^[^/]+$", "a/b", false],
    ["^[^/]+$", "", false],
    [CODE_PLACES, "Frameworks/X.framework", true],
    [CODE_PLACES, "Frameworks", false],
    [CODE_PLACES, "Library/LoginItems/Helper.app", true],
    [CODE_PLACES, "Library/Preferences/x", false],
    ["^(.*/)?\\.DS_Store$", ".DS_Store", true],
    ["^(.*/)?\\.DS_Store$", "Resources/a/.DS_Store", true],
    ["^(.*/)?\\.DS_Store$", "Resources/x.DS_Store", false],
    ["^(.*/)?\\.DS_Store$", ".DS_Store/x", false],
    [".*\\.dSYM($|/)", "MacOS/a.dSYM", true],
    [".*\\.dSYM($|/)", "MacOS/a.dSYM/Contents", true],
    [".*\\.dSYM($|/)", "MacOS/a.dSYMs", false],
    ["^Resources/.*\\.lproj/", "Resources/en.lproj/x.nib", true],
    ["^Resources/.*\\.lproj/", "Resources/lproj/x.nib", false],
    ["^Resources/.*\\.lproj/locversion.plist$", "Resources/en.lproj/locversionXplist", true],
    ["^version.plist$", "version.plist", true],
    ["^version\\.plist$", "versionXplist", false],
    ["a|b$", "xb", true],
    ["a|b$", "bx", false],
    ["(a|())b", "b", true],
    ["^(ab)+$", "ababab", true],
    ["^(ab)+$", "aba", false],
    ["^(a*)*$", "aaab", false],
    ["^colou?r$", "color", true],
    ["[]x]", "a]", true],
    ["[a-]", "-", true],
    ["[^\\.]", "\\.", false],
    ["a}b", "a}b", true],
    ["x$", "x\n", false],
    ["^a.b$", "a\nb", true],
  ])("%s on %j: %s", (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  it.each([
    "a{2}",
    "*a",
    "(",
    ")",
    "(a",
    "[a",
    "\\d",
    "\\",
    "a**",
    "a+?",
    "^*",
    "[[:alpha:]]",
    "\\1",
    "(?i)a",
    "[z-a]",
  ])("%s is not guessed at", (pattern) => expect(PathPattern.compile(pattern)).toBeNull());

  it("is refused when longer than any real one or nested too deeply", () => {
    expect(PathPattern.compile("a".repeat(10_000))).toBeNull();
    expect(PathPattern.compile("(".repeat(100) + ")".repeat(100))).toBeNull();
  });

  it("agrees with JavaScript where both read the pattern alike", () => {
    const patterns = ["^(a|b)*c$", "a.b", "(a|ab)(c|bcd)d?", "[ab]+c", "^a?a?a?aaa$", "(^a|b)c", "a$|b"];
    const letters = ["a", "b", "c", "d"];
    const words = [""];
    for (let i = 0; words.length < 1500; i++) words.push(...letters.map((letter) => (words[i] ?? "") + letter));
    for (const pattern of patterns) {
      const ours = PathPattern.compile(pattern);
      const theirs = new RegExp(pattern);
      for (const word of words)
        expect([pattern, word, ours?.matches(word, budget())]).toEqual([pattern, word, theirs.test(word)]);
    }
  });

  it("takes time in proportion, also for patterns made to take forever", () => {
    const path = `${"a".repeat(4000)}b`;
    for (const pattern of [`^(${"a*".repeat(50)})*c$`, "^(a|a)*c$", "^((a*)*)*c$", `.*a${".".repeat(200)}c`]) {
      const purse = { left: 20_000_000 };
      expect(PathPattern.compile(pattern)?.matches(path, purse)).toBe(false);
      expect(purse.left).toBeGreaterThan(0);
    }
  });

  it("stops when the budget is spent", () => {
    const purse = { left: 100 };
    expect(PathPattern.compile("b$")?.matches("a".repeat(1_000_000), purse)).toBe(false);
    expect(purse.left).toBeLessThanOrEqual(0);
    expect(purse.left).toBeGreaterThan(-100);
  });
});
