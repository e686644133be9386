import type { Rectangle } from "electron";

export const POPOVER_WIDTH = 340;
/** Between the menu bar and the popover, and to the edge of the screen; px. */
const GAP = 4;

/** Centred below the status item, inside the display's work area; above it where the bar is at the bottom. */
export function popoverBounds(below: Rectangle, height: number, workArea: Rectangle): Rectangle {
  const right = workArea.x + workArea.width - POPOVER_WIDTH - GAP;
  const centred = Math.round(below.x + below.width / 2 - POPOVER_WIDTH / 2);
  const x = Math.max(workArea.x + GAP, Math.min(centred, right));
  const tallest = Math.max(1, Math.min(height, workArea.height - 2 * GAP));
  const under = below.y + below.height + GAP;
  const fits = under + tallest <= workArea.y + workArea.height;
  const y = fits ? Math.max(under, workArea.y) : Math.max(workArea.y + GAP, below.y - tallest - GAP);
  return { x, y, width: POPOVER_WIDTH, height: tallest };
}
