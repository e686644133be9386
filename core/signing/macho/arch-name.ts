import { CPU_SUBTYPE_MASK } from "./constants.ts";

/** Apple's names by cputype and cpusubtype (mach/machine.h, NXArchInfo of cctools). */
const NAMES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  6: { 1: "m68k", 2: "m68040", 3: "m68030" },
  7: { 3: "i386", 4: "i486", 5: "i586", 0x16: "i686" },
  11: { 0: "hppa", 1: "hppa7100LC" },
  12: {
    0: "arm",
    5: "armv4t",
    6: "armv6",
    7: "armv5",
    8: "xscale",
    9: "armv7",
    10: "armv7f",
    11: "armv7s",
    12: "armv7k",
    13: "armv8",
    14: "armv6m",
    15: "armv7m",
    16: "armv7em",
  },
  13: { 0: "m88k" },
  14: { 0: "sparc" },
  15: { 0: "i860" },
  18: {
    0: "ppc",
    1: "ppc601",
    3: "ppc603",
    4: "ppc603e",
    5: "ppc603ev",
    6: "ppc604",
    7: "ppc604e",
    9: "ppc750",
    10: "ppc7400",
    11: "ppc7450",
    100: "ppc970",
  },
  0x01000007: { 3: "x86_64", 8: "x86_64h" },
  0x0100000c: { 0: "arm64", 1: "arm64v8", 2: "arm64e" },
  0x01000012: { 0: "ppc64", 100: "ppc970-64" },
  0x0200000c: { 0: "arm64_32", 1: "arm64_32" },
};

const BIG_ENDIAN_CPUS: ReadonlySet<number> = new Set([6, 11, 13, 14, 15, 18, 0x01000012]);

/** `arm64e`, …; for one without a name `cpu 0x1000012`, with its subtype when only that has none. Capability bits do not count. */
export function archName(cpuType: number, cpuSubtype: number): string {
  const subtype = (cpuSubtype & ~CPU_SUBTYPE_MASK) >>> 0;
  const named = NAMES[cpuType];
  if (named === undefined) return `cpu 0x${cpuType.toString(16)}`;
  return named[subtype] ?? `cpu 0x${cpuType.toString(16)} subtype 0x${subtype.toString(16)}`;
}

/** The byte order of the processor; null for one without a name. */
export function isBigEndianCpu(cpuType: number): boolean | null {
  return NAMES[cpuType] === undefined ? null : BIG_ENDIAN_CPUS.has(cpuType);
}
