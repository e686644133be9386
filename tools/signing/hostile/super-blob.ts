import { overwrite, seededBytes, u32be } from "../bytes.ts";
import { blob, blobOffset, MAGIC, SLOT } from "../blobs.ts";
import { DIRECTORY_FIELD } from "../code-directory.ts";
import { layoutOf, machO } from "../mach-o.ts";
import { type SignSpec, sign, signAdHoc } from "../sign.ts";
import { FLAG } from "../code-directory.ts";
import { type BytesCase, invalid } from "./case.ts";

/** Words of the signature region of an ad hoc image. */
function editRegion(offset: number, ...words: number[]): Buffer {
  const image = signAdHoc(machO());
  return overwrite(image, (layoutOf(image).codeSignature?.offset ?? 0) + offset, u32be(...words));
}

type Field = keyof typeof DIRECTORY_FIELD;
const BYTE_FIELDS: readonly Field[] = ["hashSize", "hashType", "platform", "pageShift"];

/** An ad hoc image with fields of its CodeDirectory set, everything else right. */
function editDirectory(fields: Partial<Record<Field, number>>, spec: SignSpec = {}): Buffer {
  return signAdHoc(machO(), {
    ...spec,
    editDirectory: (directory) => {
      let edited = directory;
      for (const [field, value] of Object.entries(fields) as [Field, number][]) {
        const part = BYTE_FIELDS.includes(field) ? Buffer.from([value]) : u32be(value);
        edited = overwrite(edited, DIRECTORY_FIELD[field], part);
      }
      return edited;
    },
  });
}

function directorySize(): number {
  const image = signAdHoc(machO());
  return image.readUInt32BE(blobOffset(image, SLOT.directory) + 4);
}

