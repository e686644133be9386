import { seededBytes } from "../bytes.ts";
import { type FatEntry, fat, fatEntries, withFatEntries } from "../fat.ts";
import { machO } from "../mach-o.ts";
import { signAdHoc } from "../sign.ts";
import { type BytesCase, invalid } from "./case.ts";

const thin = (): Buffer => signAdHoc(machO({ arch: "x86_64" }));
const arm = (): Buffer => signAdHoc(machO({ arch: "arm64" }));
const both = (): Buffer => fat([thin(), arm()]);

function editEntries(file: Buffer, edit: (entries: [FatEntry, FatEntry]) => void): Buffer {
  const [first, second] = fatEntries(file);
  if (!first || !second) throw new Error("two slices are needed");
  edit([first, second]);
  return withFatEntries(file, [first, second]);
}

function withCount(file: Buffer, count: number): Buffer {
  const copy = Buffer.from(file);
  copy.writeUInt32BE(count, 4);
  return copy;
}

function withByte(file: Buffer, offset: number, value: number): Buffer {
  const copy = Buffer.from(file);
  copy[offset] = value;
  return copy;
}

/** What a Java compiler writes first: the fat magic, then its version where Mach-O has a count. */
function javaClass(): Buffer {
  return Buffer.concat([Buffer.from("cafebabe00000041", "hex"), seededBytes("java class", 600)]);
}

export const CONTAINER_CASES: readonly BytesCase[] = [
  {
    name: "data after a thin image",
    make: () => Buffer.concat([thin(), seededBytes("tail", 64)]),
    expect: invalid(/image-end/),
  },
  {
    name: "one zero byte after a thin image",
    make: () => Buffer.concat([thin(), Buffer.alloc(1)]),
    expect: invalid(/image-end/),
  },
  {
    name: "data after the last slice",
    make: () => Buffer.concat([both(), seededBytes("tail", 64)]),
    expect: invalid(/trailing-data/),
  },
  { name: "a gap between slices that is not empty", make: () => withByte(both(), 200, 1), expect: invalid(/gap/) },
  {
    name: "a slice that reaches into the next",
    make: () =>
      editEntries(both(), ([first, second]) => {
        first.size = second.offset + second.size - first.offset;
      }),
    expect: invalid(/overlap/),
  },
  {
    name: "two entries for the same bytes",
    make: () =>
      editEntries(both(), ([first, second]) => {
        second.offset = first.offset;
        second.size = first.size;
      }),
    expect: invalid(/overlap|mismatch/),
  },
  {
    name: "a slice over the fat header",
    make: () =>
      editEntries(both(), ([first]) => {
        first.offset = 0;
      }),
    expect: invalid(),
  },
  {
    name: "two slices for one architecture",
    make: () => fat([thin(), signAdHoc(machO({ arch: "x86_64", seed: "another" }))]),
    expect: invalid(/duplicate/),
  },
  {
    name: "offset and size that overflow 32 bits",
    make: () =>
      editEntries(both(), ([, second]) => {
        second.size = 2 ** 32 - second.offset + 16;
      }),
    expect: invalid(),
  },
  {
    name: "offset and size that overflow 64 bits",
    make: () => {
      const file = fat([thin(), arm()], { wide: true });
      file.writeBigUInt64BE(2n ** 64n - 4096n, 8 + 32 + 8);
      file.writeBigUInt64BE(2n ** 63n, 8 + 32 + 16);
      return file;
    },
    expect: invalid(),
  },
  {
    name: "an image that is a fat file itself",
    make: () => fat([thin(), arm()]).fill(both().subarray(0, 48), 4096, 4096 + 48),
    expect: invalid(),
  },
  { name: "a Java class file", make: javaClass, expect: { class: ["not-code"] } },
  { name: "a huge count of slices", make: () => withCount(both(), 0x7fffffff), expect: { class: ["not-code"] } },
  {
    name: "more slices announced than the header has",
    make: () => withCount(both(), 12),
    expect: invalid(),
  },
  {
    name: "a hidden arm64 slice after the last announced one, unsigned",
    make: () => withCount(fat([thin(), machO({ arch: "arm64", signable: false })]), 1),
    expect: { class: ["unsigned", "invalid"], says: /hidden/ },
  },
  {
    name: "a signed slice under a processor that it is not for, beside an unsigned one",
    make: () =>
      editEntries(fat([thin(), machO({ arch: "arm64", signable: false })]), ([first]) => {
        first.cpuType = 0x1234;
      }),
    expect: { class: ["unsigned", "invalid"], says: /mismatch|arch|cpu/ },
  },
  {
    name: "a signed slice beside an unsigned one",
    make: () => fat([thin(), machO({ arch: "arm64", signable: false })]),
    expect: { class: ["unsigned"] },
  },
  { name: "an empty file", make: () => Buffer.alloc(0), expect: { class: ["not-code", "unknown"] } },
  { name: "only a magic number", make: () => thin().subarray(0, 4), expect: { class: ["invalid", "not-code"] } },
];
