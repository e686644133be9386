import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { BufferSource } from "../byte-source.ts";
import type { CodeDirectory, HashKind } from "../code-signature.ts";
import { type Control, NO_CONTROL } from "../control.ts";
import { Cancelled } from "../problem.ts";
import type { Slice } from "../slice.ts";
import { checkCoverage, checkPages } from "./page-hashes.ts";

/** Constructed: a slice of pseudo-random code with nothing but the facts that hashing needs. */
function codeOf(size: number): Buffer {
  const random = seededRandom(size);
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at++) bytes[at] = random() * 256;
  return bytes;
}

function sliceOf(bytes: Buffer, offset = 0, signatureAt = bytes.length - offset): Slice {
  return {
    arch: "arm64",
    cpuType: 0x0100000c,
    cpuSubtype: 0,
    offset,
    size: bytes.length - offset,
    is64: true,
    bigEndian: false,
    fileType: 2,
    signature: { offset: signatureAt, size: 1 },
    embeddedInfoPlist: null,
    textSegment: null,
    problems: [],
    notes: [],
  };
}

const SIZE: Record<HashKind, number> = { sha1: 20, sha256: 32, "sha256-truncated": 20, sha384: 48 };

function directoryOf(code: Buffer, kind: HashKind, pageSize: number | null, codeLimit = code.length): CodeDirectory {
  const codeHashes: Buffer[] = [];
  const page = pageSize ?? Math.max(1, codeLimit);
  const algorithm = kind === "sha256-truncated" ? "sha256" : kind;
  for (let at = 0; at < codeLimit; at += page)
    codeHashes.push(
      hash(algorithm, code.subarray(at, Math.min(at + page, codeLimit)), "buffer").subarray(0, SIZE[kind]),
    );
  return {
    slot: 0,
    bytes: Buffer.alloc(0),
    version: 0x20400,
    flags: 0,
    hash: kind,
    hashSize: SIZE[kind],
    identifier: "invoice-viewer",
    teamId: null,
    platform: 0,
    pageSize,
    codeLimit,
    codeHashCount: codeHashes.length,
    codeHashes: Buffer.concat(codeHashes),
    specialHashes: new Map(),
    execSegment: null,
    runtimeVersion: null,
    fullHash: Buffer.alloc(0),
    cdhash: "",
  };
}

function check(code: Buffer, directories: CodeDirectory[], slice = sliceOf(code)) {
  return checkPages(new BufferSource(code), slice, directories, NO_CONTROL);
}

function ids(list: readonly { id: string }[]): string[] {
  return list.map(({ id }) => id);
}

