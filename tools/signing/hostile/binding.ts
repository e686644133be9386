import { flipBit, overwrite, seededBytes, u32be } from "../bytes.ts";
import { blob, blobOffset, MAGIC, SLOT, readSuperBlob, signatureRegion, withBlobs } from "../blobs.ts";
import { fakeApple } from "../authorities.ts";
import type { CmsSpec } from "../cms.ts";
import { DIRECTORY_FIELD, FLAG } from "../code-directory.ts";
import { layoutOf, machO } from "../mach-o.ts";
import { type SignSpec, sign } from "../sign.ts";
import { type BytesCase, invalid } from "./case.ts";
import { replaceSlot, replaceText, spoil, spoilKey, withCms, withoutSlot } from "./cms-tree.ts";

const TEAM = "7QXW3N5R2K";
const OTHER_TEAM = "4B8KZT6M9P";
const IDENTIFIER = "test.ana.invoice-viewer";

const cms = (): CmsSpec => ({ chain: fakeApple("developer-id", { teamId: TEAM, kind: "rsa" }) });

/** Signed with two CodeDirectories under a chain that is whole but not Apple's: untrusted, until something is changed. */
export function signed(spec: SignSpec = {}): Buffer {
  return sign(machO(), { identifier: IDENTIFIER, teamId: TEAM, hashes: ["sha1", "sha256"], cms: cms(), ...spec });
}

/** Changes all CodeDirectories alike. */
function editDirectories(image: Buffer, edit: (directory: Buffer) => Buffer): Buffer {
  return withBlobs(image, (blobs) =>
    [SLOT.directory, SLOT.alternate].reduce((list, slot) => replaceSlot(list, slot, edit), blobs),
  );
}

function setFlag(image: Buffer, flag: number): Buffer {
  return editDirectories(image, (directory) =>
    overwrite(directory, DIRECTORY_FIELD.flags, u32be(directory.readUInt32BE(DIRECTORY_FIELD.flags) | flag)),
  );
}

function editText(image: Buffer, from: string, to: string): Buffer {
  return editDirectories(image, (directory) => overwrite(directory, directory.indexOf(from), Buffer.from(to)));
}

function cmsOf(image: Buffer): Buffer {
  const found = readSuperBlob(signatureRegion(image)).find(({ slot }) => slot === SLOT.cms);
  if (!found) throw new Error("no CMS");
  return found.bytes;
}

function editLeaf(image: Buffer, edit: (leaf: Parameters<typeof spoilKey>[0]) => ReturnType<typeof spoilKey>): Buffer {
  return withCms(image, ({ certificates }) => {
    const [leaf, ...above] = certificates.children;
    if (leaf) certificates.children = [edit(leaf), ...above];
  });
}

