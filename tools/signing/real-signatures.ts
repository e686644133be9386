import { readSuperBlob, SLOT, signatureRegion } from "./blobs.ts";
import { oid, type Tree } from "./der.ts";
import { FAT_MAGIC, fatEntries } from "./fat.ts";
import { cmsTree } from "./hostile/cms-tree.ts";
import { layoutOf } from "./mach-o.ts";

/** What a well-formed image's signature holds, taken apart without the inspector: for comparing the two. */
export interface RawSignature {
  /** Slot 0's CodeDirectory; empty without a signature. */
  directory: Buffer;
  /** Null without one, also for the empty wrapper. */
  cms: Buffer | null;
}

/** One for each image of a thin or fat file, in file order. */
export function signaturesOf(file: Buffer): RawSignature[] {
  const images =
    file.readUInt32BE(0) === FAT_MAGIC
      ? fatEntries(file).map(({ offset, size }) => file.subarray(offset, offset + size))
      : [file];
  return images.map((image) => {
    if (!layoutOf(image).codeSignature) return { directory: Buffer.alloc(0), cms: null };
    const blobs = readSuperBlob(signatureRegion(image));
    const find = (slot: number): Buffer => blobs.find((each) => each.slot === slot)?.bytes ?? Buffer.alloc(8);
    const cms = find(SLOT.cms).subarray(8);
    return { directory: find(SLOT.directory), cms: cms.length > 0 ? cms : null };
  });
}

const CDHASH_PLIST = oid("1.2.840.113635.100.9.1").subarray(2);
const CDHASH_SET = oid("1.2.840.113635.100.9.2").subarray(2);

/** The cdhashes (lower-case, 40 hex digits) in Apple's two signed attributes; null where a signature has none of them. */
export function statedCdhashes(cms: Buffer | null): { plist: string[]; set: string[] } | null {
  const attributes = cms && cmsTree(cms).signerInfo.children.find(({ tag }) => tag === 0xa0);
  const values = (id: Buffer): Tree[] =>
    attributes?.children.find(({ children }) => children[0]?.content.equals(id))?.children[1]?.children ?? [];
  const [plist] = values(CDHASH_PLIST);
  if (!plist) return null;
  const encoded = [...plist.content.toString("utf8").matchAll(/<data>\s*([A-Za-z0-9+/=\s]*?)\s*<\/data>/g)];
  return {
    plist: encoded.map(([, base64 = ""]) => Buffer.from(base64, "base64").toString("hex")),
    set: values(CDHASH_SET).map(({ children }) =>
      (children[1]?.content ?? Buffer.alloc(0)).subarray(0, 20).toString("hex"),
    ),
  };
}
