import { type Micros, SECOND } from "#core/base/clock.ts";
import { formatTime } from "#core/base/time.ts";
import { hashText } from "./prng.ts";

/** Keys of eslogger's `stat` block (macOS 27 key map). */
export interface EsStat {
  st_dev: number;
  st_ino: number;
  st_mode: number;
  st_nlink: number;
  st_uid: number;
  st_gid: number;
  st_rdev: number;
  st_atimespec: string;
  st_mtimespec: string;
  st_ctimespec: string;
  st_birthtimespec: string;
  st_size: number;
  st_blocks: number;
  st_blksize: number;
  st_flags: number;
  st_gen: number;
}

export interface EsFile {
  path: string;
  path_truncated: boolean;
  stat: EsStat;
}

type FileKind = "program" | "document" | "directory" | "terminal";

/** st_mode: type and permissions (sys/stat.h). */
const MODE: Record<FileKind, number> = {
  program: 0o100755,
  document: 0o100644,
  directory: 0o040755,
  terminal: 0o020620,
};

const BLOCK = 4096;
const SECTOR = 512;
/** Files of macOS carry one date: that of the system volume's build. */
const SYSTEM_BUILT: Micros = Date.parse("2026-10-04T00:00:00Z") * 1000;
/** SF_RESTRICTED and UF_COMPRESSED, as on a recorded system binary. */
const SYSTEM_FLAGS = 524320;

export interface FileOptions {
  kind?: FileKind;
  uid?: number;
  size?: number;
  /** When it was last written. */
  changed?: Micros;
}

/** Nine digits, as eslogger prints file and event times; the last three come from `salt`. */
export function nanoTime(time: Micros, salt = 0): string {
  return `${formatTime(time).slice(0, -1)}${String(salt % 1000).padStart(3, "0")}Z`;
}

/** A file as eslogger describes it; everything not given follows from the path. */
export function esFile(path: string, options: FileOptions = {}): EsFile {
  const kind = options.kind ?? "program";
  const system = /^\/(System|usr|bin|sbin)\//.test(path) && !path.startsWith("/usr/local/");
  const hash = hashText(path);
  const size = options.size ?? (kind === "directory" ? 96 + (hash % 40) * 32 : 8192 + (hash % 900_000));
  const changed = options.changed ?? (system ? SYSTEM_BUILT : SYSTEM_BUILT + (hash % 3_000_000) * SECOND);
  const time = nanoTime(changed, system ? 0 : hash);
  const uid = options.uid ?? (system ? 0 : 501);
  return {
    path,
    path_truncated: false,
    stat: {
      st_dev: kind === "terminal" ? 1_084_850_176 : 16777231,
      st_ino: system ? 1152921500311000000 + (hash % 900_000) * 256 : 20_000_000 + (hash % 9_000_000),
      st_mode: MODE[kind],
      st_nlink: kind === "directory" ? 3 + (hash % 20) : 1,
      st_uid: uid,
      st_gid: uid === 0 ? 0 : 20,
      st_rdev: kind === "terminal" ? 268435458 : 0,
      st_atimespec: time,
      st_mtimespec: time,
      st_ctimespec: time,
      st_birthtimespec: time,
      st_size: kind === "terminal" ? 0 : size,
      st_blocks: Math.ceil(size / BLOCK) * (BLOCK / SECTOR),
      st_blksize: BLOCK,
      st_flags: system ? SYSTEM_FLAGS : 0,
      st_gen: 0,
    },
  };
}
