import { closeSync, openSync, rmSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { errorCode, StoreBusy, StoreError } from "./errors.ts";

/**
 * One writer a database, enforced by a lock that the kernel drops when its process dies, however it dies: a small
 * SQLite file beside the database in which the writer keeps a transaction open. A second writer is refused by that lock
 * and can still read who holds it. (A file with a process id alone would mistake a reused id for a living writer.)
 */
export interface WriterLock {
  /** Whether an earlier writer left its lock behind, that is, did not close. */
  readonly leftBehind: boolean;
  release(): void;
}

const ATTEMPTS = 5;
const FIRST_LOOK_TIMEOUT_MS = 50;

/** @throws StoreBusy when another connection, of this or another process, holds it */
export function takeWriterLock(databasePath: string, pid: number): WriterLock {
  const path = `${databasePath}.lock`;
  const leftBehind = inode(path) !== null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = ensureFile(path);
    const lock = new Database(path, { timeout: FIRST_LOOK_TIMEOUT_MS });
    if (!lockFile(lock, databasePath, pid)) continue;
    // A writer that closed meanwhile has removed the file we locked; the next writer would lock another one.
    if (inode(path) === before) return { leftBehind, release: () => release(lock, path) };
    lock.close();
  }
  throw new StoreError("unavailable", `The lock file ${path} cannot be used.`);
}

/** @returns false when the file is unusable and was removed */
function lockFile(lock: Database.Database, databasePath: string, pid: number): boolean {
  const path = lock.name;
  try {
    lock
      .transaction(() => {
        lock.exec("CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL) STRICT; DELETE FROM holder");
        lock.prepare("INSERT INTO holder (pid) VALUES (?)").run(pid);
      })
      .immediate();
    lock.exec("BEGIN IMMEDIATE");
    return true;
  } catch (error) {
    const code = errorCode(error);
    const holder = code.startsWith("SQLITE_BUSY") ? holderPid(lock) : null;
    lock.close();
    if (code.startsWith("SQLITE_BUSY")) throw new StoreBusy(databasePath, holder);
    if (code !== "SQLITE_NOTADB" && !code.startsWith("SQLITE_CORRUPT")) throw error;
    rmSync(path, { force: true });
    return false;
  }
}

function holderPid(lock: Database.Database): number | null {
  try {
    const pid: unknown = lock.prepare("SELECT pid FROM holder").pluck().get();
    return typeof pid === "number" ? pid : null;
  } catch {
    return null;
  }
}

function release(lock: Database.Database, path: string): void {
  if (!lock.open) return;
  rmSync(path, { force: true });
  lock.close();
}

/**
 * Opened by hand only when it is missing: closing any descriptor of a file drops this process's locks on it
 * (POSIX fcntl), and a missing file is one that nobody has locked.
 */
function ensureFile(path: string): number | null {
  const there = inode(path);
  if (there !== null) return there;
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
  return inode(path);
}

function inode(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
