import { describe, expect, it } from "vitest";
import { parseCommandLine } from "./command-line.ts";

describe("parseCommandLine", () => {
  it.each([
    [[], { recording: null, demo: false }],
    [["electron", ".", "--demo"], { recording: null, demo: true }],
    [["--recording=/tmp/a b.sealcap.jsonl"], { recording: "/tmp/a b.sealcap.jsonl", demo: false }],
    [["--recording=captures/x.jsonl"], { recording: "/Users/ana/captures/x.jsonl", demo: false }],
    [["--recording=/first", "--recording=/second"], { recording: "/second", demo: false }],
    [["--recording=", "--recordings=/x", "--user-data-dir=/y"], { recording: null, demo: false }],
  ])("%j", (argv, expected) => {
    expect(parseCommandLine(argv, "/Users/ana")).toEqual(expected);
  });
});