export const BINDING_CASES: readonly BytesCase[] = [
  { name: "a bit of a page", make: () => flipBit(signed(), 8 * 5000), expect: invalid(/page/) },
  {
    name: "a bit of the last, partial page",
    make: () => {
      const image = signed();
      return flipBit(image, 8 * (layoutOf(image).codeSignature?.offset ?? 0) - 1);
    },
    expect: invalid(/page/),
  },
  { name: "a bit of the header", make: () => flipBit(signed(), 8 * 24), expect: invalid(/page/) },
  {
    name: "a page of an image with one hash over everything",
    make: () => flipBit(signed({ pageSize: null }), 8 * 5000),
    expect: invalid(/page/),
  },
  { name: "the identifier", make: () => editText(signed(), IDENTIFIER, "test.eva"), expect: invalid(/cms|digest/) },
  { name: "the team", make: () => editText(signed(), TEAM, OTHER_TEAM), expect: invalid(/cms|digest/) },
  {
    name: "the hardened runtime flag added",
    make: () => setFlag(signed(), FLAG.runtime),
    expect: invalid(/cms|digest/),
  },
  { name: "the ad hoc flag added", make: () => setFlag(signed(), FLAG.adHoc), expect: invalid(/cms|digest|ad-hoc/) },
  {
    name: "the CMS of another program by the same signer",
    make: () => {
      const other = cmsOf(
        sign(machO({ seed: "another" }), { identifier: IDENTIFIER, hashes: ["sha1", "sha256"], cms: cms() }),
      );
      return withBlobs(signed(), (blobs) => replaceSlot(blobs, SLOT.cms, () => other));
    },
    expect: invalid(/cms|digest/),
  },
  {
    name: "the CMS removed",
    make: () => withBlobs(signed(), (blobs) => withoutSlot(blobs, SLOT.cms)),
    expect: invalid(),
  },
  {
    name: "the CMS emptied",
    make: () => withBlobs(signed(), (blobs) => replaceSlot(blobs, SLOT.cms, () => blob(MAGIC.cms, Buffer.alloc(0)))),
    expect: invalid(),
  },
  {
    name: "the CMS replaced by garbage",
    make: () =>
      withBlobs(signed(), (blobs) => replaceSlot(blobs, SLOT.cms, () => blob(MAGIC.cms, seededBytes("garbage", 2000)))),
    expect: invalid(/cms|asn1/),
  },
  {
    name: "the CMS cut off",
    make: () =>
      withBlobs(signed(), (blobs) =>
        replaceSlot(blobs, SLOT.cms, (bytes) => blob(MAGIC.cms, bytes.subarray(8, bytes.length >> 1))),
      ),
    expect: invalid(),
  },
  {
    name: "the signature's value",
    make: () =>
      withCms(signed(), ({ signature }) => {
        signature.content = spoil(signature.content);
      }),
    expect: invalid(/cms|signature/),
  },
  { name: "the leaf's key", make: () => editLeaf(signed(), spoilKey), expect: invalid() },
  {
    name: "the leaf's team",
    make: () => editLeaf(signed(), (leaf) => replaceText(leaf, TEAM, OTHER_TEAM)),
    expect: invalid(),
  },
  {
    name: "the alternate CodeDirectory stripped",
    make: () => withBlobs(signed(), (blobs) => withoutSlot(blobs, SLOT.alternate)),
    expect: invalid(/cdhash|directory|cover/),
  },
  {
    name: "the alternate hidden in a slot that nobody reads",
    make: () =>
      withBlobs(signed(), (blobs) =>
        blobs.map((each) => (each.slot === SLOT.alternate ? { ...each, slot: 0x1009 } : each)),
      ),
    expect: invalid(/directory|cover|slot|alternate|cdhash/),
  },
  {
    name: "the alternate after a gap, where only the kernel looks",
    make: () =>
      withBlobs(signed(), (blobs) =>
        blobs.map((each) => (each.slot === SLOT.alternate ? { ...each, slot: 0x1002 } : each)),
      ),
    expect: invalid(/directory|gap|slot|alternate/),
  },
  {
    name: "the alternate edited",
    make: () => {
      const image = signed();
      return flipBit(image, 8 * (blobOffset(image, SLOT.alternate) + DIRECTORY_FIELD.platform));
    },
    expect: invalid(/cdhash|directory|cover/),
  },
  {
    name: "two CodeDirectories of the same hash type",
    make: () => signed({ hashes: ["sha256", "sha256"] }),
    expect: invalid(/duplicate|hash/),
  },
  {
    name: "an alternate that the CMS's attributes do not cover",
    make: () => signed({ covered: (directories) => directories.slice(0, 1) }),
    expect: invalid(/cdhash|cover/),
  },
  {
    name: "an alternate, and no attributes that could cover it",
    make: () => signed({ cms: { ...cms(), cdhashAttributes: "none" } }),
    expect: invalid(/cdhash|cover/),
  },
  {
    name: "an alternate, and not even signed attributes",
    make: () => signed({ cms: { ...cms(), signedAttributes: false } }),
    expect: invalid(/cdhash|cover/),
  },
  {
    name: "alternates that disagree about the identifier",
    make: () =>
      signed({
        editDirectory: (directory, slot) =>
          slot === SLOT.alternate
            ? overwrite(directory, directory.indexOf(IDENTIFIER), Buffer.from("test.eva"))
            : directory,
      }),
    expect: { class: ["invalid", "untrusted"], says: /disagree|differ|mismatch|identifier/ },
  },
];
