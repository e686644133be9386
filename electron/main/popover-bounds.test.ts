import { describe, expect, it } from "vitest";
import { popoverBounds } from "./popover-bounds.ts";

const screen = { x: 0, y: 25, width: 1440, height: 875 };
const icon = (x: number, y = 0) => ({ x, y, width: 24, height: 24 });

describe("popoverBounds", () => {
  it("is centred below the status item", () => {
    expect(popoverBounds(icon(700), 300, screen)).toEqual({ x: 542, y: 28, width: 340, height: 300 });
  });

  it("stays on the screen at both edges", () => {
    expect(popoverBounds(icon(1416), 300, screen).x).toBe(1096);
    expect(popoverBounds(icon(0), 300, screen).x).toBe(4);
  });

  it("is no taller than the screen", () => {
    expect(popoverBounds(icon(700), 5_000, screen).height).toBe(867);
  });

  it("opens above where the bar is at the bottom", () => {
    expect(popoverBounds(icon(700, 876), 300, { ...screen, y: 0 })).toMatchObject({ y: 572, height: 300 });
  });
});
