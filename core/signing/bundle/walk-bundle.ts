import { opendirSync } from "node:fs";
import { join } from "node:path";
import { type Control, step } from "../control.ts";
import { lookAt, systemError } from "./path-inside.ts";

/** The largest apps (Xcode) have a few hundred thousand files. */
const MAX_ENTRIES = 500_000;
/** A path of macOS has at most 1024 bytes; no bundle comes near so many folders. */
const MAX_DEPTH = 64;

/** What is done with each entry. Keys are relative to the folder that is walked. */
export interface Visitor {
  file(key: string, path: string, size: number): void;
  symlink(key: string, path: string, name: string): void;
  /** Whether to go into it. */
  folder(key: string, path: string, name: string): boolean;
  /** FIFO, socket or device: never opened. */
  other(key: string): void;
  /** Whether to give up. */
  tired(): boolean;
}

export interface Walk {
  /** Folders and entries beyond the limits; one for all that was not even listed. */
  skipped: number;
  /** Keys of folders and entries that could not be read. */
  unreadable: string[];
}

interface Limits {
  entries: number;
  depth: number;
}

/**
 * Goes through a folder once, sorted within each folder, through no link.
 * @throws Cancelled
 */
export function walkBundle(
  top: string,
  control: Control,
  visitor: Visitor,
  limits: Limits = { entries: MAX_ENTRIES, depth: MAX_DEPTH },
): Walk {
  const walk: Walk = { skipped: 0, unreadable: [] };
  const ahead: { key: string; depth: number }[] = [{ key: "", depth: 0 }];
  let left = limits.entries;
  for (let folder = ahead.pop(); folder !== undefined; folder = ahead.pop()) {
    const names = listFolder(join(top, folder.key), left);
    if (names === null) {
      walk.unreadable.push(folder.key);
      continue;
    }
    if (names.cut) walk.skipped++;
    left -= names.names.length;
    for (const name of names.names) {
      step(control, 0);
      if (visitor.tired()) return { ...walk, skipped: walk.skipped + 1 };
      const key = folder.key === "" ? name : `${folder.key}/${name}`;
      const path = join(top, key);
      const found = lookAt(path);
      // A name that is listed and cannot be looked at (not UTF-8, or just removed) is not proved to be harmless.
      if (typeof found === "string") walk.unreadable.push(key);
      else if (found.isFile()) visitor.file(key, path, found.size);
      else if (found.isSymbolicLink()) visitor.symlink(key, path, name);
      else if (!found.isDirectory()) visitor.other(key);
      else if (visitor.folder(key, path, name)) {
        if (folder.depth + 1 > limits.depth) walk.skipped++;
        else ahead.push({ key, depth: folder.depth + 1 });
      }
    }
  }
  return walk;
}

/** At most `most` names, sorted; null when it is not a folder (but a link to one, say) or cannot be read. */
export function listFolder(path: string, most: number): { names: string[]; cut: boolean } | null {
  const top = lookAt(path);
  if (typeof top === "string" || !top.isDirectory()) return null;
  const names: string[] = [];
  try {
    const folder = opendirSync(path, { bufferSize: 256 });
    try {
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        if (names.length >= most) return { names: names.sort(), cut: true };
        names.push(entry.name);
      }
    } finally {
      folder.closeSync();
    }
  } catch (error) {
    if (systemError(error) === null) throw error;
    return null;
  }
  return { names: names.sort(), cut: false };
}
