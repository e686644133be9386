/** Of every blob's first word: xnu osfmk/kern/cs_blobs.h, CSMAGIC_*. */
export const MAGIC = {
  requirement: 0xfade0c00,
  requirements: 0xfade0c01,
  codeDirectory: 0xfade0c02,
  embeddedSignature: 0xfade0cc0,
  blobWrapper: 0xfade0b01,
  entitlements: 0xfade7171,
  derEntitlements: 0xfade7172,
  launchConstraint: 0xfade8181,
} as const;

/** What a blob or a special hash is about: xnu osfmk/kern/cs_blobs.h, CSSLOT_*, and Security's codedirectory.h, cd*Slot. */
export const SLOT = {
  codeDirectory: 0,
  infoPlist: 1,
  requirements: 2,
  codeResources: 3,
  application: 4,
  entitlements: 5,
  repSpecific: 6,
  derEntitlements: 7,
  firstConstraint: 8,
  lastConstraint: 11,
  firstAlternate: 0x1000,
  alternateLimit: 0x1005,
  cms: 0x10000,
  identification: 0x10001,
  ticket: 0x10002,
} as const;

/** Magic and length. */
export const BLOB_HEADER = 8;

/** Where CodeDirectories may be, in the order in which macOS looks. */
export const DIRECTORY_SLOTS: readonly number[] = [
  SLOT.codeDirectory,
  ...Array.from({ length: SLOT.alternateLimit - SLOT.firstAlternate }, (_, index) => SLOT.firstAlternate + index),
];

/** The first word of a blob; null when there is none. */
export function magicOf(blob: Buffer): number | null {
  return blob.length < BLOB_HEADER ? null : blob.readUInt32BE(0);
}

/** What a blob holds after its header. */
export function contentOf(blob: Buffer): Buffer {
  return blob.subarray(BLOB_HEADER);
}
