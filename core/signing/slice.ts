import type { Problem } from "#contract/inspection.ts";

/** One Mach-O image of a file: the whole of a thin one, or one architecture of a fat one. */
export interface Slice {
  /** Apple's name of the architecture, e.g. `arm64e`; `cpu 0x…` for one without a name. */
  arch: string;
  cpuType: number;
  cpuSubtype: number;
  /** In the file, bytes. */
  offset: number;
  size: number;
  is64: boolean;
  bigEndian: boolean;
  /** MH_* of mach-o/loader.h, e.g. 2 for MH_EXECUTE. */
  fileType: number;
  /** LC_CODE_SIGNATURE, relative to the slice; null without one. */
  signature: { offset: number; size: number } | null;
  /** `__TEXT,__info_plist`, whole; null without one. */
  embeddedInfoPlist: Buffer | null;
  /** The segment that maps the header (`__TEXT`), relative to the slice; null where there is none (an object file). */
  textSegment: { offset: number; size: number } | null;
  /** Strict failures: with any of them the slice is invalid. */
  problems: Problem[];
  notes: Problem[];
}

export type Container =
  | { kind: "mach-o"; fat: boolean; slices: Slice[]; problems: Problem[]; notes: Problem[] }
  /** Something else, e.g. a Java class file, which shares the fat magic. */
  | { kind: "not-mach-o" };
