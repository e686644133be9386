import { expect, it } from "vitest";
import { fuzz } from "./fuzz.ts";

it("the parsers stand changed input for a moment; `node native/fuzz.ts` takes longer", () => {
  expect(fuzz({ seconds: 2, seed: 7, libFuzzer: false })).toContain("nothing found");
});
