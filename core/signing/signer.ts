import type { Problem, TimestampFacts } from "#contract/inspection.ts";
import type { TrustClass } from "#contract/trust.ts";
import type { Micros } from "#core/base/clock.ts";

export interface Certificate {
  der: Buffer;
  /** Lower-case hex of the whole certificate. */
  sha1: string;
  sha256: string;
  commonName: string | null;
  organization: string | null;
  organizationalUnit: string | null;
  /** Every attribute of the subject by dotted OID, in order. */
  subject: ReadonlyMap<string, readonly string[]>;
  /** Common name of the issuer, else its whole name. */
  issuer: string;
  serial: string;
  notBefore: Micros;
  notAfter: Micros;
  /** Dotted OIDs of all extensions, each with its value's bytes (the OCTET STRING's content). */
  extensions: ReadonlyMap<string, Buffer>;
  extendedKeyUsage: readonly string[];
}

/** What the CMS signature over the CodeDirectory proves. */
export interface Signer {
  cms: "ok" | "bad" | "absent";
  /** What the chain proves when nothing else is wrong; null when there is no usable CMS signature. */
  class: TrustClass | null;
  /** Leaf first, root last; the certificates as embedded, also when they prove nothing. */
  chain: Certificate[];
  /** The chain ends in Apple's pinned root and every signature in it is good. */
  appleAnchored: boolean;
  /** The leaf's OU, believed only for developer leaves under Apple's root. */
  teamId: string | null;
  timestamp: TimestampFacts | null;
  /** The signed attribute: display only. */
  signingTime: Micros | null;
  problems: Problem[];
  notes: Problem[];
}
