import { describe, expect, it } from "vitest";
import { seededRandom } from "#core/base/seeded-random.ts";
import { BufferSource } from "../byte-source.ts";
import { ReadFault } from "../problem.ts";
import type { Container } from "../slice.ts";
import { ARM64, address, type Command, fat, type FatEntry, image, words, X86_64 } from "./macho.fixture.ts";
import { readContainer } from "./read-container.ts";

type MachO = Extract<Container, { kind: "mach-o" }>;

function read(bytes: Buffer): MachO {
  const container = readContainer(new BufferSource(bytes));
  if (container.kind !== "mach-o") throw new Error("not a Mach-O file");
  return container;
}

function ids(list: readonly { id: string }[]): string[] {
  return list.map(({ id }) => id);
}

describe("a universal file", () => {
  const intel: FatEntry = { bytes: image({ cpuType: X86_64, cpuSubtype: 0x80000003 }), cpuType: X86_64, cpuSubtype: 3 };
  const arm: FatEntry = { bytes: image(), cpuType: ARM64 };
  const unsigned: FatEntry = { bytes: image({ signature: null }), cpuType: ARM64 };

  it.each([
    [false, true, []],
    [true, true, ["fat-header-not-loadable"]],
    [false, false, ["fat-header-not-loadable"]],
    [true, false, ["fat-header-not-loadable"]],
  ])("is read in every form (64-bit offsets: %s, big endian: %s)", (wide, bigEndian, notes) => {
    const container = read(fat([intel, arm], { wide, bigEndian }));
    expect(container).toMatchObject({ fat: true, problems: [] });
    expect(ids(container.notes)).toEqual(notes);
    expect(container.slices.map(({ arch, offset, size }) => [arch, offset, size])).toEqual([
      ["x86_64", 4096, 12384],
      ["arm64", 20480, 12384],
    ]);
    for (const slice of container.slices)
      expect(slice).toMatchObject({ signature: { offset: 12320, size: 64 }, problems: [], notes: [] });
  });

  it("tells data after the last slice and in the gaps", () => {
    expect(ids(read(fat([intel, arm], { trailing: Buffer.from("x") })).problems)).toEqual(["fat-trailing-data"]);
    const gap = fat([intel, arm]);
    gap[20479] = 1;
    expect(ids(read(gap).problems)).toEqual(["fat-gap-not-empty"]);
    const early = fat([intel, arm]);
    early[100] = 1;
    expect(ids(read(early).problems)).toEqual(["fat-gap-not-empty"]);
  });

  it("only notes such data when nothing is signed", () => {
    const container = read(fat([unsigned], { trailing: Buffer.from("x") }));
    expect([container.problems, ids(container.notes)]).toEqual([[], ["fat-trailing-data"]]);
  });

  it("takes no gap that is larger than the alignment explains, and does not read it all", () => {
    expect(ids(read(fat([intel, { ...arm, align: 13 }])).problems)).toEqual([]);
    const wide = Buffer.concat([fat([intel]), Buffer.alloc(3 * 2 ** 20), arm.bytes]);
    const table = fat([intel, { ...arm, offset: wide.length - arm.bytes.length }]).subarray(0, 48);
    table.copy(wide);
    expect(ids(read(wide).problems)).toEqual(["fat-gap-too-large"]);
    const first = Buffer.concat([fat([arm]).subarray(0, 4096), Buffer.alloc(2 ** 21), arm.bytes]);
    address(false, true, first.length - arm.bytes.length).copy(first, 16);
    expect(ids(read(first).problems)).toEqual(["fat-gap-too-large"]);
  });

  it("must not have two slices of one architecture, or slices that overlap", () => {
    expect(ids(read(fat([arm, arm])).problems)).toEqual(["fat-duplicate-architecture"]);
    const inside = read(fat([intel, { ...arm, offset: 4096 + 4096 }]));
    expect(ids(inside.problems)).toContain("fat-overlapping-slices");
    const same = read(fat([intel, { ...arm, offset: 4096 }]));
    expect(ids(same.problems)).toContain("fat-overlapping-slices");
    const table = read(fat([{ ...arm, offset: 4 }]));
    expect(ids(table.problems)).toContain("fat-overlapping-slices");
  });

  it("must not place a slice outside of the file", () => {
    expect(ids(read(fat([{ ...arm, size: 99999 }])).slices[0]?.problems ?? [])).toContain("slice-outside-file");
    expect(ids(read(fat([{ ...arm, offset: 0xfffff000 }])).slices[0]?.problems ?? [])).toContain(
      "slice-range-overflow",
    );
    const beyond = read(fat([{ ...arm, offset: 2 ** 53, size: 2 ** 53 }], { wide: true })).slices[0];
    expect(ids(beyond?.problems ?? [])).toEqual(["slice-range-overflow", "slice-not-mach-o"]);
  });

  it("keeps a slice that is no program", () => {
    const { slices } = read(fat([intel, { bytes: Buffer.from("just text here"), cpuType: ARM64 }]));
    expect(slices[1]).toMatchObject({ arch: "arm64", signature: null, size: 14 });
    expect(ids(slices[1]?.problems ?? [])).toEqual(["slice-not-mach-o"]);
    const nested = read(fat([{ bytes: fat([arm]), cpuType: ARM64 }]));
    expect(ids(nested.slices[0]?.problems ?? [])).toEqual(["slice-not-mach-o"]);
  });

  it("flags a slice that is listed as another processor's", () => {
    const [slice] = read(fat([{ ...arm, cpuType: 0x63 }, intel])).slices;
    expect(slice).toMatchObject({ arch: "arm64", problems: [] });
    expect(slice?.notes).toEqual([
      {
        id: "architecture-mismatch",
        message: expect.stringContaining("lists this program as cpu 0x63, but it is one for arm64"),
      },
    ]);
  });

  it("reads the arm64 slice that the header does not count, and flags it", () => {
    const container = read(fat([intel, arm], { count: 1 }));
    expect(container.slices.map(({ arch }) => arch)).toEqual(["x86_64", "arm64"]);
    expect([ids(container.notes), container.problems]).toEqual([["fat-hidden-architecture"], []]);
  });

  it("with no architecture, or cut inside its table, is a problem", () => {
    expect(ids(read(Buffer.concat([words(true, 0xcafebabe, 0), Buffer.alloc(64)])).problems)).toContain(
      "fat-no-architectures",
    );
    const cut = read(fat([intel, arm]).subarray(0, 40));
    expect(ids(cut.problems)).toContain("fat-header-truncated");
    expect(cut.slices).toHaveLength(1);
  });

  it("with very many architectures is read as far as macOS would", () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ ...arm, cpuType: 0x1000 + index }));
    const container = read(fat(many));
    expect(ids(container.problems)).toEqual(["fat-too-many-architectures"]);
    expect(container.slices).toHaveLength(50);
  });
});

