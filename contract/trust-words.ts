import type { TrustClass } from "./trust.ts";

/** Each trust class in words that fit after "Signature:" and into a sentence. */
export const TRUST_WORDS: Readonly<Record<TrustClass, string>> = {
  platform: "Apple, part of macOS",
  "platform-legacy": "Apple, older signature",
  "app-store": "Mac App Store",
  "app-store-submission": "signed for submission to the App Store",
  testflight: "TestFlight",
  "developer-id": "Developer ID",
  development: "Apple Development (not for distribution)",
  enterprise: "enterprise distribution",
  "local-signing": "signed on this Mac",
  "linker-signed": "ad hoc, made by the linker (a local build)",
  "ad-hoc": "ad hoc (no developer identity)",
  "self-signed": "signed by a certificate that is not shown to be Apple's",
  untrusted: "signed, but not by anyone Apple vouches for",
  unsigned: "not signed",
  invalid: "signature not valid",
  revoked: "certificate revoked",
  "not-code": "not code",
  unknown: "could not be checked",
};

/**
 * How far a class can be relied on. `unchecked` is neither: nothing is known, or there is nothing to sign.
 * Development and submission certificates lead to Apple, but whoever has an Apple ID can get the former, and neither is
 * meant for code that others run: Gatekeeper refuses both.
 */
export type Standing = "trusted" | "not-trusted" | "unchecked";

export const STANDING: Readonly<Record<TrustClass, Standing>> = {
  platform: "trusted",
  "platform-legacy": "trusted",
  "app-store": "trusted",
  "app-store-submission": "not-trusted",
  testflight: "trusted",
  "developer-id": "trusted",
  development: "not-trusted",
  enterprise: "trusted",
  "local-signing": "not-trusted",
  "linker-signed": "not-trusted",
  "ad-hoc": "not-trusted",
  "self-signed": "not-trusted",
  untrusted: "not-trusted",
  unsigned: "not-trusted",
  invalid: "not-trusted",
  revoked: "not-trusted",
  "not-code": "unchecked",
  unknown: "unchecked",
};
