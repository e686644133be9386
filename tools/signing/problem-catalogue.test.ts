import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CATALOGUE } from "./problem-catalogue.ts";
import { PAGE, withCatalogue } from "./write-catalogue.ts";

const ids = CATALOGUE.flatMap(({ problems = {}, notes = {} }) => [...Object.keys(problems), ...Object.keys(notes)]);

describe("what an inspection can say", () => {
  it("is in docs/signing.md, all of it and nothing else", () => {
    const page = readFileSync(PAGE, "utf8");
    expect(withCatalogue(page) === page ? "as the code has it" : "run node tools/signing/write-catalogue.ts").toBe(
      "as the code has it",
    );
  });

  it("has ids for machines, each with one meaning", () => {
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("is said in whole sentences without shouting", () => {
    const page = readFileSync(PAGE, "utf8");
    const sentences = [...page.matchAll(/^\| `[^`]+` \| (?:problem|note) \| (.*) \|$/gm)].map(
      (match) => match[1] ?? "",
    );
    expect(sentences.length).toBe(ids.length);
    expect(sentences.filter((sentence) => !/[.]$/.test(sentence) || sentence.includes("!"))).toEqual([]);
  });
});
