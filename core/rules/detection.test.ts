import { describe, expect, it } from "vitest";
import type { FieldValue } from "#core/base/fields.ts";
import { detects } from "./test-support.ts";

type Fields = Record<string, FieldValue>;
const cases: [what: string, detection: string, fields: Fields, expected: boolean][] = [
  ["equality ignores case", "s:\n  Image: /BIN/sh\ncondition: s", { Image: "/bin/SH" }, true],
  ["a map is an and", "s:\n  Image: a\n  User: b\ncondition: s", { Image: "a", User: "c" }, false],
  ["a list of values is an or", "s:\n  Image: [a, b]\ncondition: s", { Image: "b" }, true],
  ["a list of maps is an or", "s:\n  - Image: a\n  - User: b\ncondition: s", { Image: "x", User: "b" }, true],
  ["|contains|all", "s:\n  CommandLine|contains|all: [-e, eval]\ncondition: s", { CommandLine: "x -e EVAL" }, true],
  [
    "|contains|all lacks one",
    "s:\n  CommandLine|contains|all: [-e, eval]\ncondition: s",
    { CommandLine: "x -e" },
    false,
  ],
  ["|startswith", "s:\n  Image|startswith: /tmp/\ncondition: s", { Image: "/tmp/x" }, true],
  ["|endswith list", "s:\n  Image|endswith: [/cat, /awk]\ncondition: s", { Image: "/usr/bin/awk" }, true],
  ["|endswith without a slash", "s:\n  Image|endswith: awk\ncondition: s", { Image: "/usr/bin/gawk" }, true],
  ["|endswith across a slash", "s:\n  Image|endswith: bin/awk\ncondition: s", { Image: "/usr/bin/awk" }, true],
  [
    "a wildcard inside |contains",
    "s:\n  CommandLine|contains: /MAU*/x\ncondition: s",
    { CommandLine: "a /MAU2/x b" },
    true,
  ],
  ["literal quotes", "s:\n  CommandLine|contains: '''*:0:'''\ncondition: s", { CommandLine: "awk 'x:0:' f" }, true],
  ["null: absent", "s:\n  CommandLine: null\ncondition: s", {}, true],
  ["null: there and empty", "s:\n  CommandLine: null\ncondition: s", { CommandLine: null }, true],
  ["null: a value", "s:\n  CommandLine: null\ncondition: s", { CommandLine: "" }, false],
  ["the empty text", "s:\n  CommandLine: ''\ncondition: s", { CommandLine: "" }, true],
  ["null in a list", "s:\n  User: [null, root]\ncondition: s", {}, true],
  ["a number against a number", "s:\n  N: 5\ncondition: s", { N: 5 }, true],
  ["a number against a text", "s:\n  User: 0\ncondition: s", { User: "0" }, true],
  ["a boolean", "s:\n  FirstSeen: true\ncondition: s", { FirstSeen: true }, true],
  ["a boolean that differs", "s:\n  FirstSeen: true\ncondition: s", { FirstSeen: false }, false],
  ["|re is case-sensitive", "s:\n  Image|re: SH$\ncondition: s", { Image: "/bin/sh" }, false],
  ["|re|i", "s:\n  Image|re|i: SH$\ncondition: s", { Image: "/bin/sh" }, true],
  ["inline (?i)", "s:\n  Image|re: '(?i)SH$'\ncondition: s", { Image: "/bin/sh" }, true],
  ["|re|m", "s:\n  M|re|m: ^b\ncondition: s", { M: "a\nb" }, true],
  ["|re|s", "s:\n  M|re|s: a.b\ncondition: s", { M: "a\nb" }, true],
  ["|cased", "s:\n  Image|cased: Sh\ncondition: s", { Image: "sh" }, false],
  ["|contains|cased", "s:\n  Image|contains|cased: Sh\ncondition: s", { Image: "xShx" }, true],
  ["|exists true", "s:\n  TeamId|exists: true\ncondition: s", { TeamId: null }, true],
  ["|exists false", "s:\n  TeamId|exists: false\ncondition: s", {}, true],
  ["|gte", "s:\n  N|gte: 10\ncondition: s", { N: 10 }, true],
  ["|gt", "s:\n  N|gt: 10\ncondition: s", { N: 10 }, false],
  ["|lt on a numeric text", "s:\n  N|lt: 10\ncondition: s", { N: "9" }, true],
  ["|lte on nothing", "s:\n  N|lte: 10\ncondition: s", { N: null }, false],
  ["|lt on words", "s:\n  N|lt: 10\ncondition: s", { N: "nine" }, false],
  ["|fieldref", "s:\n  A|fieldref: B\ncondition: s", { A: "x", B: "X" }, true],
  ["a list field: any element", "s:\n  T|startswith: /b\ncondition: s", { T: ["/a", "/b/c"] }, true],
  ["an empty list field", "s:\n  T|startswith: /b\ncondition: s", { T: [] }, false],
  ["keywords are an or", "k:\n  - passwd\n  - shadow\ncondition: k", { CommandLine: "cat /etc/SHADOW" }, true],
  ["keywords with all", "k:\n  '|all': [cat, shadow]\ncondition: k", { CommandLine: "cat /etc/shadow" }, true],
  ["not before and before or", "a:\n  A: 1\nb:\n  B: 1\nc:\n  C: 1\ncondition: a or b and not c", { A: 1, C: 1 }, true],
  ["and binds closer than or", "a:\n  A: 1\nb:\n  B: 1\nc:\n  C: 1\ncondition: a and b or c", { C: 1 }, true],
  ["parentheses", "a:\n  A: 1\nb:\n  B: 1\nc:\n  C: 1\ncondition: a and (b or c)", { C: 1 }, false],
  ["1 of x_*", "x_a:\n  A: 1\nx_b:\n  B: 1\ncondition: 1 of x_*", { B: 1 }, true],
  ["all of x_*", "x_a:\n  A: 1\nx_b:\n  B: 1\ncondition: all of x_*", { B: 1 }, false],
  ["1 of them", "x_a:\n  A: 1\nx_b:\n  B: 1\ncondition: 1 of them", { B: 1 }, true],
  ["all of them", "a:\n  A: 1\nb:\n  B: 1\ncondition: all of them", { A: 1, B: 1 }, true],
  ["not 1 of", "a:\n  A: 1\nf_a:\n  B: 1\ncondition: a and not 1 of f_*", { A: 1, B: 1 }, false],
  ["not not", "a:\n  A: 1\ncondition: not not a", { A: 1 }, true],
  ["words in capitals", "a:\n  A: 1\nb:\n  B: 1\ncondition: a AND NOT b", { A: 1 }, true],
  ["a condition over several lines", "a:\n  A: 1\nb:\n  B: 1\ncondition: >\n  a\n  and b", { A: 1, B: 1 }, true],
  ["a list of conditions is an or", "a:\n  A: 1\nb:\n  B: 1\ncondition: [a, b]", { B: 1 }, true],
  ["a selection with a pipe in its name", "s_x|endswith:\n  A: 1\ncondition: 1 of s*", { A: 1 }, true],
];

