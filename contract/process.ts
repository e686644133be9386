/** Identity of a process within a boot. `pidversion` is null where the source does not give it. */
export interface ProcessId {
  pid: number;
  pidversion: number | null;
}

/** A process as a source described it. Null means the source did not say. */
export interface Process {
  id: ProcessId;
  ppid: number | null;
  parent: ProcessId | null;
  /** The process macOS holds responsible (for a shell in a terminal: the terminal). */
  responsible: ProcessId | null;
  path: string;
  pathTruncated: boolean;
  /** Effective user id. */
  uid: number | null;
  /** Audit (login) user id; null when unset. */
  auid: number | null;
  signingId: string | null;
  teamId: string | null;
  /** Lower-case; null when the source gave none or all zeros. */
  cdhash: string | null;
  /** xnu osfmk/kern/cs_blobs.h, an unsigned 32-bit word. */
  codesigningFlags: number | null;
  isPlatformBinary: boolean | null;
  /** xnu CS_VALIDATION_CATEGORY_*; absent before message version 10. */
  validationCategory: number | null;
  tty: string | null;
  startTime: string | null;
}

export interface FileRef {
  path: string;
  pathTruncated: boolean;
  dev: number | null;
  ino: number | null;
  mode: number | null;
  size: number | null;
  /** RFC 3339, as the source gave it. */
  mtime: string | null;
  birthtime: string | null;
}
