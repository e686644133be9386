/**
 * What Apple's `codesign` said about a file. Its display is a list of what the signature claims and verifies nothing;
 * only `verdict` and `error` come from a verification.
 */
export interface CodesignFacts {
  /**
   * `altered`: the code's own signature is not what failed, but what it seals is (resources, Info.plist, nested code).
   * null: it said nothing about validity that we know.
   */
  verdict: "valid" | "unsigned" | "invalid" | "altered" | "revoked" | null;
  /** The error in Apple's words; null without one. */
  error: string | null;
  identifier: string | null;
  /** Empty text: it says that there is none. */
  teamId: string | null;
  cdhash: string | null;
  adHoc: boolean | null;
  linkerSigned: boolean | null;
  /** Names on the certificates, leaf first; anyone can write any name on a certificate. */
  authorities: string[];
  /** As printed, in the language and time zone of the Mac. */
  timestamp: string | null;
  ticketStapled: boolean;
}
