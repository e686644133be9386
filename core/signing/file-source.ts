import { closeSync, constants, fstatSync, openSync, readSync, statSync, type BigIntStats } from "node:fs";
import { type ByteSource, checkRange } from "./byte-source.ts";
import { ReadFault } from "./problem.ts";

/** Which file it was, and in which state: the same in all five means the same content, short of deliberate forgery. */
export interface FileIdentity {
  path: string;
  dev: bigint;
  ino: bigint;
  size: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
}

const READ_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "There is no such file.",
  ENOTDIR: "There is no such file: a part of the path is not a folder.",
  EACCES: "Permission to read it was denied.",
  EPERM: "macOS did not permit reading it.",
  ELOOP: "Its symbolic links lead in a circle.",
  ENAMETOOLONG: "The path is too long.",
  EMFILE: "Too many files are open.",
  ENFILE: "Too many files are open.",
  EISDIR: "It is a folder.",
  EIO: "The disk could not read it.",
};

/** One clear sentence for a failed file operation. */
export function readFault(error: unknown): ReadFault {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
  const known = Object.hasOwn(READ_FAULTS, code) ? READ_FAULTS[code] : undefined;
  return new ReadFault(`read-${code.toLowerCase()}`, known ?? `It could not be read (${code}).`);
}

function kindOf(stats: BigIntStats): string | null {
  if (stats.isFile()) return null;
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return "a device";
  return "neither a file nor a folder";
}

export function identityOf(path: string, stats: BigIntStats): FileIdentity {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return { path, dev, ino, size, mtimeNs, ctimeNs };
}

export function sameIdentity(a: FileIdentity, b: FileIdentity): boolean {
  return (
    a.path === b.path &&
    a.dev === b.dev &&
    a.ino === b.ino &&
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs
  );
}

/**
 * Follows symbolic links, like running it would.
 * @throws ReadFault
 */
export function statPath(path: string): BigIntStats {
  // A NUL ends a path for the system, not for us: what would be looked at is not what was named.
  if (path.includes("\0")) throw new ReadFault("read-path", "The path contains a NUL character.");
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    throw readFault(error);
  }
}

/** An open regular file. Never waits: pipes and devices are refused before and after opening. */
export class FileSource implements ByteSource {
  readonly size: number;
  readonly identity: FileIdentity;
  readonly #fd: number;
  #open = true;

  /** @throws ReadFault */
  constructor(path: string) {
    refuseOthers(statPath(path));
    try {
      this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      throw readFault(error);
    }
    try {
      const stats = fstatSync(this.#fd, { bigint: true });
      // It may have been replaced between the two calls.
      refuseOthers(stats);
      this.identity = identityOf(path, stats);
      this.size = Number(stats.size);
    } catch (error) {
      this.close();
      throw error instanceof ReadFault ? error : readFault(error);
    }
  }

  read(offset: number, length: number): Buffer {
    checkRange(this.size, offset, length);
    const bytes = Buffer.allocUnsafeSlow(length);
    this.readInto(bytes, offset, length);
    return bytes;
  }

  readInto(target: Buffer, offset: number, length: number): void {
    checkRange(this.size, offset, length);
    let done = 0;
    while (done < length) {
      let count: number;
      try {
        count = readSync(this.#fd, target, done, length - done, offset + done);
      } catch (error) {
        throw readFault(error);
      }
      if (count === 0) throw new ReadFault("read-shrunk", "It became shorter while it was being read.");
      done += count;
    }
  }

  /** @throws ReadFault when what was read is no longer what is there: parts of two files prove nothing */
  assertUnchanged(): void {
    let now: FileIdentity;
    try {
      now = identityOf(this.identity.path, fstatSync(this.#fd, { bigint: true }));
    } catch (error) {
      throw readFault(error);
    }
    // A new link or a rename moves ctime alone, and changes no byte.
    if (now.size !== this.identity.size || now.mtimeNs !== this.identity.mtimeNs)
      throw new ReadFault("read-changed", "It was changed while it was being read.");
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
  }
}

function refuseOthers(stats: BigIntStats): void {
  const other = kindOf(stats);
  if (other !== null) throw new ReadFault("read-not-a-file", `It is ${other}, so there is nothing to inspect.`);
}