describe("page hashes", () => {
  const kinds = ["sha1", "sha256", "sha256-truncated", "sha384"] as const;
  const sizes = [1, 4095, 4096, 4097, 3 * 16384, 3 * 16384 + 5, 512 * 1024, 512 * 1024 + 1, 1_300_000];
  it.each(kinds.flatMap((kind) => [4096, 16384].map((page) => [kind, page] as const)))(
    "of %s over pages of %i are right for every length",
    (kind, page) => {
      for (const size of sizes) {
        const code = codeOf(size);
        expect(check(code, [directoryOf(code, kind, page)])).toEqual({
          status: "ok",
          badPages: 0,
          firstBadPage: null,
          problems: [],
        });
      }
    },
  );

  it.each([512, 2 ** 19, 2 ** 20, 2 ** 24, 3000, null])(
    "of a page of %s bytes are streamed where they must be",
    (page) => {
      for (const size of [100, 2 ** 20, 1_300_000]) {
        const code = codeOf(size);
        const directory = directoryOf(code, "sha256", page);
        expect(check(code, [directory])).toMatchObject({ badPages: 0, problems: [] });
        const changed = Buffer.from(code);
        changed[size - 1] = (changed[size - 1] ?? 0) ^ 1;
        expect(check(changed, [directory])).toMatchObject({
          status: "bad",
          badPages: 1,
          firstBadPage: directory.codeHashCount - 1,
        });
      }
    },
  );

  it("are counted exactly, with the first that differs", () => {
    const code = codeOf(1_300_000);
    const directory = directoryOf(code, "sha256", 4096);
    const changed = Buffer.from(code);
    for (const page of [7, 8, 200, 317]) changed[page * 4096] = (changed[page * 4096] ?? 0) ^ 0x80;
    expect(check(changed, [directory])).toEqual({
      status: "bad",
      badPages: 4,
      firstBadPage: 7,
      problems: [
        {
          id: "page-hash-mismatch",
          message:
            "4 of its 318 pages differ from what was signed (sha256), first page 7: it was changed after signing.",
        },
      ],
    });
  });

  it("are compared in every CodeDirectory, each with its own problem", () => {
    const code = codeOf(50_000);
    const good = [
      directoryOf(code, "sha1", 4096),
      directoryOf(code, "sha256", 16384),
      directoryOf(code, "sha256-truncated", 4096),
    ];
    expect(check(code, good).status).toBe("ok");
    for (const [index, directory] of good.entries()) {
      const codeHashes = Buffer.from(directory.codeHashes);
      codeHashes.fill(0xee, directory.hashSize, 2 * directory.hashSize);
      const altered = good.with(index, { ...directory, codeHashes });
      expect(check(code, altered)).toMatchObject({ status: "bad", badPages: 1, firstBadPage: 1 });
      expect(check(code, altered).problems).toHaveLength(1);
    }
    const changed = Buffer.from(code);
    changed[0] = (changed[0] ?? 0) ^ 1;
    expect(check(changed, good).problems.map(({ message }) => /\(.*\)/.exec(message)?.[0])).toEqual([
      "(sha1)",
      "(sha256)",
      "(sha256-truncated)",
    ]);
  });

  it("of zeros are no wildcard", () => {
    const code = codeOf(9000);
    const directory = directoryOf(code, "sha256", 4096);
    const codeHashes = Buffer.alloc(directory.codeHashes.length);
    expect(check(code, [{ ...directory, codeHashes }])).toMatchObject({ status: "bad", badPages: 3, firstBadPage: 0 });
  });

  it("that are missing do not match", () => {
    const code = codeOf(9000);
    const directory = directoryOf(code, "sha256", 4096);
    expect(check(code, [{ ...directory, codeHashCount: 1 }]).badPages).toBe(2);
    expect(check(code, [{ ...directory, codeHashCount: 0, codeHashes: Buffer.alloc(0) }]).badPages).toBe(3);
    // A table that is shorter than its count says is no good either.
    expect(check(code, [{ ...directory, codeHashes: directory.codeHashes.subarray(0, 40) }]).badPages).toBe(2);
  });

  it("any flipped bit of the code shows, the header and the last partial page included", () => {
    const code = codeOf(10_000);
    const directories = [directoryOf(code, "sha1", 4096), directoryOf(code, "sha256", 4096)];
    const random = seededRandom(3);
    for (const at of [0, 4095, 4096, 9_999, ...Array.from({ length: 60 }, () => Math.floor(random() * 10_000))]) {
      const changed = Buffer.from(code);
      changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      expect(check(changed, directories)).toMatchObject({ badPages: 1, firstBadPage: Math.floor(at / 4096) });
    }
  });

  it("are taken from the slice's place in the file and end where the signature begins", () => {
    const file = codeOf(60_000);
    const slice = sliceOf(file, 8192, 40_000);
    const directory = directoryOf(file.subarray(8192), "sha256", 4096, 40_000);
    expect(check(file, [directory], slice)).toMatchObject({ status: "ok", badPages: 0 });
    expect(checkCoverage(slice, [directory])).toEqual([]);
    file[8192 + 40_000] = (file[8192 + 40_000] ?? 0) ^ 1;
    expect(check(file, [directory], slice).badPages).toBe(0);
  });

  it("never read past the slice, whatever the limit claims", () => {
    const code = codeOf(9000);
    const directory = directoryOf(code, "sha256", 4096);
    for (const codeLimit of [9001, 2 ** 40, Number.MAX_SAFE_INTEGER])
      expect(check(code, [{ ...directory, codeLimit }]).status).toBe("bad");
  });

  it("without a CodeDirectory, or with one that covers nothing, are never ok", () => {
    const code = codeOf(9000);
    expect(check(code, []).status).toBe("bad");
    expect(check(code, [directoryOf(code, "sha256", 4096, 0)]).status).toBe("bad");
    expect(check(code, [directoryOf(code, "sha256", 16)]).status).toBe("bad");
  });
});

