import { describe, expect, it } from "vitest";
import type { HashKind } from "../code-signature.ts";
import { Malformed } from "../problem.ts";
import { adhocParts, blob, codeDirectory, patched, SLICE, superBlob, word } from "./blob.fixture.ts";
import { MAGIC, SLOT } from "./blob-format.ts";
import { cdhashesByKind } from "./cdhashes.ts";
import { isAdhoc, joinSignature, readCodeDirectory, readSignature } from "./read-signature.ts";

const ids = (region: Buffer): string[] => {
  const { problems } = readSignature(region, SLICE);
  return problems.map(({ id }) => id);
};
const fatal = (region: Buffer): string => {
  try {
    readSignature(region, SLICE);
  } catch (error) {
    if (error instanceof Malformed) return error.problem.id;
    throw error;
  }
  return "read";
};
const withDirectory = (directory: Buffer): Buffer => superBlob(adhocParts(directory));
const alternates = (...slots: readonly (readonly [number, HashKind])[]): Buffer =>
  superBlob([
    ...adhocParts(codeDirectory({ hash: "sha1" })),
    ...slots.map(([slot, hash]): [number, Buffer] => [slot, codeDirectory({ hash })]),
  ]);

describe("readSignature, what is good", () => {
  it("takes an ad hoc signature apart", () => {
    const signature = readSignature(superBlob(adhocParts()), SLICE);
    expect(signature.problems).toEqual([]);
    expect(signature.notes).toEqual([]);
    expect(signature.best.identifier).toBe("com.example.invoice-viewer");
    expect(signature.best.codeHashCount).toBe(3);
    expect(signature.best.codeHashes).toHaveLength(3 * signature.best.hashSize);
    expect(signature.cms).toHaveLength(0);
    expect(isAdhoc(signature)).toBe(true);
  });

  it("ignores junk after the signature", () => {
    expect(ids(Buffer.concat([superBlob(adhocParts()), Buffer.alloc(5000, 0xfa)]))).toEqual([]);
  });

  it("goes by the strongest CodeDirectory, wherever it stands", () => {
    const signature = readSignature(alternates([0x1000, "sha384"], [0x1001, "sha256"]), SLICE);
    expect(signature.problems).toEqual([]);
    expect(signature.directories.map(({ slot }) => slot)).toEqual([0, 0x1000, 0x1001]);
    expect(signature.best.hash).toBe("sha384");
    expect(signature.best.fullHash).toHaveLength(48);
    const kinds = cdhashesByKind(signature);
    expect([kinds.sha1, kinds.sha256, kinds.sha384]).toEqual(
      signature.directories.toSorted((a, b) => a.hashSize - b.hashSize).map(({ cdhash }) => cdhash),
    );
    expect(kinds.sha384).toMatch(/^[0-9a-f]{40}$/);
  });

  it.each([0x20001, 0x20100, 0x20200, 0x20300, 0x20400, 0x20500, 0x20600])("reads version %i", (version) => {
    const directory = readCodeDirectory(codeDirectory({ version, team: "7QXW3N5R2K", flags: 0x10000 }), 0);
    expect(directory.teamId).toBe(version < 0x20200 ? null : "7QXW3N5R2K");
    expect(directory.execSegment === null).toBe(version < 0x20400);
    expect(directory.runtimeVersion === null).toBe(version < 0x20500);
  });

  it("takes the wide code limit where there is one", () => {
    const wide = patched(patched(codeDirectory({ version: 0x20300 }), 32, 0), 60, 10_000);
    expect(readCodeDirectory(wide, 0).codeLimit).toBe(10_000);
  });

  it("reads one hash over everything where there is no program", () => {
    const parts = new Map([[0, codeDirectory({ pageShift: 0 })]]);
    expect(joinSignature(parts, Buffer.alloc(0))).toMatchObject({ problems: [], best: { pageSize: null } });
  });

  it("notes parts it does not know", () => {
    const { problems, notes } = readSignature(superBlob([...adhocParts(), [0x1005, codeDirectory()]]), SLICE);
    expect({ problems, notes: notes.map(({ id }) => id) }).toEqual({ problems: [], notes: ["slot-unknown"] });
  });
});

