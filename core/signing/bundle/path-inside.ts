import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";
import { ReadFault } from "../problem.ts";

/** Links followed for one path before it is taken for a loop; macOS's own limit (MAXSYMLINKS, sys/param.h) is 32. */
const MAX_LINKS = 32;
/** Components looked at for one path, links included: PATH_MAX of macOS is 1024 bytes. */
const MAX_COMPONENTS = 1024;

export type Place =
  | { kind: "file" | "directory" | "other"; path: string; relative: string; stat: Stats; throughLink: boolean }
  | { kind: "missing" }
  /** A link or `..` leads out, or is absolute. */
  | { kind: "outside" }
  | { kind: "unreadable" };

/** The `code` of a failed system call; null when it was none: then the error is ours. */
export function systemError(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** As lstat. A name that no file can have is missing. @throws never on content */
export function lookAt(path: string): Stats | "missing" | "unreadable" {
  if (path.includes("\0")) return "missing";
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? "missing";
  } catch (error) {
    const code = systemError(error);
    if (code === null) throw error;
    return code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG" ? "missing" : "unreadable";
  }
}

/** Where a link leads; null when it can no longer be read as one. */
export function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (systemError(error) === null) throw error;
    return null;
  }
}

function kindOf(stat: Stats): "file" | "directory" | "other" {
  if (stat.isFile()) return "file";
  return stat.isDirectory() ? "directory" : "other";
}

/**
 * What `target` is, seen from the folder `from` of `root`, going through every link by hand so that nothing outside
 * `root` is ever touched. `root` is a real path; `from` is relative to it and has no links.
 */
export function resolveInside(root: string, target: string, from = ""): Place {
  if (target.startsWith("/")) return { kind: "outside" };
  if (target.includes("\0")) return { kind: "missing" };
  const reached = from === "" ? [] : from.split("/");
  const ahead = target.split("/").reverse();
  let links = 0;
  let stat: Stats | null = null;
  for (let looked = 0; ahead.length > 0; looked++) {
    if (looked > MAX_COMPONENTS) return { kind: "missing" };
    const name = ahead.pop();
    if (name === undefined || name === "" || name === ".") continue;
    if (stat !== null && !stat.isDirectory()) return { kind: "missing" };
    if (name === "..") {
      if (reached.pop() === undefined) return { kind: "outside" };
      stat = null;
      continue;
    }
    const found = lookAt(join(root, ...reached, name));
    if (found === "missing" || found === "unreadable") return { kind: found };
    if (!found.isSymbolicLink()) {
      reached.push(name);
      stat = found;
      continue;
    }
    const leads = linkTarget(join(root, ...reached, name));
    if (leads === null || ++links > MAX_LINKS) return { kind: "missing" };
    if (leads.startsWith("/")) return { kind: "outside" };
    const parts = leads.split("/");
    if (parts.length > MAX_COMPONENTS) return { kind: "missing" };
    ahead.push(...parts.reverse());
  }
  const path = join(root, ...reached);
  const last = stat ?? lookAt(path);
  if (last === "missing" || last === "unreadable") return { kind: last };
  return { kind: kindOf(last), path, relative: reached.join("/"), stat: last, throughLink: links > 0 };
}

/** Open for reading, only when it is (still) a plain file; never through a link, never waiting for a FIFO's writer. */
export function openPlain(path: string): { fd: number; size: number } | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (systemError(error) === null) throw error;
    return null;
  }
  try {
    const stat = fstatSync(fd);
    if (stat.isFile()) return { fd, size: stat.size };
  } catch (error) {
    if (systemError(error) === null) throw error;
  }
  closeSync(fd);
  return null;
}

/** Fills as much of `target` as the file has left. Null when reading fails. */
export function fill(fd: number, target: Buffer): number | null {
  let filled = 0;
  try {
    while (filled < target.length) {
      const count = readSync(fd, target, filled, target.length - filled, null);
      if (count === 0) break;
      filled += count;
    }
  } catch (error) {
    if (systemError(error) === null) throw error;
    return null;
  }
  return filled;
}

/**
 * A whole plain file; null when it is longer than `cap` bytes.
 * @throws ReadFault when it cannot be read or became shorter
 */
export function readPlain(path: string, cap: number): Buffer | null {
  const open = openPlain(path);
  if (open === null) throw new ReadFault("unreadable", "A file of the bundle could not be opened.");
  try {
    if (open.size > cap) return null;
    const bytes = Buffer.alloc(open.size);
    if (fill(open.fd, bytes) !== open.size)
      throw new ReadFault("changed-while-read", "A file of the bundle changed while it was read.");
    return bytes;
  } finally {
    closeSync(open.fd);
  }
}
