import { expect, it } from "vitest";
import { BEHAVIOURS, checkBehaviour, checkNoise } from "./check.ts";

it("knows the whole catalogue", () => {
  expect(BEHAVIOURS).toHaveLength(42);
  expect([BEHAVIOURS[0], BEHAVIOURS[23], BEHAVIOURS[24], BEHAVIOURS[41]]).toEqual(["G1", "G24", "S1", "S18"]);
});

it("a capture that is not there is a miss", () => {
  expect(checkBehaviour("G99")).toMatchObject({ firesProblem: "no capture", quietProblem: "no capture" });
  expect(checkNoise("noise-none").problem).toBe("no capture");
});

it("a capture that tells too much is a miss", () => {
  expect(checkNoise("g7-fires").problem).toMatch(/^too much is told: Opened against Gatekeeper/);
});
