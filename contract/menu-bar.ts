import { z } from "zod";
import { Severity } from "./severity.ts";

/** Pictures of the status item, one each in assets/icons/tray. */
export const TRAY_ICONS = ["calm", "attention", "alert", "degraded"] as const;
export type TrayIcon = (typeof TRAY_ICONS)[number];

export const MENU_BAR_FINDINGS_MAX = 3;

/** What the menu bar's popover shows; the sentence is the status item's own. */
export const MenuBarState = z.object({
  icon: z.enum(TRAY_ICONS),
  sentence: z.string(),
  /** Of this Mac, or of the recording that is shown; null: nothing was read yet. */
  protection: z.object({ state: z.enum(["strong", "weakened", "unknown"]), words: z.string() }).nullable(),
  /** What is seen; `good` only when every source proves itself. */
  coverage: z.object({ good: z.boolean(), words: z.string() }).nullable(),
  /** The newest open ones. */
  findings: z
    .array(z.object({ id: z.number().int(), title: z.string(), severity: Severity, lastSeen: z.string() }))
    .max(MENU_BAR_FINDINGS_MAX),
  /** Open ones that `findings` leaves out. */
  moreFindings: z.number().int(),
  /** The name of the recording that all this is about; null: this Mac. */
  recording: z.string().nullable(),
});
export type MenuBarState = z.infer<typeof MenuBarState>;
