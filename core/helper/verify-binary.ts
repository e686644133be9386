import { accessSync, constants, realpathSync } from "node:fs";
import { isAbsolute } from "node:path";
import { errnoName, isWritableByGroupOrOthers, look, unsafeFolderAbove } from "./safe-owner.ts";

export type VerifiedBinary =
  /** `path` is the real one: start that. `stamp` changes when the file is replaced or written to. */
  { ok: true; path: string; stamp: string } | { ok: false; reason: string };

const ROOT = 0;
const REINSTALL = "Install Sealbar again.";

/**
 * Whether the helper may be started: nobody but root and the user that runs us can have put it there or changed it.
 * @param uid the user that runs us
 */
export function verifyBinary(path: string, uid: number = process.getuid?.() ?? ROOT): VerifiedBinary {
  if (!isAbsolute(path)) return refused("The helper's path is not absolute.");
  const stats = look(path);
  if (stats === "ENOENT" || stats === "ENOTDIR") return refused(`The helper is missing at ${path}. ${REINSTALL}`);
  if (typeof stats === "string") return refused(`The helper at ${path} cannot be looked at (${stats}).`);
  if (!stats.isFile()) return refused(`The helper at ${path} is not a regular file. ${REINSTALL}`);

  const owners = new Set([ROOT, uid]);
  if (!owners.has(stats.uid)) return refused(`The helper at ${path} belongs to another user. ${REINSTALL}`);
  if (isWritableByGroupOrOthers(stats)) {
    return refused(`Other users may change the helper at ${path}. Take that right away (chmod go-w), or reinstall.`);
  }
  let real: string;
  try {
    real = realpathSync(path);
    accessSync(real, constants.X_OK);
  } catch (error) {
    return refused(`The helper at ${path} cannot be executed (${errnoName(error)}). ${REINSTALL}`);
  }
  const unsafe = unsafeFolderAbove(path, owners) ?? (real === path ? null : unsafeFolderAbove(real, owners));
  if (unsafe !== null) return refused(`The helper at ${path} is not in a safe place. ${unsafe}`);
  const { dev, ino, size, mtimeMs, ctimeMs } = stats;
  return { ok: true, path: real, stamp: [dev, ino, size, mtimeMs, ctimeMs].join(":") };
}

function refused(reason: string): VerifiedBinary {
  return { ok: false, reason };
}
