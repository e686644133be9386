import { describe, expect, it } from "vitest";
import { pkijsAccepts } from "#core/signing/cms/second-opinion.fixture.ts";
import { fakeApple, selfSigned, timestampAuthority } from "./authorities.ts";
import { flipBit } from "./bytes.ts";
import { time } from "./certificate.ts";
import type { CmsSpec } from "./cms.ts";
import { layoutOf, machO } from "./mach-o.ts";
import { signaturesOf, statedCdhashes } from "./real-signatures.ts";
import { cdhashOf } from "./bundle.ts";
import { sign } from "./sign.ts";

/** The signer must be right by another's judgement than the inspector's, or the two could share a mistake. */
describe("the test signer", () => {
  it.each<[string, CmsSpec]>([
    ["a self-signed certificate, P-256", { chain: selfSigned() }],
    ["a chain, RSA", { chain: fakeApple("developer-id", { kind: "rsa" }) }],
    ["indefinite lengths", { chain: selfSigned(), indefinite: true }],
    ["SHA-1 and no signed attributes", { chain: selfSigned({ kind: "rsa" }), digest: "sha1", signedAttributes: false }],
    [
      "a timestamp",
      { chain: selfSigned(), timestamp: { chain: timestampAuthority(), at: time("2026-06-01T12:00:00Z") } },
    ],
  ])("makes a CMS that pkijs accepts: %s", async (_name, cms) => {
    const [signature] = signaturesOf(sign(machO(), { cms }));
    expect(await pkijsAccepts(signature?.cms ?? Buffer.alloc(0), signature?.directory ?? Buffer.alloc(0))).toBe(true);
    const changed = flipBit(signature?.directory ?? Buffer.alloc(1), 100);
    expect(await pkijsAccepts(signature?.cms ?? Buffer.alloc(0), changed)).toBe(false);
  });

  it("states the cdhashes of what it signed", () => {
    const image = sign(machO(), { hashes: ["sha1", "sha256"], cms: { chain: selfSigned() } });
    const stated = statedCdhashes(signaturesOf(image)[0]?.cms ?? null);
    expect(stated?.plist[0]).toBe(cdhashOf(image).toString("hex"));
    expect(stated?.set).toEqual(stated?.plist);
  });

  it("puts the signature last in __LINKEDIT and in the file", () => {
    const image = sign(machO());
    const { codeSignature, linkEdit } = layoutOf(image);
    expect((codeSignature?.offset ?? 0) + (codeSignature?.size ?? 0)).toBe(image.length);
    expect(linkEdit.fileOffset + linkEdit.fileSize).toBe(image.length);
  });
});
