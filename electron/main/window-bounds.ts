import { z } from "zod";

const coordinate = z.number().int().min(-100_000).max(100_000);
const length = z.number().int().min(1).max(100_000);

/** Where the window was, in the screen's points; null: nowhere yet. */
export const WindowBounds = z.object({ x: coordinate, y: coordinate, width: length, height: length });
export type WindowBounds = z.infer<typeof WindowBounds>;

export const MINIMUM_SIZE = { width: 800, height: 600 } as const;
export const DEFAULT_SIZE = { width: 1100, height: 720 } as const;

/** How much of the title bar must be on a screen for the window to be reachable, in points. */
const REACHABLE = 48;

/**
 * Where to open the window: where it was, if that is still on a screen, else in the middle at its usual size.
 * @param workAreas the screens, without menu bar and Dock
 */
export function openingBounds(
  remembered: WindowBounds | null,
  workAreas: readonly WindowBounds[],
): Partial<WindowBounds> & Pick<WindowBounds, "width" | "height"> {
  if (remembered === null) return DEFAULT_SIZE;
  const size = {
    width: Math.max(remembered.width, MINIMUM_SIZE.width),
    height: Math.max(remembered.height, MINIMUM_SIZE.height),
  };
  const reachable = workAreas.some(
    (area) =>
      remembered.x + REACHABLE <= area.x + area.width &&
      remembered.x + remembered.width - REACHABLE >= area.x &&
      remembered.y >= area.y &&
      remembered.y + REACHABLE <= area.y + area.height,
  );
  return reachable ? { x: remembered.x, y: remembered.y, ...size } : size;
}
