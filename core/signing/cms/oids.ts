/** Object identifiers of X.509 (RFC 5280), CMS (RFC 5652), timestamps (RFC 3161) and Apple's arc 1.2.840.113635.100. */
export const OID = {
  commonName: "2.5.4.3",
  country: "2.5.4.6",
  organization: "2.5.4.10",
  organizationalUnit: "2.5.4.11",

  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  basicConstraints: "2.5.29.19",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  anyExtendedKeyUsage: "2.5.29.37.0",
  forCodeSigning: "1.3.6.1.5.5.7.3.3",
  forTimestamping: "1.3.6.1.5.5.7.3.8",

  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  timestampInfo: "1.2.840.113549.1.9.16.1.4",

  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  timestampToken: "1.2.840.113549.1.9.16.2.14",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  /** Property list with the cdhashes of every CodeDirectory, cut to 20 bytes. */
  appleCdhashes: "1.2.840.113635.100.9.1",
  /** Every CodeDirectory's whole hash with its algorithm. */
  appleCdhashDigests: "1.2.840.113635.100.9.2",

  sha1: "1.3.14.3.2.26",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
  rsa: "1.2.840.113549.1.1.1",
  sha1WithRsa: "1.2.840.113549.1.1.5",
  sha256WithRsa: "1.2.840.113549.1.1.11",
  sha384WithRsa: "1.2.840.113549.1.1.12",
  sha512WithRsa: "1.2.840.113549.1.1.13",
  ec: "1.2.840.10045.2.1",
  ecdsaWithSha1: "1.2.840.10045.4.1",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  ecdsaWithSha384: "1.2.840.10045.4.3.3",
  ecdsaWithSha512: "1.2.840.10045.4.3.4",
  p256: "1.2.840.10045.3.1.7",
  p384: "1.3.132.0.34",
  p521: "1.3.132.0.35",
} as const;

/**
 * Extensions by which Apple marks what a certificate is for (signing.md section 2; the stores of other systems and
 * TestFlight: Security, LWCRHelper.mm, by which macOS tells its own validation categories apart).
 */
export const MARKER = {
  iosDevelopment: "1.2.840.113635.100.6.1.2",
  iosAppStore: "1.2.840.113635.100.6.1.3",
  iosDistribution: "1.2.840.113635.100.6.1.4",
  macAppStoreSubmission: "1.2.840.113635.100.6.1.7",
  macAppStore: "1.2.840.113635.100.6.1.9",
  macDevelopment: "1.2.840.113635.100.6.1.12",
  tvosAppStore: "1.2.840.113635.100.6.1.24",
  testFlight: "1.2.840.113635.100.6.1.25.1",
  developerId: "1.2.840.113635.100.6.1.13",
  developerIdAuthority: "1.2.840.113635.100.6.2.6",
  platform: "1.2.840.113635.100.6.22",
} as const;

/** All of Apple's certificate extensions are under it. */
export const APPLE_EXTENSIONS = "1.2.840.113635.100.";
