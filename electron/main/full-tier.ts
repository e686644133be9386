import type { FullTierOutcome } from "#contract/ipc.ts";
import { LOGIN_ITEMS_SETTINGS } from "./system-settings.ts";

/** Below Contents/Library/LaunchDaemons of the packed app, where SMAppService looks for it. */
export const DAEMON_PLIST = "app.sealbar.helper.plist";

export interface FullTierDeps {
  packaged: boolean;
  /** Asks macOS (SMAppService, through Electron) to run the daemon. */
  register(): void;
  /** What macOS says of it then: Electron's `LoginItemSettings.status`. */
  status(): string;
  openSystemSettings(address: string): Promise<void>;
}

/**
 * Turns the full tier on, as far as an app can: macOS may want the user's word first, and System Settings is opened for it.
 * UNVERIFIED on a Mac (docs/release-checklist.md).
 */
export async function enableFullTier(deps: FullTierDeps): Promise<FullTierOutcome> {
  if (!deps.packaged) return "from-source";
  try {
    deps.register();
  } catch {
    return "failed";
  }
  const status = deps.status();
  if (status === "enabled") return "enabled";
  if (status !== "requires-approval") return "failed";
  // The answer holds also where the pane cannot be opened: the words say where it is.
  await deps.openSystemSettings(LOGIN_ITEMS_SETTINGS).catch(() => undefined);
  return "needs-approval";
}
