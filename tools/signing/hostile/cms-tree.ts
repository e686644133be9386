import { blob, MAGIC, SLOT, type SlotBlob, withBlobs } from "../blobs.ts";
import { readTree, type Tree, writeTree } from "../der.ts";

/** The parts of a CMS SignedData that mutators change (RFC 5652). */
export interface CmsTree {
  whole: Tree;
  certificates: Tree;
  signerInfos: Tree;
  signerInfo: Tree;
  /** The signature's value. */
  signature: Tree;
  /** `[1]`; null without. */
  unsigned: Tree | null;
}

export function cmsTree(cms: Buffer): CmsTree {
  const whole = readTree(cms);
  const signedData = must(whole.children[1]?.children[0]);
  const certificates = must(signedData.children.find(({ tag }) => tag === 0xa0));
  const signerInfos = must(signedData.children.at(-1));
  const signerInfo = must(signerInfos.children[0]);
  const signature = must(signerInfo.children.find(({ tag }) => tag === 4));
  const unsigned = signerInfo.children.find(({ tag }) => tag === 0xa1) ?? null;
  return { whole, certificates, signerInfos, signerInfo, signature, unsigned };
}

/** A copy of a signed image with its CMS edited and written again, with definite lengths. */
export function withCms(image: Buffer, edit: (tree: CmsTree) => void): Buffer {
  return withBlobs(image, (blobs) =>
    replaceSlot(blobs, SLOT.cms, (bytes) => {
      const tree = cmsTree(bytes.subarray(8));
      edit(tree);
      return blob(MAGIC.cms, writeTree(tree.whole));
    }),
  );
}

export function replaceSlot(blobs: readonly SlotBlob[], slot: number, edit: (bytes: Buffer) => Buffer): SlotBlob[] {
  return blobs.map((each) => (each.slot === slot ? { slot, bytes: edit(each.bytes) } : each));
}

export function withoutSlot(blobs: readonly SlotBlob[], slot: number): SlotBlob[] {
  return blobs.filter((each) => each.slot !== slot);
}

/** Turns over one bit somewhere in the middle. */
export function spoil(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

/** A copy of a certificate (or any tree) with one text of the same length in place of another, wherever it stands. */
export function replaceText(tree: Tree, from: string, to: string): Tree {
  const bytes = writeTree(tree).toString("latin1");
  if (!bytes.includes(from) || from.length !== to.length) throw new Error(`cannot replace ${from}`);
  return readTree(Buffer.from(bytes.replaceAll(from, to), "latin1"));
}

/** A certificate with a bit of its public key turned over. */
export function spoilKey(certificate: Tree): Tree {
  const copy = readTree(writeTree(certificate));
  const key = must(must(copy.children[0]).children[6]?.children[1]);
  key.content = spoil(key.content);
  return copy;
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("not the CMS of a code signature");
  return value;
}
