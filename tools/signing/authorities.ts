import type { Micros } from "#core/base/clock.ts";
import { certificate, type Identity, type KeyKind, TIME_STAMPING, time } from "./certificate.ts";

/** A signer with the certificates above it, nearest first. */
export interface Chain {
  signer: Identity;
  above: Identity[];
}

export interface LeafOptions {
  /** Becomes the leaf's OU. */
  teamId?: string;
  kind?: KeyKind;
  notBefore?: Micros;
  notAfter?: Micros;
}

const NO_VALUE = Buffer.alloc(0);

/** Apple's marker extensions (design/signing.md section 2), on the leaf and on the certificate above it. */
const APPLE_MARKERS = {
  "developer-id": {
    leaf: "1.2.840.113635.100.6.1.13",
    above: "1.2.840.113635.100.6.2.6",
    leafName: "Developer ID Application: Ana Example",
    aboveName: "Developer ID Certification Authority",
  },
  "app-store": {
    leaf: "1.2.840.113635.100.6.1.9",
    above: "1.2.840.113635.100.6.2.1",
    leafName: "Apple Mac OS Application Signing",
    aboveName: "Apple Worldwide Developer Relations Certification Authority",
  },
  platform: {
    leaf: "1.2.840.113635.100.6.22",
    above: null,
    leafName: "Software Signing",
    aboveName: "Apple Code Signing Certification Authority",
  },
} as const;
export type FakeKind = keyof typeof APPLE_MARKERS;

/** What anyone can make with a key chain assistant: one certificate that signs itself, with any team as its OU. */
export function selfSigned({ teamId, kind, ...validity }: LeafOptions = {}): Chain {
  const signer = certificate({
    keyName: "self-signed",
    subject: { commonName: "Local Signing Ana", ...(teamId === undefined ? {} : { organizationalUnit: teamId }) },
    ...(kind ? { kind } : {}),
    ...validity,
  });
  return { signer, above: [] };
}

/** Apple's names and marker extensions under a root of our own: looks right in every way but the root's key. */
export function fakeApple(fake: FakeKind, { teamId, kind, ...validity }: LeafOptions = {}): Chain {
  const markers = APPLE_MARKERS[fake];
  const root = fakeRoot();
  const above = certificate({
    keyName: `${fake} authority`,
    subject: { commonName: markers.aboveName, organizationalUnit: AUTHORITY, organization: APPLE },
    issuer: root,
    isAuthority: true,
    ...(markers.above ? { extensions: { [markers.above]: NO_VALUE } } : {}),
  });
  const signer = certificate({
    keyName: `${fake} leaf`,
    subject: {
      commonName: teamId ? `${markers.leafName} (${teamId})` : markers.leafName,
      organization: "Ana Example",
      ...(teamId === undefined ? {} : { organizationalUnit: teamId }),
    },
    issuer: above,
    extensions: { [markers.leaf]: NO_VALUE },
    ...(kind ? { kind } : {}),
    ...validity,
  });
  return { signer, above: [above, root] };
}

const APPLE = "Apple Inc.";
const AUTHORITY = "Apple Certification Authority";

function fakeRoot(): Identity {
  return certificate({
    keyName: "fake root",
    subject: { commonName: "Apple Root CA", organizationalUnit: AUTHORITY, organization: APPLE },
    isAuthority: true,
    notBefore: time("2006-04-25T21:40:36Z"),
  });
}

/** A timestamp authority that only calls itself Apple's. */
export function timestampAuthority(usage: readonly string[] = [TIME_STAMPING]): Chain {
  const root = fakeRoot();
  const above = certificate({
    keyName: "timestamp authority",
    subject: {
      commonName: "Apple Timestamp Certification Authority",
      organizationalUnit: AUTHORITY,
      organization: APPLE,
    },
    issuer: root,
    isAuthority: true,
  });
  const signer = certificate({
    keyName: "timestamp signer",
    kind: "rsa",
    subject: { commonName: "Timestamp Signer TEST1", organization: APPLE },
    issuer: above,
    extendedKeyUsage: usage,
  });
  return { signer, above: [above, root] };
}
