import { fromBER } from "asn1js";
import { ContentInfo, SignedData } from "pkijs";

/**
 * Whether pkijs finds that the only signer of a CMS signature signed `content` (the signature alone: no chain, no Apple
 * attributes). What it cannot read counts as no.
 */
export async function pkijsAccepts(cms: Buffer, content: Buffer): Promise<boolean> {
  try {
    const read = fromBER(new Uint8Array(cms));
    if (read.offset === -1) return false;
    const signed = new SignedData({ schema: new ContentInfo({ schema: read.result }).content });
    if (signed.signerInfos.length !== 1) return false;
    return await signed.verify({ signer: 0, data: new Uint8Array(content).buffer, checkChain: false });
  } catch {
    return false;
  }
}
