import { type PlistDict, Real } from "./plist.ts";

/**
 * The rules that codesign writes (Security's bundlediskrep, as found in CodeResources files). Kept as data beside
 * predicates that say the same for the paths that tests use, so that the writer does not share a regex with the reader.
 */
export const RULES_V1: PlistDict = {
  "^Resources/": true,
  "^Resources/.*\\.lproj/": { optional: true, weight: new Real(1000) },
  "^Resources/.*\\.lproj/locversion.plist$": { omit: true, weight: new Real(1100) },
  "^Resources/Base\\.lproj/": { weight: new Real(1010) },
  "^version.plist$": true,
};

export const RULES_V2: PlistDict = {
  ".*\\.dSYM($|/)": { weight: new Real(11) },
  "^(.*/)?\\.DS_Store$": { omit: true, weight: new Real(2000) },
  "^(Frameworks|SharedFrameworks|PlugIns|Plug-ins|XPCServices|Helpers|MacOS|Library/(Automator|Spotlight|LoginItems))/":
    {
      nested: true,
      weight: new Real(10),
    },
  "^.*": true,
  "^Info\\.plist$": { omit: true, weight: new Real(20) },
  "^PkgInfo$": { omit: true, weight: new Real(20) },
  "^Resources/": { weight: new Real(20) },
  "^Resources/.*\\.lproj/": { optional: true, weight: new Real(1000) },
  "^Resources/.*\\.lproj/locversion.plist$": { omit: true, weight: new Real(1100) },
  "^Resources/Base\\.lproj/": { weight: new Real(1010) },
  "^[^/]+$": { nested: true, weight: new Real(10) },
  "^embedded\\.provisionprofile$": { weight: new Real(20) },
  "^version\\.plist$": { weight: new Real(20) },
};

/** What an attacker who signs again would write: nothing is sealed. */
export const OMIT_EVERYTHING: PlistDict = { "^.*": { omit: true, weight: new Real(5000) } };

export function isSealedByV1(path: string): boolean {
  return path.startsWith("Resources/") || path === "version.plist";
}

export function isSealedByV2(path: string): boolean {
  return path !== "Info.plist" && path !== "PkgInfo" && !path.endsWith(".DS_Store");
}

export function isOptional(path: string): boolean {
  return path.startsWith("Resources/") && path.includes(".lproj/") && !path.startsWith("Resources/Base.lproj/");
}
