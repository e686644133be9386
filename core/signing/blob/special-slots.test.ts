import { describe, expect, it } from "vitest";
import { blob, codeDirectory, SLICE, signatureOf, superBlob } from "./blob.fixture.ts";
import { MAGIC, SLOT } from "./blob-format.ts";
import { readSignature } from "./read-signature.ts";
import { checkSpecialSlots } from "./special-slots.ts";

const NOTHING = { infoPlist: null, codeResources: null };
const plist = Buffer.from("<plist><dict/></plist>");
const entitlements = blob(MAGIC.entitlements, plist);

function outcome(
  signature: ReturnType<typeof signatureOf>,
  bound = NOTHING as Parameters<typeof checkSpecialSlots>[1],
) {
  const { problems, notes } = checkSpecialSlots(signature, bound);
  return { problems: problems.map(({ id }) => id), notes: notes.map(({ id }) => id) };
}

describe("checkSpecialSlots", () => {
  const bound = signatureOf(new Map([[SLOT.entitlements, entitlements]]), {
    specials: new Map([
      [SLOT.infoPlist, plist],
      [SLOT.codeResources, Buffer.from("seal")],
    ]),
  });
  it("finds nothing when everything is as covered", () => {
    expect(outcome(bound, { infoPlist: plist, codeResources: Buffer.from("seal") })).toEqual({
      problems: [],
      notes: [],
    });
  });

  it.each([
    [
      "another Info.plist",
      { infoPlist: Buffer.from("x"), codeResources: Buffer.from("seal") },
      "special-slot-mismatch",
    ],
    ["no Info.plist", { infoPlist: null, codeResources: Buffer.from("seal") }, "special-slot-missing"],
    ["another list of files", { infoPlist: plist, codeResources: Buffer.from("Seal") }, "special-slot-mismatch"],
    ["no list of files", { infoPlist: plist, codeResources: null }, "special-slot-missing"],
  ])("%s", (_case, files, id) => {
    expect(outcome(bound, files)).toEqual({ problems: [id], notes: [] });
  });

  it("says what the files are that nothing covers", () => {
    const files = { infoPlist: plist, codeResources: plist };
    const notes = ["info-plist-not-bound", "code-resources-not-bound"];
    expect(outcome(signatureOf(new Map()), files)).toEqual({ problems: [], notes });
    expect(outcome(signatureOf(new Map(), { specialCount: 7 }), files)).toEqual({ problems: [], notes });
  });

  it("ignores a blob that is not hashed, and says so", () => {
    const region = superBlob([
      [0, codeDirectory()],
      [SLOT.entitlements, entitlements],
      [SLOT.derEntitlements, blob(MAGIC.derEntitlements)],
    ]);
    expect(outcome(readSignature(region, SLICE))).toEqual({
      problems: [],
      notes: ["blob-not-hashed", "blob-not-hashed"],
    });
  });

  it.each([
    [SLOT.requirements, superBlob([], MAGIC.requirements)],
    [SLOT.entitlements, entitlements],
    [SLOT.derEntitlements, blob(MAGIC.derEntitlements, "der")],
    [8, blob(MAGIC.launchConstraint, "self")],
    [11, blob(MAGIC.launchConstraint, "libraries")],
    [12, blob(MAGIC.launchConstraint, "something newer")],
  ])("covers slot %i whole", (slot, part) => {
    expect(outcome(signatureOf(new Map([[slot, part]])))).toEqual({ problems: [], notes: [] });
    const region = superBlob([
      [0, codeDirectory({ specials: new Map([[slot, Buffer.from("other")]]) })],
      [slot, part],
    ]);
    expect(outcome(readSignature(region, SLICE)).problems).toEqual(["special-slot-mismatch"]);
  });

  it.each([SLOT.application, SLOT.repSpecific])("covers slot %i without its wrapper", (slot) => {
    const directory = codeDirectory({ specials: new Map([[slot, Buffer.from("data")]]) });
    const region = superBlob([
      [0, directory],
      [slot, blob(MAGIC.blobWrapper, "data")],
    ]);
    expect(outcome(readSignature(region, SLICE))).toEqual({ problems: [], notes: [] });
    expect(outcome(readSignature(superBlob([[0, directory]]), SLICE)).problems).toEqual(["special-slot-missing"]);
  });

  it("notes what it does not know and cannot find", () => {
    const signature = signatureOf(new Map(), { specials: new Map([[14, plist]]) });
    expect(outcome(signature)).toEqual({ problems: [], notes: ["special-slot-unknown"] });
  });

  it("asks every CodeDirectory, not only the best", () => {
    const good = new Map([[SLOT.infoPlist, plist]]);
    const bad = new Map([[SLOT.infoPlist, Buffer.from("another")]]);
    for (const [first, second] of [
      [good, bad],
      [bad, good],
    ] as const) {
      const primary = codeDirectory({ hash: "sha1", specials: first });
      const region = superBlob([
        [0, primary],
        [0x1000, codeDirectory({ specials: second })],
      ]);
      expect(outcome(readSignature(region, SLICE), { ...NOTHING, infoPlist: plist }).problems).toEqual([
        "special-slot-mismatch",
      ]);
    }
  });
});
