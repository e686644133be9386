import { dirname } from "node:path";
import { isWritableByGroupOrOthers, look } from "./safe-owner.ts";

/** Part of the helper, and not to be chosen when it is started (native/PROTOCOL.md). */
export const DAEMON_SOCKET = "/var/run/sealbar/helper.sock";

export type VerifiedSocket = { kind: "absent" } | { kind: "safe" } | { kind: "unsafe"; reason: string };

const ROOT = 0;

/**
 * Whether the daemon's socket may be connected to: only root can have made it. The folder above its own is not judged:
 * /var/run is writable by a system group, but nobody but root can put a folder there that belongs to root.
 * @param owner a test cannot be root everywhere
 */
export function verifySocket(path: string, owner: number = ROOT): VerifiedSocket {
  const folder = dirname(path);
  const folderStats = look(folder);
  const stats = look(path);
  if (isAbsent(folderStats) || isAbsent(stats)) return { kind: "absent" };
  if (typeof folderStats === "string" || typeof stats === "string") {
    return unsafe(`The launch daemon's socket ${path} cannot be looked at.`);
  }
  if (!folderStats.isDirectory() || folderStats.uid !== owner) {
    return unsafe(`The folder ${folder} of the launch daemon's socket does not belong to root.`);
  }
  if (isWritableByGroupOrOthers(folderStats)) {
    return unsafe(`Other users may change the folder ${folder} of the launch daemon's socket.`);
  }
  if (!stats.isSocket()) return unsafe(`${path} is not the launch daemon's socket.`);
  if (stats.uid !== owner) return unsafe(`The launch daemon's socket ${path} does not belong to root.`);
  return { kind: "safe" };
}

function isAbsent(looked: unknown): boolean {
  return looked === "ENOENT" || looked === "ENOTDIR";
}

function unsafe(what: string): VerifiedSocket {
  return { kind: "unsafe", reason: `${what} The full tier is not used; install the daemon again.` };
}
