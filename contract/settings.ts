import { z } from "zod";

/** What a user can change in the app today. MITRE's mutable elements live in core/settings. */
export const AppSettings = z.object({
  launchAtLogin: z.boolean(),
  theme: z.enum(["system", "light", "dark"]),
  /** Whether the first-run panel was read and put away. */
  onboardingDone: z.boolean(),
});
export type AppSettings = z.infer<typeof AppSettings>;
export const DEFAULT_APP_SETTINGS: AppSettings = { launchAtLogin: false, theme: "system", onboardingDone: false };
