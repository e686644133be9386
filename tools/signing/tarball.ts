import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { gunzipSync } from "node:zlib";

const BLOCK = 512;
const MAX_UNPACKED = 512 * 1024 * 1024;

export interface TarEntry {
  path: string;
  mode: number;
  bytes: Buffer;
  /** Of a symbolic link; null for a regular file. */
  target: string | null;
}

/** Writes the files of a gzipped tarball under `folder`, and links to siblings; anything else in it is refused. */
export function unpackTarball(tarball: Buffer, folder: string): void {
  for (const entry of tarEntries(gunzipSync(tarball, { maxOutputLength: MAX_UNPACKED }))) {
    const path = join(folder, entry.path);
    mkdirSync(dirname(path), { recursive: true });
    if (entry.target === null) writeFileSync(path, entry.bytes, { mode: entry.mode & 0o777 });
    else symlinkSync(entry.target, path);
  }
}

/**
 * The regular files of a POSIX ustar archive, with pax and GNU long paths, and symbolic links to siblings.
 * @throws when it is cut short, or holds anything else or what would land outside
 */
export function tarEntries(archive: Buffer): TarEntry[] {
  const entries: TarEntry[] = [];
  let longPath: string | null = null;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header[0] === 0) break;
    const size = octal(header, 124, 12);
    const bytes = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (bytes.length < size) throw new Error("the archive is cut short");
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = header.toString("latin1", 156, 157);
    if (type === "x") longPath = paxPath(bytes) ?? longPath;
    else if (type === "L") longPath = text(bytes, 0, bytes.length);
    else if (type === "0" || type === "\0" || type === "2") {
      const target = type === "2" ? sibling(text(header, 157, 100)) : null;
      entries.push({ path: inside(longPath ?? ustarPath(header)), mode: octal(header, 100, 8), bytes, target });
      longPath = null;
    } else if (type === "5" || type === "g") longPath = null;
    else throw new Error(`the archive has an entry that is neither file nor link (type ${type})`);
  }
  return entries;
}

function inside(path: string): string {
  const clean = normalize(path);
  if (clean.startsWith(sep) || clean === ".." || clean.startsWith(`..${sep}`) || clean.includes("\0"))
    throw new Error(`the archive has an entry that would land outside: ${path}`);
  return clean;
}

/** A link that stays in its own folder cannot lead anything that is written later outside. */
function sibling(target: string): string {
  if (target === ".." || target.includes("/")) throw new Error(`the archive has a link out of its folder: ${target}`);
  return target;
}

function ustarPath(header: Buffer): string {
  const prefix = header.toString("latin1", 257, 262) === "ustar" ? text(header, 345, 155) : "";
  const name = text(header, 0, 100);
  return prefix ? `${prefix}/${name}` : name;
}

/** Records are `length key=value\n`, the length in bytes. */
function paxPath(records: Buffer): string | null {
  for (let at = 0; at < records.length; ) {
    const space = records.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(records.toString("latin1", at, space));
    if (!(length > 0)) throw new Error("the archive has a pax header that cannot be read");
    const record = records.toString("utf8", space + 1, at + length - 1);
    if (record.startsWith("path=")) return record.slice("path=".length);
    at += length;
  }
  return null;
}

function text(bytes: Buffer, offset: number, length: number): string {
  const field = bytes.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? field.length : end);
}

function octal(header: Buffer, offset: number, length: number): number {
  const value = Number.parseInt(text(header, offset, length).trim(), 8);
  if (!Number.isSafeInteger(value)) throw new Error("the archive has a size that cannot be read");
  return value;
}
