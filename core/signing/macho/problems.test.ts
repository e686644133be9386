import { describe, expect, it } from "vitest";
import { MACHO_NOTES, MACHO_PROBLEMS, MACHO_SENTENCES } from "./problems.ts";

describe("the sentences of this folder", () => {
  const plain = [...Object.entries(MACHO_PROBLEMS), ...Object.entries(MACHO_NOTES)];
  const made: [string, string][] = [
    ["architecture-mismatch", MACHO_SENTENCES["architecture-mismatch"]("i386", "arm64")],
    ["page-hash-mismatch", MACHO_SENTENCES["page-hash-mismatch"](1, 3, 2, "sha1")],
  ];
  it.each([...plain, ...made])("%s is a kebab-case id with one plain sentence", (id, sentence) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(sentence).toMatch(/^[A-Z1-9][^!]*\.$/);
    expect(sentence.length).toBeLessThan(200);
  });
});
