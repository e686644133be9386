import { describe, expect, it } from "vitest";
import { Anchors } from "./anchors.ts";
import { parseCertificate } from "./certificate.ts";
import { ecKey, makeAppleLike, makeLeaf } from "./certificate.fixture.ts";
import { type CmsPlan, makeCms, makeDirectory, makeSignature } from "./cms.fixture.ts";
import { pkijsAccepts } from "./second-opinion.fixture.ts";
import { verifySigner } from "./verify-signer.ts";

const apple = makeAppleLike();
const anchors = new Anchors([parseCertificate(apple.root.der)]);
const leaf = makeLeaf(apple);
const elliptic = makeLeaf(apple, { key: ecKey() });
const directory = makeDirectory("a code directory");

function make(plan: Partial<CmsPlan>): Buffer {
  const signer = plan.signer ?? leaf;
  return makeCms({
    content: directory.bytes,
    signer,
    certificates: [signer.der, apple.developerAuthority.der],
    ...plan,
  });
}

/** Ours and pkijs's word on the signature itself. */
async function opinions(cms: Buffer): Promise<[string, boolean]> {
  const { cms: ours } = verifySigner(makeSignature([directory], cms), 0, anchors);
  return [ours, await pkijsAccepts(cms, directory.bytes)];
}

describe("pkijs and we agree", () => {
  const flip = (value: Buffer): Buffer => Buffer.concat([value.subarray(0, -1), Buffer.of((value.at(-1) ?? 0) ^ 1)]);
  const cases: [string, boolean, Partial<CmsPlan>][] = [
    ["a good one", true, {}],
    ["indefinite lengths", true, { indefinite: true }],
    ["SHA-1 without attributes", true, { bare: true, digest: "sha1" }],
    ["SHA-1 with attributes", true, { digest: "sha1" }],
    ["SHA-512", true, { digest: "sha512" }],
    ["an elliptic curve", true, { signer: elliptic }],
    ["other content", false, { content: Buffer.from("other") }],
    ["other content without attributes", false, { content: Buffer.from("other"), bare: true }],
    ["another digest", false, { statedDigest: Buffer.alloc(32) }],
    ["another signature", false, { tamperSignature: flip }],
    ["another elliptic signature", false, { signer: elliptic, tamperSignature: flip }],
    ["another key", false, { signer: { ...leaf, key: elliptic.key } }],
    ["no certificate", false, { certificates: [] }],
    ["two signers", false, { signers: 2 }],
  ];
  it.each(cases)("on %s", async (_name, good, plan) => {
    expect(await opinions(make(plan))).toEqual([good ? "ok" : "bad", good]);
  });

  it("and a change anywhere in what the signer says makes it bad here", async () => {
    const cms = make({});
    const from = cms.lastIndexOf(directory.fullHash);
    const laxer: number[] = [];
    for (let at = from; at < cms.length; at += 23) {
      const changed = Buffer.from(cms);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      const [ours, theirs] = await opinions(changed);
      // We may be stricter (an algorithm that is not known here), never laxer.
      if (ours !== "bad" || (theirs && at > cms.length - 256)) laxer.push(at);
    }
    expect(laxer).toEqual([]);
  });
});
