import type { Problem } from "#contract/inspection.ts";

/** xnu osfmk/kern/cs_blobs.h, CS_HASHTYPE_*. */
export type HashKind = "sha1" | "sha256" | "sha256-truncated" | "sha384";

/** A CodeDirectory: the list of hashes that is signed. All views are into `bytes`. */
export interface CodeDirectory {
  /** 0, or 0x1000 and up for an alternate. */
  slot: number;
  /** The whole blob, header included. */
  bytes: Buffer;
  version: number;
  /** CS_* of cs_blobs.h as signed. */
  flags: number;
  hash: HashKind;
  /** Bytes of one hash. */
  hashSize: number;
  identifier: string;
  /** Null before version 0x20200, and when there is none. */
  teamId: string | null;
  /** The platform byte: a claim, not a proof. */
  platform: number;
  /** Bytes of a page; null: one hash over everything. */
  pageSize: number | null;
  /** Bytes from the slice's start that the page hashes cover. */
  codeLimit: number;
  codeHashCount: number;
  /** One a page, in order, `hashSize` bytes each; one table, since a large program has tens of thousands. */
  codeHashes: Buffer;
  /** By special slot number (1 Info.plist, 2 requirements, 3 CodeResources, 5 entitlements, 7 DER entitlements, …); absent: past nSpecialSlots. All zeros means "nothing there". */
  specialHashes: ReadonlyMap<number, Buffer>;
  /** From version 0x20400; null before. */
  execSegment: { base: number; limit: number; flags: number } | null;
  /** The SDK's version word from version 0x20500 with the runtime flag; null otherwise. */
  runtimeVersion: number | null;
  /** Of the whole blob with its own hash kind, not truncated. */
  fullHash: Buffer;
  /** `fullHash` cut to 20 bytes; lower-case hex. */
  cdhash: string;
}

/** An embedded (or detached) signature, taken apart but not yet believed. */
export interface CodeSignature {
  /** Slot 0 first, alternates after it by slot. At least one. */
  directories: CodeDirectory[];
  /** The one macOS goes by: SHA-384, then SHA-256, truncated SHA-256, SHA-1. */
  best: CodeDirectory;
  /** Whole blobs, header included; null when absent. */
  requirements: Buffer | null;
  entitlements: Buffer | null;
  derEntitlements: Buffer | null;
  /** What the CMS wrapper holds: null without a wrapper, empty for the 8-byte wrapper that ad hoc signing leaves. */
  cms: Buffer | null;
  /** Slot 0x10002, whole blob. */
  ticket: Buffer | null;
  /** Every other slot's whole blob, by slot number (launch constraints and what is newer). */
  otherSlots: ReadonlyMap<number, Buffer>;
  problems: Problem[];
  notes: Problem[];
}
