import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { Anchors } from "./anchors.ts";
import { parseCertificate } from "./certificate.ts";
import { ecKey, makeAppleLike, makeLeaf } from "./certificate.fixture.ts";
import { cdhashesAttribute, makeCms, makeDirectory, makeSignature, makeTimestamp, SIGNED_AT } from "./cms.fixture.ts";
import { CMS_NOTES, CMS_PROBLEMS } from "./problems.ts";
import { verifySigner } from "./verify-signer.ts";

const apple = makeAppleLike();
const anchors = new Anchors([parseCertificate(apple.root.der)]);
const leaf = makeLeaf(apple, { key: ecKey() });
const directory = makeDirectory("a code directory");

function makeFull(indefinite: boolean): Buffer {
  return makeCms({
    content: directory.bytes,
    signer: leaf,
    certificates: [leaf.der, apple.developerAuthority.der, apple.root.der],
    attributes: [cdhashesAttribute([directory])],
    indefinite,
    timestamps: (over) => [
      makeTimestamp({
        over,
        at: SIGNED_AT,
        signer: apple.timestampSigner,
        certificates: [apple.timestampSigner.der, apple.timestampAuthority.der],
      }),
    ],
  });
}

const verify = (cms: Buffer) => verifySigner(makeSignature([directory], cms), SIGNED_AT, anchors);

describe("broken CMS signatures", () => {
  it.each([false, true])("flips never throw, and never make another team or class (indefinite: %s)", (indefinite) => {
    const cms = makeFull(indefinite);
    expect(verify(cms)).toMatchObject({ cms: "ok", class: "developer-id", problems: [] });
    const random = seededRandom(3);
    const surprises: unknown[] = [];
    for (let round = 0; round < 800; round += 1) {
      const changed = Buffer.from(cms);
      for (let count = 0; count <= round % 3; count += 1) {
        const at = Math.floor(random() * cms.length);
        changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
      const { teamId, cms: status, problems, class: trust } = verify(changed);
      const asSigned = teamId === null || (teamId === "7QXW3N5R2K" && trust === "developer-id");
      const explained = status === "ok" || problems.length > 0;
      if (!asSigned || !explained) surprises.push({ teamId, status, trust });
    }
    expect(surprises).toEqual([]);
  });

  it("truncations are bad, every one", () => {
    const cms = makeFull(false);
    for (let length = 1; length < cms.length; length += 5) expect(verify(cms.subarray(0, length)).cms).toBe("bad");
  });
});

describe("sentences", () => {
  it.each(Object.entries({ ...CMS_PROBLEMS, ...CMS_NOTES }))("%s", (id, sentence) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});