describe("detection", () => {
  it.each(cases)("%s", (_, detection, fields, expected) => {
    expect(detects(detection, fields)).toBe(expected);
  });

  it("puts settings in the place of placeholders, as plain text", () => {
    const detection = "s:\n  TeamId|expand: '%DeveloperIDAllowList%'\ncondition: s";
    const settings = { DeveloperIDAllowList: ["7QXW3N5R2K", "A*"] };
    expect(detects(detection, { TeamId: "7qxw3n5r2k" }, settings)).toBe(true);
    expect(detects(detection, { TeamId: "ABC" }, settings)).toBe(false);
    expect(detects(detection, { TeamId: "A*" }, settings)).toBe(true);
    expect(detects(detection, { TeamId: "7QXW3N5R2K" }, { DeveloperIDAllowList: [] })).toBe(false);
  });

  it("expands inside a longer value with its own wildcards and modifiers", () => {
    const detection = "s:\n  TargetFilename|contains|expand: '/x/%PolicyPaths%*y'\ncondition: s";
    expect(detects(detection, { TargetFilename: "a/x/p-q-y" }, { PolicyPaths: ["p"] })).toBe(true);
    expect(detects(detection, { TargetFilename: "a/x/q-y" }, { PolicyPaths: ["p"] })).toBe(false);
  });

  it("looks only at records of the rule's log source", () => {
    const at = (category: "file_event" | "process_creation" | null) =>
      detects("s:\n  A: 1\ncondition: s", { A: 1 }, {}, { category, service: "endpointsecurity" });
    expect([at("process_creation"), at("file_event"), at(null)]).toEqual([true, false, false]);
  });

  it("takes hostile values without throwing", () => {
    const huge = `${"a".repeat(1_000_000)}\0\ud800\u202e`;
    for (const detection of cases.map(([, detection]) => detection)) {
      const fields: Fields = { Image: huge, CommandLine: huge, A: huge, B: [huge, ""], N: huge, M: huge, T: [huge] };
      expect(typeof detects(detection, fields)).toBe("boolean");
    }
  });
});
