import { type FSWatcher, lstatSync, realpathSync, watch } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";
import type { FileFacts } from "./fs-memory.ts";
import { errnoName } from "./safe-owner.ts";

export interface FolderListener {
  /** `path` null: something changed, and the system did not say what. `named`: something appeared or went at this name. */
  changed(path: string | null, named: boolean): void;
  /** The last call. `code` is an errno name. */
  failed(code: string): void;
}

/** The disk as the `fs` source needs it. */
export interface Disk {
  /**
   * @returns how to stop
   * @throws FolderRefused
   */
  watch(folder: string, recursive: boolean, listener: FolderListener): () => void;
  /** Links are not followed. "gone": nothing there that could hold code; "unknown": it could not be looked at. */
  look(path: string): Promise<FileFacts | "gone" | "unknown">;
  /** Paths of the folder's entries, so many at most; none when it cannot be read. */
  list(folder: string, limit: number): Promise<string[]>;
}

export class FolderRefused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`The folder cannot be watched (${code}).`);
    this.code = code;
  }
}

const PERMISSIONS = 0o7777;

/**
 * On macOS `fs.watch` is FSEvents (libuv, src/unix/fsevents.c). It tells what changed, not how; attributes and owners
 * count as changes; it leaves out FSEvents' own words that it dropped something. UNVERIFIED here: whether watching a
 * folder that is protected by TCC (Desktop, Downloads) needs a permission.
 */
export const systemDisk: Disk = {
  watch(folder, recursive, listener) {
    let watcher: FSWatcher;
    let real: string;
    try {
      real = realpathSync(folder);
      // A link in the place of a volume may lead to the whole disk.
      if (lstatSync(folder).isSymbolicLink() && real === "/") throw new FolderRefused("ELOOP");
      watcher = watch(real, { recursive, persistent: false });
    } catch (error) {
      throw error instanceof FolderRefused ? error : new FolderRefused(errnoName(error));
    }
    watcher.on("change", (kind, name) => {
      listener.changed(typeof name === "string" ? join(real, name) : null, kind === "rename");
    });
    watcher.on("error", (error) => {
      watcher.close();
      listener.failed(errnoName(error));
    });
    return () => {
      watcher.close();
    };
  },

  async look(path) {
    try {
      const stats = await lstat(path);
      if (!stats.isFile() && !stats.isDirectory()) return "gone";
      const { dev, ino, size, mtimeMs, mode } = stats;
      return {
        identity: `${dev}:${ino}`,
        isFolder: stats.isDirectory(),
        size,
        mtime: mtimeMs,
        mode: mode & PERMISSIONS,
      };
    } catch (error) {
      const code = errnoName(error);
      return code === "ENOENT" || code === "ENOTDIR" ? "gone" : "unknown";
    }
  },

  async list(folder, limit) {
    const paths: string[] = [];
    try {
      for await (const entry of await opendir(folder)) {
        if (paths.length >= limit) break;
        paths.push(join(folder, entry.name));
      }
    } catch {
      // What could not be listed is only not known beforehand.
    }
    return paths;
  },
};
