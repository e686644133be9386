import { describe, expect, it } from "vitest";
import { isNamedAsCapture } from "./handed-file.ts";

describe("isNamedAsCapture", () => {
  it.each([
    ["/Users/ana/laptop.sealcap.jsonl", true],
    ["/Users/ana/laptop.sealcap.jsonl.GZ", true],
    ["/Users/ana/es.ndjson", true],
    ["/Applications/Paperboat.app", false],
    ["/usr/local/libexec/relay", false],
    ["/Users/ana/jsonl", false],
    ["/Users/ana/.json", false],
    ["", false],
  ])("%s: %s", (file, is) => {
    expect(isNamedAsCapture(file)).toBe(is);
  });
});
