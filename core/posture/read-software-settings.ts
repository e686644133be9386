import { type Reading, unknownReading } from "./reading.ts";

/**
 * Reads `defaults read /Library/Preferences/com.apple.security.libraryvalidation DisableLibraryValidation`. Unset is the
 * normal state, of which `defaults` says "does not exist" (long known; not recorded here).
 */
export function readLibraryValidation(out: string, err: string): Reading[] {
  const value = out.trim().toLowerCase();
  const missing = /\bdoes not exist\b/.test(err) || /\bdoes not exist\b/.test(out);
  if (value === "1" || value === "true" || value === "yes") {
    if (missing) {
      const detail = "defaults says both that library validation is off and that nothing is set";
      return [{ setting: "library-validation", strength: "exact", value: "conflicting", weak: [], detail }];
    }
    return [
      {
        setting: "library-validation",
        strength: "exact",
        value: "off",
        weak: ["DisableLibraryValidation"],
        detail: "DisableLibraryValidation is set for the whole Mac",
      },
    ];
  }
  if (value === "0" || value === "false" || value === "no" || missing) {
    const detail = "Library validation has not been switched off for the whole Mac";
    return [{ setting: "library-validation", strength: "exact", value: "on", weak: [], detail }];
  }
  return [unknownReading("library-validation", "exact", "defaults' words were not recognised")];
}

const DEVELOPER_MODE = /\bDeveloper mode is currently (enabled|disabled)\b/gi;

/** Reads `DevToolsSecurity -status`. Its text is UNVERIFIED: public scripts compare with it, no recording of ours has it. */
export function readDevTools(text: string): Reading[] {
  const words = new Set(Array.from(text.matchAll(DEVELOPER_MODE), (match) => (match[1] ?? "").toLowerCase()));
  if (words.size > 1) {
    const detail = "DevToolsSecurity says both enabled and disabled";
    return [{ setting: "developer-mode", strength: "exact", value: "conflicting", weak: [], detail }];
  }
  if (words.has("enabled")) {
    return [
      {
        setting: "developer-mode",
        strength: "exact",
        value: "off",
        weak: ["Developer mode"],
        detail: "Developer mode is on: debuggers of this Mac's developers need no password",
      },
    ];
  }
  if (words.has("disabled")) {
    return [
      { setting: "developer-mode", strength: "exact", value: "on", weak: [], detail: "Developer mode is not on" },
    ];
  }
  return [unknownReading("developer-mode", "exact", "DevToolsSecurity's words were not recognised")];
}