describe("readSignature, what is wrong: shown as claimed, never trusted", () => {
  const good = superBlob(adhocParts());
  const directory = codeDirectory({ team: "7QXW3N5R2K" });
  it.each<[string, Buffer, string]>([
    ["length past the end", patched(good, 4, good.length + 1), "superblob-bad-length"],
    ["length of nothing", patched(good, 4, 3), "superblob-bad-length"],
    ["count past the end", patched(good, 8, 0xffffffff), "superblob-bad-count"],
    ["index past the end", patched(good, 12 + 8 + 4, 0xfffffff0), "superblob-bad-offset"],
    ["index into the header", patched(good, 12 + 8 + 4, 0), "superblob-bad-offset"],
    [
      "two blobs of one slot",
      superBlob([...adhocParts(), [2, superBlob([], MAGIC.requirements)]]),
      "superblob-duplicate-slot",
    ],
    ["blobs over each other", patched(good, 12 + 8 + 4, good.readUInt32BE(12 + 16 + 4)), "superblob-overlap"],
    ["too many blobs", superBlob([...adhocParts(), ...manyBlobs(70)]), "superblob-too-many-blobs"],
    ["entitlements of another magic", superBlob([...adhocParts(), [5, blob(MAGIC.blobWrapper)]]), "blob-bad-magic"],
    [
      "CMS of another magic",
      superBlob([
        [0, directory],
        [SLOT.cms, blob(MAGIC.entitlements)],
      ]),
      "blob-bad-magic",
    ],
    ["a constraint of another magic", superBlob([...adhocParts(), [8, blob(MAGIC.blobWrapper)]]), "blob-bad-magic"],
    [
      "requirements that end early",
      superBlob([...adhocParts().slice(0, 1), [2, blob(MAGIC.requirements, word(9))]]),
      "requirements-malformed",
    ],
    ["a bare CodeDirectory", directory, "signature-without-superblob"],
    ["no primary CodeDirectory", superBlob([[0x1000, directory]]), "codedirectory-primary-missing"],
    ["a gap in the alternates", alternates([0x1001, "sha256"]), "codedirectory-alternate-gap"],
    ["two of one kind", alternates([0x1000, "sha1"]), "codedirectory-duplicate-hash-type"],
    [
      "an alternate that is something else",
      superBlob([...adhocParts(), [0x1000, blob(MAGIC.entitlements, Buffer.alloc(99))]]),
      "codedirectory-bad-magic",
    ],
    ["hash size 1", withDirectory(patched(directory, 36, 1, 1)), "codedirectory-bad-hash-size"],
    ["scatter", withDirectory(patched(directory, 44, 60)), "codedirectory-scatter"],
    ["page shift 63", withDirectory(patched(directory, 39, 63, 1)), "codedirectory-bad-page-size"],
    ["page shift 13", withDirectory(codeDirectory({ pageShift: 13 })), "codedirectory-bad-page-size"],
    ["one hash over a program", withDirectory(codeDirectory({ pageShift: 0 })), "codedirectory-bad-page-size"],
    ["zero pages", withDirectory(codeDirectory({ codeLimit: 0 })), "codedirectory-bad-coverage"],
    ["one page of three", withDirectory(patched(directory, 28, 1)), "codedirectory-bad-coverage"],
    ["a code limit of more pages", withDirectory(patched(directory, 32, 20_000)), "codedirectory-bad-coverage"],
    ["a code limit past every file", withDirectory(patched(directory, 56, 0x7fffffff)), "codedirectory-bad-coverage"],
    [
      "hashes past the end",
      withDirectory(patched(patched(directory, 28, 0x00ffffff), 32, 0xfff00000)),
      "codedirectory-hashes-outside",
    ],
    ["hash offset past the end", withDirectory(patched(directory, 16, 0xfffffff0)), "codedirectory-hashes-outside"],
    ["more special hashes than room before", withDirectory(patched(directory, 24, 20)), "codedirectory-hashes-outside"],
    ["33 special slots", withDirectory(codeDirectory({ specialCount: 33 })), "codedirectory-too-many-special-slots"],
    [
      "4 billion special slots",
      withDirectory(patched(directory, 24, 0xffffffff)),
      "codedirectory-too-many-special-slots",
    ],
    [
      "pre-encryption hashes outside",
      withDirectory(patched(codeDirectory({ version: 0x20500 }), 92, 0xffff)),
      "codedirectory-hashes-outside",
    ],
    [
      "linkage outside",
      withDirectory(patched(patched(codeDirectory({ version: 0x20600 }), 96, 1, 1), 104, 0xffff)),
      "codedirectory-bad-linkage",
    ],
    ["identifier outside", withDirectory(patched(directory, 20, 0xffffff)), "codedirectory-bad-identifier"],
    ["identifier in the header", withDirectory(patched(directory, 20, 0)), "codedirectory-bad-identifier"],
    [
      "identifier without an end",
      withDirectory(patched(unterminated(), 20, unterminated().length - 3)),
      "codedirectory-bad-identifier",
    ],
    ["team outside", withDirectory(patched(directory, 48, 0xffffff)), "codedirectory-bad-team"],
  ])("%s", (_case, region, id) => {
    const signature = readSignature(region, SLICE);
    expect(signature.problems.map((problem) => problem.id)).toContain(id);
    expect(signature.best.cdhash).toMatch(/^[0-9a-f]{40}$/);
  });

  it.each<[string, Parameters<typeof codeDirectory>[0]]>([
    ["identifier", { identifier: "com.example.other" }],
    ["team", { team: "7QXW3N5R2K" }],
    ["flags", { flags: 0x10002 }],
    ["size of the code", { codeLimit: 12_000 }],
  ])("directories that differ in their %s", (_what, recipe) => {
    const region = superBlob([
      [0, codeDirectory({ hash: "sha1" })],
      [0x1000, codeDirectory(recipe)],
    ]);
    expect(ids(region)).toEqual(["codedirectories-disagree"]);
  });

  it("keeps what it can when a CodeDirectory is partly broken", () => {
    const { best, problems } = readSignature(withDirectory(patched(directory, 36, 1, 1)), SLICE);
    expect(problems.map(({ id }) => id)).toEqual(["codedirectory-bad-hash-size"]);
    expect(best).toMatchObject({ identifier: "com.example.invoice-viewer", teamId: "7QXW3N5R2K" });
    expect([best.codeHashCount, best.codeHashes.length]).toEqual([0, 0]);
  });
});