export const SUPER_BLOB_CASES: readonly BytesCase[] = [
  { name: "another magic", make: () => editRegion(0, 0xfade0cc9), expect: invalid(/magic|superblob/) },
  { name: "longer than its room", make: () => editRegion(4, 0x00ffffff), expect: invalid() },
  { name: "longer than 2 GiB", make: () => editRegion(4, 0xfffffff0), expect: invalid() },
  { name: "shorter than its own header", make: () => editRegion(4, 8), expect: invalid() },
  { name: "a huge count", make: () => editRegion(8, 0xffffffff), expect: invalid() },
  { name: "a count of 0", make: () => editRegion(8, 0), expect: invalid() },
  { name: "more blobs than the index has room for", make: () => editRegion(8, 40), expect: invalid() },
  { name: "a blob past the end", make: () => editRegion(16, 0x7ffffff0), expect: invalid() },
  { name: "a blob in the index", make: () => editRegion(16, 4), expect: invalid() },
  {
    name: "a slot twice",
    make: () =>
      signAdHoc(machO(), {
        editBlobs: (blobs) => [...blobs, { slot: SLOT.requirements, bytes: blob(MAGIC.requirements, u32be(0)) }],
      }),
    expect: invalid(/duplicate/),
  },
  {
    name: "two CodeDirectories in slot 0",
    make: () =>
      signAdHoc(machO(), {
        hashes: ["sha1", "sha256"],
        editBlobs: (blobs) => blobs.map((each) => (each.slot === SLOT.alternate ? { ...each, slot: 0 } : each)),
      }),
    expect: invalid(/duplicate/),
  },
  {
    name: "no CodeDirectory",
    make: () => signAdHoc(machO(), { editBlobs: (blobs) => blobs.filter(({ slot }) => slot !== 0) }),
    expect: invalid(/directory/),
  },
  {
    name: "only an alternate CodeDirectory",
    make: () =>
      signAdHoc(machO(), {
        editBlobs: (blobs) => blobs.map((each) => (each.slot === 0 ? { ...each, slot: SLOT.alternate } : each)),
      }),
    expect: invalid(/directory/),
  },
  {
    name: "slot 0 holds something else",
    make: () =>
      signAdHoc(machO(), { editDirectory: (directory) => overwrite(directory, 0, u32be(MAGIC.requirements)) }),
    expect: invalid(/magic|directory/),
  },
  { name: "longer than its blob's room", make: () => editDirectory({ length: 0x00ffffff }), expect: invalid() },
  { name: "shorter than its header", make: () => editDirectory({ length: 20 }), expect: invalid() },
  { name: "a version before any", make: () => editDirectory({ version: 0x10000 }), expect: invalid(/version/) },
  { name: "a version of another format", make: () => editDirectory({ version: 0x30000 }), expect: invalid(/version/) },
  {
    name: "scattered page hashes",
    make: () => editDirectory({ scatterOffset: 88 }),
    expect: invalid(/scatter/),
  },
  { name: "hash type 0", make: () => editDirectory({ hashType: 0 }), expect: invalid(/hash/) },
  { name: "an unknown hash type", make: () => editDirectory({ hashType: 9 }), expect: invalid(/hash/) },
  { name: "hashes of one byte", make: () => editDirectory({ hashSize: 1 }), expect: invalid(/hash/) },
  { name: "hashes of another type's size", make: () => editDirectory({ hashSize: 20 }), expect: invalid(/hash/) },
  { name: "hashes out of the blob", make: () => editDirectory({ hashOffset: 0x7fffffe0 }), expect: invalid(/hash/) },
  {
    name: "last hash out of the blob by one byte",
    make: () => editDirectory({ hashOffset: directorySize() - 3 * 32 + 1 }),
    expect: invalid(/hash/),
  },
  { name: "more pages than hashes", make: () => editDirectory({ codeSlots: 0x7fffffff }), expect: invalid() },
  {
    name: "an identifier without an end",
    make: () => editDirectory({ identifierOffset: directorySize() - 3 }),
    expect: invalid(/identifier/),
  },
  {
    name: "an identifier out of the blob",
    make: () => editDirectory({ identifierOffset: 0x7ffffff0 }),
    expect: invalid(/identifier/),
  },
  {
    name: "a team out of the blob",
    make: () => editDirectory({ teamOffset: 0x7ffffff0 }, { teamId: "7QXW3N5R2K" }),
    expect: invalid(/team/),
  },
  {
    name: "special slots before the header",
    make: () => editDirectory({ specialSlots: 1000 }),
    expect: invalid(/special|hash|slot/),
  },
  {
    name: "a huge count of special slots",
    make: () => editDirectory({ specialSlots: 0xffffffff }),
    expect: invalid(/special|hash|slot/),
  },
  { name: "page shift 63", make: () => editDirectory({ pageShift: 63 }), expect: invalid(/page/) },
  { name: "page shift 1", make: () => editDirectory({ pageShift: 1 }), expect: invalid(/page/) },
  {
    name: "page shift 13, which only one of Apple's readers takes",
    make: () => editDirectory({ pageShift: 13 }),
    expect: invalid(/page/),
  },
  {
    name: "one hash over everything, which the kernel does not load",
    make: () => signAdHoc(machO(), { pageSize: null }),
    expect: invalid(/page-size/),
  },
  {
    name: "only the first page is covered",
    make: () => editDirectory({ codeSlots: 1, codeLimit: 4096 }),
    expect: invalid(/cover|limit/),
  },
  {
    name: "the last page is not covered",
    make: () => {
      const image = signAdHoc(machO());
      const limit = layoutOf(image).codeSignature?.offset ?? 0;
      return editDirectory({ codeSlots: Math.ceil(limit / 4096) - 1, codeLimit: 4096 * (Math.ceil(limit / 4096) - 1) });
    },
    expect: invalid(/cover/),
  },
  {
    name: "the 64-bit limit is another than the 32-bit one",
    make: () => editDirectory({ codeLimit64: 4096 }),
    expect: invalid(/cover/),
  },
  {
    name: "no page is covered",
    make: () => editDirectory({ codeSlots: 0, codeLimit: 0 }),
    expect: invalid(/cover|limit|page/),
  },
  {
    name: "fewer hashes than the limit needs",
    make: () => editDirectory({ codeSlots: 2 }),
    expect: invalid(/cover|limit|page|slot/),
  },
  {
    name: "a limit past the signature",
    make: () => editDirectory({ codeLimit: 0x7ffffff0 }),
    expect: invalid(),
  },
  {
    name: "flags 0 and no CMS: neither ad hoc nor signed",
    make: () => sign(machO(), { flags: 0, cms: "none" }),
    expect: invalid(),
  },
  {
    name: "flags 0 and an empty CMS: neither ad hoc nor signed",
    make: () => sign(machO(), { flags: 0, cms: "empty" }),
    expect: invalid(),
  },
  {
    name: "ad hoc with a CMS of garbage",
    make: () =>
      signAdHoc(machO(), {
        cms: "none",
        editBlobs: (blobs) => [...blobs, { slot: SLOT.cms, bytes: blob(MAGIC.cms, seededBytes("cms", 300)) }],
      }),
    expect: invalid(/adhoc-with-signer/),
  },
  {
    name: "linker-signed without the ad hoc flag",
    make: () => sign(machO(), { flags: FLAG.linkerSigned, requirements: null, cms: "none" }),
    expect: invalid(),
  },
  {
    name: "ad hoc in slot 0, not in the alternate that counts",
    make: () =>
      sign(machO(), {
        flags: FLAG.adHoc,
        hashes: ["sha1", "sha256"],
        editDirectory: (directory, slot) =>
          slot === SLOT.alternate ? overwrite(directory, DIRECTORY_FIELD.flags, u32be(0)) : directory,
      }),
    expect: invalid(/disagree|without-signer/),
  },
  {
    name: "launch constraints edited",
    make: () => {
      const image = signAdHoc(machO(), { constraints: seededBytes("constraints", 60) });
      return overwrite(image, blobOffset(image, SLOT.constraints) + 20, Buffer.from("other"));
    },
    expect: invalid(/slot/),
  },
  {
    name: "requirements edited",
    make: () => {
      const image = signAdHoc(machO());
      return overwrite(image, blobOffset(image, SLOT.requirements) + 8, u32be(1));
    },
    expect: invalid(/requirement/),
  },
  {
    name: "requirements removed",
    make: () => signAdHoc(machO(), { editBlobs: (blobs) => blobs.filter(({ slot }) => slot !== SLOT.requirements) }),
    expect: invalid(/requirement|slot/),
  },
];