describe("what is not Mach-O", () => {
  const archive = Buffer.from("!<arch>\nsome objects");
  it.each([
    ["nothing", Buffer.alloc(0)],
    ["three bytes", Buffer.from([0xcf, 0xfa, 0xed])],
    ["only a universal magic", words(true, 0xcafebabe)],
    ["a Java class file", Buffer.concat([words(true, 0xcafebabe, 0x34), Buffer.alloc(2000, 1)])],
    ["a Java class file of version 45.3", Buffer.concat([words(true, 0xcafebabe, 0x3002d), Buffer.alloc(2000, 1)])],
    ["a huge number of architectures", fat([{ bytes: image() }], { count: 0xffffffff })],
    ["a universal static library", fat([{ bytes: archive }, { bytes: archive, cpuType: X86_64 }])],
    ["a script", Buffer.from("#!/bin/sh\necho hello\n")],
  ])("%s", (_, bytes) => {
    expect(readContainer(new BufferSource(bytes))).toEqual({ kind: "not-mach-o" });
  });
});

describe("hostile files", () => {
  it("stay cheap when every entry points at the same large header", () => {
    const filler: Command = { cmd: 0x99, body: Buffer.alloc(2 ** 20 - 400) };
    const bytes = image({ codeSize: 2 ** 21, extraCommands: [filler] });
    const entries = Array.from({ length: 204 }, (_, index) => ({
      bytes: Buffer.alloc(0),
      cpuType: index,
      offset: 8192,
      size: bytes.length,
    }));
    const container = read(Buffer.concat([fat(entries), Buffer.alloc(4096), bytes]));
    expect(container.slices).toHaveLength(204);
    expect(ids(container.problems)).toContain("fat-overlapping-slices");
    expect(
      container.slices.filter(({ problems }) => ids(problems).includes("commands-too-large")).length,
    ).toBeGreaterThan(150);
  });

  it("never make it throw: 20,000 flips and truncations", () => {
    const random = seededRandom(7);
    const infoPlist = Buffer.from("<plist/>");
    const seeds = [
      fat([
        { bytes: image({ cpuType: X86_64, codeSize: 0, infoPlist }), cpuType: X86_64, cpuSubtype: 3 },
        { bytes: image({ codeSize: 0 }) },
      ]),
      image({ codeSize: 0, infoPlist }),
      image({ codeSize: 0, wide: false, bigEndian: true, cpuType: 18 }),
    ];
    let machO = 0;
    for (let round = 0; round < 20_000; round++) {
      const seed = seeds[round % seeds.length] as Buffer;
      const bytes = Buffer.from(round % 4 === 3 ? seed.subarray(0, Math.floor(random() * seed.length)) : seed);
      // Most of what can go wrong is in the headers.
      const reach = round % 2 === 0 ? Math.min(bytes.length, 600) : bytes.length;
      for (let flips = 1 + Math.floor(random() * 4); flips > 0 && bytes.length > 0; flips--) {
        const at = Math.floor(random() * reach);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
      const container = readContainer(new BufferSource(bytes));
      if (container.kind !== "mach-o") continue;
      machO += 1;
      for (const { offset, size, signature } of container.slices) {
        expect(offset + size).toBeLessThanOrEqual(bytes.length);
        expect((signature?.offset ?? 0) + (signature?.size ?? 0)).toBeLessThanOrEqual(size);
      }
    }
    expect(machO).toBeGreaterThan(15_000);
  });

  it("let a fault of the disk pass", () => {
    const source = {
      size: 4096,
      read: (): Buffer => {
        throw new ReadFault("read-eio", "The disk could not read it.");
      },
      readInto: (): void => {},
    };
    expect(() => readContainer(source)).toThrow(ReadFault);
  });
});