describe("whoever asked", () => {
  const code = codeOf(1_300_000);
  const directories = [directoryOf(code, "sha1", 4096), directoryOf(code, "sha256", 4096)];

  it("is told each byte once, however many CodeDirectories there are", () => {
    let bytes = 0;
    const control: Control = { cancelled: () => false, progress: (more) => (bytes += more) };
    checkPages(new BufferSource(code), sliceOf(code), directories, control);
    expect(bytes).toBe(code.length);
  });

  it("can stop it between two chunks", () => {
    let asked = 0;
    const control: Control = { cancelled: () => ++asked > 2, progress: () => {} };
    expect(() => checkPages(new BufferSource(code), sliceOf(code), directories, control)).toThrow(Cancelled);
    expect(asked).toBe(3);
  });
});

describe("coverage", () => {
  const code = codeOf(40_960);
  const slice = sliceOf(code, 0, 32_768);
  const right = directoryOf(code, "sha256", 4096, 32_768);

  it("of everything before the signature is right", () => {
    expect(checkCoverage(slice, [right, directoryOf(code, "sha1", 16384, 32_768)])).toEqual([]);
  });

  const cases: [string, string[], Partial<CodeDirectory>][] = [
    ["one page", ["code-not-covered"], directoryOf(code, "sha256", 4096, 4096)],
    ["all but a byte", ["code-not-covered"], { codeLimit: 32_767 }],
    ["no page", ["nothing-covered"], directoryOf(code, "sha256", 4096, 0)],
    ["more than there is to sign", ["code-limit-too-large"], directoryOf(code, "sha256", 4096, 32_769)],
    [
      "one hash too few",
      ["page-count-mismatch"],
      { codeHashCount: right.codeHashCount - 1, codeHashes: right.codeHashes.subarray(32) },
    ],
    [
      "one hash too many",
      ["page-count-mismatch"],
      { codeHashCount: right.codeHashCount + 1, codeHashes: Buffer.concat([right.codeHashes, Buffer.alloc(32)]) },
    ],
    ["pages of a size the kernel refuses", ["page-size-not-loadable"], directoryOf(code, "sha256", 8192, 32_768)],
    ["one page over all of a program", ["page-size-not-loadable"], directoryOf(code, "sha256", null, 32_768)],
  ];
  it.each(cases)("of %s is a problem, also when only one CodeDirectory has it", (_, expected, change) => {
    expect(ids(checkCoverage(slice, [right, { ...right, ...change }]))).toEqual(expected);
  });

  it("of a file without a signature inside goes to its end, in one page if need be", () => {
    const whole = { ...slice, signature: null };
    expect(checkCoverage(whole, [directoryOf(code, "sha256", null)])).toEqual([]);
    expect(checkCoverage({ ...whole, size: 0 }, [directoryOf(code, "sha256", null, 0)])).toEqual([]);
    expect(ids(checkCoverage(whole, [directoryOf(code, "sha256", null, 100)]))).toEqual(["code-not-covered"]);
    const two = {
      ...directoryOf(code, "sha256", null),
      codeHashCount: 2,
      codeHashes: Buffer.alloc(64),
    };
    expect(ids(checkCoverage(whole, [two]))).toEqual(["page-count-mismatch"]);
  });
});
