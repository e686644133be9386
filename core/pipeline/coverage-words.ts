import type { CoverageAction, CoverageState } from "#contract/coverage.ts";
import type { SourceName } from "#contract/source.ts";
import { assertNever } from "#core/base/assert-never.ts";

/** Reasons of ours, beside those of the helper (native/PROTOCOL.md). */
export const NO_PROOF = "no-proof";
export const HELPER_GONE = "helper-gone";

export const BLIND: Record<SourceName, string> = {
  es: "Launches with their signatures, removed quarantine marks, code that changed after launch and Gatekeeper overrides cannot be seen.",
  log: "What Gatekeeper, AMFI and XProtect decided, and commands run through sudo, cannot be seen.",
  fs: "Changes of quarantine marks cannot be seen where Endpoint Security is not available.",
  proc: "Processes cannot be seen where Endpoint Security is not available.",
  probe: "Whether SIP, Gatekeeper and the boot settings protect this Mac cannot be seen.",
};

export function isBlind(state: CoverageState): boolean {
  switch (state) {
    case "running":
    case "stopped":
    case "absent":
    case "starting":
      return state === "absent";
    case "silent":
    case "denied":
    case "failed":
    case "restarting":
      return true;
    default:
      return assertNever(state, "every coverage state is blind or not");
  }
}

/** In words; null when there is nothing to do. */
export function nextStep(source: SourceName, state: CoverageState, reason: string | null): string | null {
  switch (state) {
    case "denied":
      if (reason === "full-disk-access")
        return "Give Sealbar's helper Full Disk Access in System Settings, Privacy & Security, then restart it.";
      if (reason === "not-root") return "Turn on the full tier, so that the helper may run as root.";
      if (reason === "not-admin") return "Use an administrator account: macOS lets only administrators follow its log.";
      return "See the reason shown here; macOS refused this source.";
    case "failed":
    case "silent":
      if (reason === HELPER_GONE) return "See the reason shown here: Sealbar's helper cannot be used as it is.";
      if (source === "fs") return "See the reason shown here; it is tried again by itself, or at once when you ask.";
      if (reason === "missing")
        return "This macOS does not have the program that this source reads. Look for a newer Sealbar.";
      return "Try again; if that does not help, look at the detail above, and open Sealbar anew.";
    case "restarting":
    case "starting":
      return "Nothing to do: it is being started.";
    case "running":
    case "stopped":
    case "absent":
      return null;
    default:
      return assertNever(state, "every coverage state has a next step or none");
  }
}

/** The next step as something the app can do for the user; null when only words help. */
export function actionFor(source: SourceName, state: CoverageState, reason: string | null): CoverageAction | null {
  switch (state) {
    case "denied":
      if (reason === "full-disk-access") return "open-full-disk-access-settings";
      return reason === "not-root" ? "enable-full-tier" : null;
    case "failed":
      if (reason === "missing" && source !== "fs") return "update-sealbar";
      return reason === HELPER_GONE ? null : "retry";
    case "silent":
      return "retry";
    case "absent":
    case "running":
    case "stopped":
    case "starting":
    case "restarting":
      return null;
    default:
      return assertNever(state, "every coverage state has an action or none");
  }
}
