import { u32be } from "./bytes.ts";
import { layoutOf, withSignatureRoom } from "./mach-o.ts";

/** xnu osfmk/kern/cs_blobs.h, CSMAGIC_* and CSSLOT_*. */
export const MAGIC = {
  requirement: 0xfade0c00,
  requirements: 0xfade0c01,
  directory: 0xfade0c02,
  embedded: 0xfade0cc0,
  entitlements: 0xfade7171,
  derEntitlements: 0xfade7172,
  constraints: 0xfade8181,
  cms: 0xfade0b01,
} as const;
export const SLOT = {
  directory: 0,
  infoPlist: 1,
  requirements: 2,
  codeResources: 3,
  entitlements: 5,
  derEntitlements: 7,
  constraints: 8,
  alternate: 0x1000,
  cms: 0x10000,
  ticket: 0x10002,
} as const;

export interface SlotBlob {
  slot: number;
  /** Whole, header included. */
  bytes: Buffer;
}

export function blob(magic: number, content: Buffer): Buffer {
  return Buffer.concat([u32be(magic, 8 + content.length), content]);
}

export function superBlob(blobs: readonly SlotBlob[]): Buffer {
  let at = 12 + 8 * blobs.length;
  const index = blobs.map(({ slot, bytes }) => {
    const entry = u32be(slot, at);
    at += bytes.length;
    return entry;
  });
  return Buffer.concat([u32be(MAGIC.embedded, at, blobs.length), ...index, ...blobs.map(({ bytes }) => bytes)]);
}

/** The blobs of a well-formed superblob, as views. */
export function readSuperBlob(region: Buffer): SlotBlob[] {
  return Array.from({ length: region.readUInt32BE(8) }, (_, i) => {
    const offset = region.readUInt32BE(16 + 8 * i);
    return {
      slot: region.readUInt32BE(12 + 8 * i),
      bytes: region.subarray(offset, offset + region.readUInt32BE(offset + 4)),
    };
  });
}

/** A thin image's signature region, as a view. */
export function signatureRegion(image: Buffer): Buffer {
  const { codeSignature } = layoutOf(image);
  if (!codeSignature) throw new Error("the image has no LC_CODE_SIGNATURE");
  return image.subarray(codeSignature.offset, codeSignature.offset + codeSignature.size);
}

/** Where the blob of a slot begins in the image. */
export function blobOffset(image: Buffer, slot: number): number {
  const region = signatureRegion(image);
  for (let i = 0; i < region.readUInt32BE(8); i++)
    if (region.readUInt32BE(12 + 8 * i) === slot)
      return (layoutOf(image).codeSignature?.offset ?? 0) + region.readUInt32BE(16 + 8 * i);
  throw new Error(`no slot ${slot}`);
}

/**
 * A copy whose signature is exactly `signature`. It keeps the room the image has, so that the header and with it the
 * first page stay as they were signed; only what does not fit makes the room (and so the header) larger.
 */
export function withSignature(image: Buffer, signature: Buffer): Buffer {
  const { codeSignature } = layoutOf(image);
  if (!codeSignature) throw new Error("the image has no LC_CODE_SIGNATURE");
  const { offset } = codeSignature;
  const size = Math.max(codeSignature.size, signature.length);
  const room = size === codeSignature.size ? image : withSignatureRoom(image, offset, size);
  return Buffer.concat([room.subarray(0, offset), signature, Buffer.alloc(size - signature.length)]);
}

/** A copy with other blobs in its signature. */
export function withBlobs(image: Buffer, edit: (blobs: SlotBlob[]) => SlotBlob[]): Buffer {
  return withSignature(image, superBlob(edit(readSuperBlob(signatureRegion(image)))));
}
