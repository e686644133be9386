/** What can be wrong with ASN.1 itself (ITU-T X.690). One sentence an id. */
export const DER_PROBLEMS = {
  "asn1-truncated": "A signed structure ends before something that it says it contains.",
  "asn1-bad-tag": "A signed structure has a tag that is not valid ASN.1.",
  "asn1-bad-length": "A signed structure has a length that is not valid ASN.1.",
  "asn1-too-deep": "A signed structure is nested deeper than any real one.",
  "asn1-too-many": "A signed structure has more parts than any real one.",
  "asn1-unexpected": "A signed structure has a part of another kind than its place calls for.",
  "asn1-bad-value": "A signed structure has a value that does not fit its type.",
} as const;
