import {
  AD_HOC_WORD,
  CATEGORY,
  DEVELOPER_ID_WORD,
  DEVELOPMENT_WORD,
  LINKER_SIGNED_WORD,
  PLATFORM_WORD,
  UNSIGNED_WORD,
} from "./cs-flags.ts";
import { Prng } from "./prng.ts";

/** An executable as the kernel sees it once loaded. */
export interface Code {
  path: string;
  signingId: string | null;
  teamId: string | null;
  /** 40 upper-case hex digits, as eslogger prints them; all zeros when there is no signature. */
  cdhash: string;
  /** An unsigned 32-bit word of CS_ bits. */
  flags: number;
  category: number;
  platform: boolean;
  arch: "arm64e" | "arm64" | "x86_64";
  /** Owner of the file. */
  uid: number;
}

export const NO_CDHASH = "0".repeat(40);

/** A new `build` is a new CDHash: the way a rebuilt binary differs from the last one at the same path. */
export function cdhashOf(path: string, build = "1"): string {
  return new Prng(`cdhash ${path} ${build}`).hex(40);
}

function code(path: string, part: Omit<Code, "path" | "cdhash"> & { build?: string | undefined }): Code {
  const { build, ...rest } = part;
  return { path, cdhash: cdhashOf(path, build), ...rest };
}

/** Part of macOS. */
export function platformBinary(path: string, signingId: string): Code {
  return code(path, {
    signingId,
    teamId: null,
    flags: PLATFORM_WORD,
    category: CATEGORY.platform,
    platform: true,
    arch: "arm64e",
    uid: 0,
  });
}

export function developerId(path: string, signingId: string, teamId: string, uid = 501): Code {
  return code(path, {
    signingId,
    teamId,
    flags: DEVELOPER_ID_WORD,
    category: CATEGORY.developerId,
    platform: false,
    arch: "arm64",
    uid,
  });
}

export function appStore(path: string, signingId: string, teamId: string): Code {
  return code(path, {
    signingId,
    teamId,
    flags: DEVELOPER_ID_WORD,
    category: CATEGORY.appStore,
    platform: false,
    arch: "arm64",
    uid: 0,
  });
}

/** Signed by Xcode with a development certificate. */
export function development(path: string, signingId: string, teamId: string, build?: string): Code {
  return code(path, {
    signingId,
    teamId,
    flags: DEVELOPMENT_WORD,
    category: CATEGORY.development,
    platform: false,
    arch: "arm64",
    uid: 501,
    build,
  });
}

/** What the linker makes of every local build on Apple silicon. */
export function linkerSigned(path: string, build?: string): Code {
  return code(path, {
    signingId: path.slice(path.lastIndexOf("/") + 1),
    teamId: null,
    flags: LINKER_SIGNED_WORD,
    category: CATEGORY.none,
    platform: false,
    arch: "arm64",
    uid: 501,
    build,
  });
}

export function adHoc(path: string, signingId: string, build?: string): Code {
  return code(path, {
    signingId,
    teamId: null,
    flags: AD_HOC_WORD,
    category: CATEGORY.none,
    platform: false,
    arch: "arm64",
    uid: 501,
    build,
  });
}

/** Intel code without a signature, run by Rosetta. */
export function unsigned(path: string): Code {
  return {
    path,
    signingId: null,
    teamId: null,
    cdhash: NO_CDHASH,
    flags: UNSIGNED_WORD,
    category: CATEGORY.invalid,
    platform: false,
    arch: "x86_64",
    uid: 501,
  };
}

export interface CpuType {
  image_cputype: number;
  image_cpusubtype: number;
}

/** mach/machine.h: CPU_TYPE_ARM64, CPU_TYPE_X86_64; the arm64e subtype carries the pointer-authentication bit. */
export const CPU: Record<Code["arch"], CpuType> = {
  arm64e: { image_cputype: 0x0100000c, image_cpusubtype: -2147483646 },
  arm64: { image_cputype: 0x0100000c, image_cpusubtype: 0 },
  x86_64: { image_cputype: 0x01000007, image_cpusubtype: 3 },
};
