/** How a value found in the code is compared: Security requirement.h, MatchOperation. */
export type Match =
  | { kind: "exists" | "absent" }
  | { kind: TextMatch; value: Buffer }
  /** Seconds since 2001-01-01 UTC. */
  | { kind: DateMatch; at: bigint }
  /** One that this version does not know. */
  | { kind: "not-understood"; code: number };

export type TextMatch =
  | "equal"
  | "contains"
  | "begins-with"
  | "ends-with"
  | "less"
  | "greater"
  | "less-or-equal"
  | "greater-or-equal";
export type DateMatch = "on" | "before" | "after" | "on-or-before" | "on-or-after";

/** A code requirement as a tree: Security requirement.h, ExprOp. Texts are bytes: whoever signs writes any. */
export type Requirement =
  | { op: "never" | "always" | "anchor-apple" | "anchor-apple-generic" | "anchor-trusted" | "notarized" | "legacy" }
  | { op: "identifier" | "named-anchor" | "named-code"; value: Buffer }
  | { op: "certificate-hash"; certificate: number; hash: Buffer }
  | { op: "cdhash"; hash: Buffer }
  | { op: "and" | "or"; left: Requirement; right: Requirement }
  | { op: "not"; of: Requirement }
  | { op: "info" | "entitlement"; key: Buffer; match: Match }
  | { op: "certificate-subject"; certificate: number; key: Buffer; match: Match }
  | {
      op: "certificate-extension" | "certificate-policy" | "certificate-date";
      certificate: number;
      oid: Buffer;
      match: Match;
    }
  | { op: "certificate-trusted"; certificate: number }
  | { op: "platform"; platform: number }
  /** One that this version does not know, and that says of itself that it counts as false. */
  | { op: "unknown-false"; code: number }
  /** One that this version does not know; the rest cannot be made out either. */
  | { op: "not-understood"; code: number };

/** Certificates are counted from the leaf; negative numbers count from the root, which is this one. */
export const ROOT_CERTIFICATE = -1;
export const LEAF_CERTIFICATE = 0;
