import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { dirname, extname } from "node:path";
import Database from "better-sqlite3";
import type { Clock } from "#core/base/clock.ts";
import type { Logger } from "#core/base/logger.ts";
import { formatTime } from "#core/base/time.ts";
import { AUTO_CHECKPOINT_PAGES, KEPT_LOG_BYTES } from "./checkpoint.ts";
import { asStoreError, errorCode, guarded, StoreError } from "./errors.ts";
import { type ReadDb, readHandle, type WriteDb, writeHandle } from "./handle.ts";
import { APPLICATION_ID, migrate, SCHEMA_VERSION, schemaVersion } from "./schema.ts";
import { takeWriterLock } from "./writer-lock.ts";

export interface StoreOptions {
  clock: Clock;
  logger: Logger;
  /** Check every page, however large the database is: after a `corrupt` error, before using it again. */
  thorough?: boolean;
}

export interface Store {
  readonly db: WriteDb;
  /** One sentence when a damaged database was moved out of the way and a fresh one was started. */
  readonly setAside: string | null;
  readonly close: () => void;
}

export interface ReadStore {
  readonly db: ReadDb;
  readonly close: () => void;
}

export const IN_MEMORY = ":memory:";

/** Databases up to this size are checked page by page at every open; larger ones when the last writer did not close. */
const QUICKLY_CHECKED_BYTES = 64 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 5000;
const CACHE_KIB = 32 * 1024;
const DATABASE_NAMES: ReadonlySet<string> = new Set([".db", ".sqlite", ".sqlite3"]);
const SQLITE_MAGIC = Buffer.from("SQLite format 3\0");
const SIDE_FILES = ["", "-wal", "-shm"] as const;

/**
 * Opens the database for its one writer, creating or migrating it as needed. A damaged database is moved aside and a
 * fresh one started; one that a newer Sealbar wrote, or another program, is refused and left as it is.
 * @throws StoreBusy when another writer has it; StoreError `newer`, `foreign`, `unavailable`, `full`, `readonly`
 */
export function openStore(path: string, options: StoreOptions): Store {
  if (path === IN_MEMORY) return openInMemory();
  return guarded(() => {
    makePlace(path);
    const lock = takeWriterLock(path, process.pid);
    try {
      const { sqlite, setAside } = openOrSetAside(path, options, options.thorough === true || lock.leftBehind);
      const close = () => {
        try {
          sqlite.close();
        } finally {
          lock.release();
        }
      };
      return { db: writeHandle(sqlite), setAside, close };
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

/**
 * Opens the database for reading beside whoever writes it.
 * @throws StoreError `unavailable` when there is none, `older` or `newer` when its schema is not this version's
 */
export function openReadOnly(path: string): ReadStore {
  return guarded(() => {
    const sqlite = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      refuseForeign(sqlite, path);
      if (schemaVersion(sqlite) < SCHEMA_VERSION) {
        throw new StoreError("older", `The database ${path} must first be opened for writing once.`);
      }
      sqlite.pragma(`cache_size = -${CACHE_KIB}`);
    } catch (error) {
      sqlite.close();
      throw error;
    }
    return { db: readHandle(sqlite), close: () => sqlite.close() };
  });
}

function openInMemory(): Store {
  const sqlite = new Database(IN_MEMORY);
  prepare(sqlite);
  return { db: writeHandle(sqlite), setAside: null, close: () => sqlite.close() };
}

/** What is stored tells what a person ran: only the owner may read it. */
function makePlace(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) {
    throw new StoreError("unavailable", `${path} is not a file, so it cannot be a database.`);
  }
  if (there === undefined) closeSync(openSync(path, "a", 0o600));
}

function openOrSetAside(
  path: string,
  options: StoreOptions,
  suspicious: boolean,
): { sqlite: Database.Database; setAside: string | null } {
  try {
    return { sqlite: openChecked(path, suspicious), setAside: null };
  } catch (error) {
    const trouble = asStoreError(error);
    if (trouble.kind !== "corrupt") throw trouble;
    if (!wasDatabase(path)) throw new StoreError("foreign", `${path} is not a database. Name another file.`);
    const aside = moveAside(path);
    const setAside = `The database ${path} was damaged; it was moved to ${aside} and a new one was started at ${formatTime(options.clock.now())}.`;
    options.logger.warn(`${setAside} (${trouble.message})`);
    makePlace(path);
    return { sqlite: openChecked(path, false), setAside };
  }
}

function openChecked(path: string, suspicious: boolean): Database.Database {
  const sqlite = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    refuseForeign(sqlite, path);
    if (suspicious || statSync(path).size <= QUICKLY_CHECKED_BYTES) checkPages(sqlite);
    prepare(sqlite);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Another program's database, or a later version's, is not ours to touch. */
function refuseForeign(sqlite: Database.Database, path: string): void {
  const version = schemaVersion(sqlite);
  const empty = Number(sqlite.prepare("SELECT count(*) FROM sqlite_master").pluck().get()) === 0;
  if (empty && version === 0) return;
  if (sqlite.pragma("application_id", { simple: true }) !== APPLICATION_ID) {
    throw new StoreError("foreign", `${path} is a database of another program.`);
  }
  if (version > SCHEMA_VERSION) {
    throw new StoreError(
      "newer",
      `The database ${path} was written by a newer Sealbar (schema ${version}, this one knows ${SCHEMA_VERSION}).`,
    );
  }
}

function checkPages(sqlite: Database.Database): void {
  const answer: unknown = sqlite.pragma("quick_check(1)", { simple: true });
  if (answer !== "ok") throw new StoreError("corrupt", `The database is damaged: ${String(answer)}.`, "SQLITE_CORRUPT");
}

function prepare(sqlite: Database.Database): void {
  // Takes effect only before the first table is made: lets retention give space back in small steps.
  sqlite.pragma("auto_vacuum = INCREMENTAL");
  sqlite.pragma("journal_mode = WAL");
  // NORMAL syncs at checkpoints, not at commits. A killed process loses nothing that was committed, because the log is
  // in the system's cache already; a power cut may lose the last commits, whole ones, and never damages the file. What
  // is lost that way is read again: captures by their records' identity, the helper's spool by what was not acknowledged.
  sqlite.pragma("synchronous = NORMAL");
  sqlite.pragma(`wal_autocheckpoint = ${AUTO_CHECKPOINT_PAGES}`);
  sqlite.pragma(`journal_size_limit = ${KEPT_LOG_BYTES}`);
  sqlite.pragma(`cache_size = -${CACHE_KIB}`);
  sqlite.pragma("foreign_keys = ON");
  sqlite.pragma("trusted_schema = OFF");
  migrate(sqlite);
}

/** A damaged header is told from somebody's document by the file's name: a document is never moved out of its place. */
function wasDatabase(path: string): boolean {
  if (DATABASE_NAMES.has(extname(path).toLowerCase())) return true;
  const head = Buffer.alloc(SQLITE_MAGIC.length);
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return head.equals(SQLITE_MAGIC);
}

/** @returns where it is now: the first free `….corrupt-<n>` */
function moveAside(path: string): string {
  let n = 1;
  while (SIDE_FILES.some((side) => existsSync(`${path}.corrupt-${n}${side}`))) n++;
  for (const side of SIDE_FILES) {
    try {
      renameSync(`${path}${side}`, `${path}.corrupt-${n}${side}`);
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error;
    }
  }
  return `${path}.corrupt-${n}`;
}
