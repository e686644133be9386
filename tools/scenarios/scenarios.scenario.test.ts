import { describe, expect, it } from "vitest";
import { BEHAVIOURS, checkBehaviour, checkNoise, NOISE } from "./check.ts";

describe("each behaviour of the catalogue", () => {
  it.each(BEHAVIOURS)("%s fires on its story and stays quiet on the nearest harmless one", (id) => {
    expect(checkBehaviour(id)).toMatchObject({ firesProblem: null, quietProblem: null });
  });
});

describe("harmless days", () => {
  it.each(Object.keys(NOISE))("%s is within bounds", (name) => {
    expect(checkNoise(name).problem).toBeNull();
  });
});