describe("readSignature, what cannot be used at all", () => {
  const directory = codeDirectory();
  it.each<[string, Buffer, string]>([
    ["nothing", Buffer.alloc(0), "superblob-truncated"],
    ["zeros", Buffer.alloc(4096), "superblob-bad-magic"],
    ["the detached form for several architectures", superBlob(adhocParts(), 0xfade0cc1), "superblob-bad-magic"],
    ["no CodeDirectory", superBlob(adhocParts().slice(1)), "codedirectory-missing"],
    [
      "a CodeDirectory of another magic",
      withDirectory(blob(MAGIC.entitlements, Buffer.alloc(99))),
      "codedirectory-bad-magic",
    ],
    [
      "a CodeDirectory too short",
      withDirectory(blob(MAGIC.codeDirectory, Buffer.alloc(20))),
      "codedirectory-bad-length",
    ],
    [
      "a header cut short",
      withDirectory(patched(blob(MAGIC.codeDirectory, Buffer.alloc(50)), 8, 0x20400)),
      "codedirectory-bad-length",
    ],
    ["too old a version", withDirectory(patched(directory, 8, 0x20000)), "codedirectory-version-unknown"],
    ["too new a version", withDirectory(patched(directory, 8, 0x30000)), "codedirectory-version-unknown"],
    ["an unknown hash", withDirectory(patched(directory, 37, 9, 1)), "codedirectory-hash-type-unknown"],
  ])("%s", (_case, region, id) => {
    expect(fatal(region)).toBe(id);
  });

  it("refuses alone what it would have shown in a signature", () => {
    expect(() => readCodeDirectory(patched(directory, 36, 1, 1), 0)).toThrow(Malformed);
  });
});

it("any bit of a CodeDirectory that changes changes the cdhash or is refused", () => {
  const directory = codeDirectory();
  const outcomes = new Set<string>();
  for (let at = 8; at < directory.length; at += 1) {
    const region = withDirectory(patched(directory, at, (directory[at] ?? 0) ^ 1, 1));
    const outcome = fatal(region);
    outcomes.add(outcome === "read" ? readSignature(region, SLICE).best.cdhash : `${outcome} ${at}`);
  }
  expect(outcomes.size).toBe(directory.length - 8);
  expect(outcomes).not.toContain(readSignature(superBlob(adhocParts()), SLICE).best.cdhash);
});

it("goes through no byte twice, however often a part is listed", () => {
  const directory = codeDirectory();
  const index = [0, 0x1000, 0x1001, 0x1002].flatMap((slot) => [word(slot), word(12 + 4 * 8)]);
  const { directories, problems } = readSignature(
    blob(MAGIC.embeddedSignature, Buffer.concat([word(4), ...index, directory])),
    SLICE,
  );
  expect(directories).toHaveLength(1);
  expect(problems.map(({ id }) => id)).toEqual(["superblob-overlap", "superblob-overlap", "superblob-overlap"]);
});

function unterminated(): Buffer {
  const directory = codeDirectory();
  directory.fill(0x41, directory.length - 40);
  return directory;
}

function manyBlobs(count: number): [number, Buffer][] {
  return Array.from({ length: count }, (_, index) => [0x20000 + index, blob(MAGIC.blobWrapper)]);
}
