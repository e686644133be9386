import { lstatSync, type Stats } from "node:fs";
import { dirname } from "node:path";

/** stat(2), the same on macOS and Linux. */
const GROUP_WRITABLE = 0o020;
const OTHERS_WRITABLE = 0o002;
const STICKY = 0o1000;

export function isWritableByGroupOrOthers(stats: Stats): boolean {
  return (stats.mode & (GROUP_WRITABLE | OTHERS_WRITABLE)) !== 0;
}

/** What stands at the path, links not followed; an errno name when it cannot be looked at. */
export function look(path: string): Stats | string {
  try {
    return lstatSync(path);
  } catch (error) {
    return errnoName(error);
  }
}

export function errnoName(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return "unknown error";
}

/**
 * Somebody who may write to a folder above a file may put another file in its place. Group-writable folders are let
 * pass: /Applications is one, for the group of those who may administer the Mac anyway.
 * @returns a sentence, or null when all folders above are safe
 */
export function unsafeFolderAbove(path: string, owners: ReadonlySet<number>): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const stats = look(folder);
    if (typeof stats === "string") return `The folder ${folder} cannot be looked at (${stats}).`;
    if (!owners.has(stats.uid)) return `The folder ${folder} belongs to another user, who could replace what is in it.`;
    const open = (stats.mode & OTHERS_WRITABLE) !== 0 && (stats.mode & STICKY) === 0;
    if (open && !stats.isSymbolicLink()) return `Every user may change the folder ${folder}.`;
    if (folder === dirname(folder)) return null;
  }
}
