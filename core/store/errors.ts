/** Why the store cannot do what it was asked, for callers that act on the difference. */
export type StoreErrorKind =
  | "busy"
  | "full"
  | "readonly"
  | "corrupt"
  | "newer"
  | "older"
  | "foreign"
  | "unavailable"
  | "failed";

/** Every error that leaves core/store. `message` is one sentence a user can read. */
export class StoreError extends Error {
  readonly kind: StoreErrorKind;
  /** SQLite's result code or the system's error code, for the log. */
  readonly code: string | null;

  constructor(kind: StoreErrorKind, message: string, code: string | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StoreError";
    this.kind = kind;
    this.code = code;
  }
}

/** Another process writes this database. It can still be read with `openReadOnly`. */
export class StoreBusy extends StoreError {
  /** null when the holder could not be read, e.g. because it is only just starting. */
  readonly holderPid: number | null;

  constructor(path: string, holderPid: number | null) {
    const holder = holderPid === null ? "another process" : `process ${holderPid}`;
    super("busy", `The database ${path} is being written by ${holder}.`, "SQLITE_BUSY");
    this.name = "StoreBusy";
    this.holderPid = holderPid;
  }
}

/** The disk takes no more. Nothing of the batch was kept; the same batch can be committed again later. */
export class StoreFull extends StoreError {
  constructor(code: string, cause: unknown) {
    super("full", "The disk is full or cannot be written to, so nothing more is being stored.", code, cause);
    this.name = "StoreFull";
  }
}

/** SQLite's result code or Node's system error code; "" when the error has none. */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

export function isCorruption(code: string): boolean {
  return code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB";
}

/** Gives whatever SQLite or the file system threw its kind. */
export function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = errorCode(error);
  const words = error instanceof Error ? error.message : String(error);
  if (isCorruption(code)) return new StoreError("corrupt", `The database is damaged: ${words}.`, code, error);
  // SQLite reports a full disk as FULL or, from fsync, truncate and the shared memory file, as one of the IOERRs.
  if (code === "SQLITE_FULL" || code === "ENOSPC" || code === "EDQUOT" || code.startsWith("SQLITE_IOERR")) {
    return new StoreFull(code, error);
  }
  if (code.startsWith("SQLITE_READONLY") || code === "EROFS") {
    return new StoreError("readonly", "The database cannot be written: it is read-only.", code, error);
  }
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return new StoreError("busy", "The database is busy.", code, error);
  }
  const fromSystem = /^E[A-Z0-9]+$/.test(code);
  if (fromSystem || code.startsWith("SQLITE_CANTOPEN") || code === "SQLITE_PERM" || code === "SQLITE_AUTH") {
    return new StoreError("unavailable", `The database cannot be opened: ${words}.`, code, error);
  }
  return new StoreError("failed", `The database failed: ${words}.`, code === "" ? null : code, error);
}

/** Runs a database call so that only {@link StoreError}s leave it. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStoreError(error);
  }
}
