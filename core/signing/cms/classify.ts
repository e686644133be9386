import type { Problem } from "#contract/inspection.ts";
import type { TrustClass } from "#contract/trust.ts";
import { assertNever } from "#core/base/assert-never.ts";
import type { ParsedCertificate } from "./certificate.ts";
import type { Chain } from "./chain.ts";
import { MARKER } from "./oids.ts";
import { cmsNote } from "./problems.ts";

/** By which Apple's own code is signed; its leaves carry a marker since about 2011, older ones carry none. */
const PLATFORM_AUTHORITY = "Apple Code Signing Certification Authority";
const APPLE = "Apple Inc.";

/** Apps for other systems run on a Mac as well, signed by their own store. */
const STORES: readonly string[] = [MARKER.macAppStore, MARKER.iosAppStore, MARKER.tvosAppStore];

/** Developers' certificates: their OU is the team. App Store and Apple's own leaves have none or another one. */
const DEVELOPER_CLASSES: ReadonlySet<TrustClass> = new Set(["developer-id", "development", "app-store-submission"]);

/** What the chain proves by itself. Markers and names count only under Apple's root. */
export function classOfChain(chain: Chain): { class: TrustClass; notes: Problem[] } {
  switch (chain.end) {
    case "anchored":
      return classUnderApple(chain.certificates);
    case "self-signed":
      return { class: "self-signed", notes: [] };
    case "foreign-root":
    case "incomplete":
    case "bad-signature":
      return { class: "untrusted", notes: [] };
    default:
      return assertNever(chain.end, "every end of a chain has a class");
  }
}

function classUnderApple([leaf, issuer]: readonly ParsedCertificate[]): { class: TrustClass; notes: Problem[] } {
  const marked = (marker: string): boolean => leaf?.extensions.has(marker) === true;
  const byPlatformAuthority = issuer?.commonName === PLATFORM_AUTHORITY && issuer.organization === APPLE;
  if (byPlatformAuthority) return { class: marked(MARKER.platform) ? "platform" : "platform-legacy", notes: [] };
  if (marked(MARKER.developerId) && issuer?.extensions.has(MARKER.developerIdAuthority) === true)
    return { class: "developer-id", notes: [] };
  if (STORES.some(marked)) return { class: "app-store", notes: [] };
  if (marked(MARKER.testFlight)) return { class: "testflight", notes: [] };
  if (marked(MARKER.macAppStoreSubmission)) return { class: "app-store-submission", notes: [] };
  if (marked(MARKER.macDevelopment) || marked(MARKER.iosDevelopment)) return { class: "development", notes: [] };
  if (marked(MARKER.iosDistribution)) return { class: "app-store-submission", notes: [cmsNote("ios-distribution")] };
  return { class: "untrusted", notes: [cmsNote("chain-purpose-unknown")] };
}

export function isDeveloperClass(trust: TrustClass): boolean {
  return DEVELOPER_CLASSES.has(trust);
}
