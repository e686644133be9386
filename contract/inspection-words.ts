import type { Check } from "./inspection.ts";

/** What each check is called, in the order they are shown; used by the window and the terminal alike. */
export const CHECK_WORDS: Readonly<Record<Check, string>> = {
  container: "File structure",
  "code-directory": "List of hashes (CodeDirectory)",
  "special-slots": "Info.plist and other parts that the signature covers",
  requirement: "Designated requirement",
  entitlements: "Entitlements",
  cms: "Signature over the list of hashes",
  chain: "Certificates up to Apple's root",
  timestamp: "Time of signing, from Apple's timestamp server",
  ticket: "Stapled notarization ticket",
  "page-hashes": "Every page of the code",
  resources: "Files of the bundle",
  "nested-code": "Code inside the bundle",
  revocation: "Revocation",
  notarization: "Notarization in Apple's records",
  "trust-cache": "Trust cache (macOS' own list of system code)",
};
