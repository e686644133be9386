import { describe, expect, it } from "vitest";
import { DEFAULT_SIZE, openingBounds, WindowBounds } from "./window-bounds.ts";

const SCREENS = [
  { x: 0, y: 25, width: 1440, height: 875 },
  { x: 1440, y: 0, width: 1920, height: 1080 },
];

describe("openingBounds", () => {
  it("opens at the usual size where macOS likes, the first time", () => {
    expect(openingBounds(null, SCREENS)).toEqual(DEFAULT_SIZE);
  });

  it.each([
    [{ x: 100, y: 80, width: 1000, height: 700 }],
    [{ x: 2000, y: 10, width: 1000, height: 700 }],
    [{ x: -900, y: 30, width: 1000, height: 700 }],
  ])("opens where it was: %j", (bounds) => {
    expect(openingBounds(bounds, SCREENS)).toEqual(bounds);
  });

  it.each([
    ["left of every screen", { x: -990, y: 30, width: 1000, height: 700 }],
    ["on a screen that is gone", { x: 5_000, y: 30, width: 1000, height: 700 }],
    ["above the menu bar", { x: 100, y: -10, width: 1000, height: 700 }],
    ["below every screen", { x: 100, y: 1_070, width: 1000, height: 700 }],
  ])("keeps only the size when the title bar would be %s", (_where, bounds) => {
    expect(openingBounds(bounds, SCREENS)).toEqual({ width: 1000, height: 700 });
  });

  it("never opens smaller than the layout allows", () => {
    expect(openingBounds({ x: 10, y: 30, width: 10, height: 10 }, SCREENS)).toMatchObject({ width: 800, height: 600 });
  });
});

describe("WindowBounds", () => {
  it.each([{ x: 0.5, y: 0, width: 1, height: 1 }, { x: 0, y: 0, width: 0, height: 1 }, { x: 0 }, "x"])(
    "refuses %j",
    (value) => {
      expect(WindowBounds.safeParse(value).success).toBe(false);
    },
  );
});
