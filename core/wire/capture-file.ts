import { createReadStream, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { MAX_FRAME_BYTES } from "#contract/frames.ts";
import { CaptureError, captureErrorOf } from "./capture-error.ts";
import { decodeFrame, whyNoHello } from "./decode-frame.ts";
import { type Line, LineSplitter } from "./line-splitter.ts";

const READ_BYTES = 256 * 1024;
/** The hello must be among these: a capture may begin with a stray line, a text file does not become one. */
const HELLO_WITHIN_LINES = 64;
const HELLO_WITHIN_BYTES = MAX_FRAME_BYTES;

/** What is known of a capture that passed the check. */
export interface CheckedCapture {
  path: string;
  compressed: boolean;
  /** Bytes on disk. */
  byteCount: number;
}

/**
 * Looks at a capture before anything is written because of it: it must be a file that begins like a capture, and when it
 * is gzip it must decompress to its end. Memory stays bounded whatever the file holds.
 * @throws CaptureError with one sentence for the user
 */
export async function checkCapture(path: string): Promise<CheckedCapture> {
  try {
    const info = await stat(path);
    requireFile(info, path);
    const compressed = await isGzip(path);
    await requireHello(path, compressed);
    return { path, compressed, byteCount: info.size };
  } catch (error) {
    throw captureErrorOf(error, path);
  }
}

/**
 * The capture's bytes, decompressed when its first bytes say gzip (the name does not matter).
 * @throws CaptureError while reading
 */
export async function* readCapture(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* bytesOf(path, await isGzip(path));
  } catch (error) {
    throw captureErrorOf(error, path);
  }
}

async function* bytesOf(path: string, compressed: boolean): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  if (!compressed) {
    yield* file as AsyncIterable<Uint8Array>;
    return;
  }
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  file.once("error", (error) => gunzip.destroy(error));
  try {
    yield* file.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}

function requireFile(info: Stats, path: string): void {
  if (!info.isFile()) {
    throw new CaptureError("not-a-file", path, (name) => `${name} is ${typeName(info)}, not a capture: pass a file.`);
  }
  if (info.size === 0) throw new CaptureError("empty", path, (name) => `${name} is empty: there is nothing to read.`);
}

function typeName(info: Stats): string {
  if (info.isDirectory()) return "a folder";
  if (info.isFIFO()) return "a pipe";
  if (info.isSocket()) return "a socket";
  return "a device";
}

async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    const magic = new Uint8Array(2);
    const { bytesRead } = await handle.read(magic, 0, magic.length, 0);
    return bytesRead === magic.length && magic[0] === 0x1f && magic[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** For gzip goes on to the end, so that a damaged file is refused as a whole. */
async function requireHello(path: string, compressed: boolean): Promise<void> {
  const splitter = new LineSplitter();
  let found = false;
  let lines = 0;
  let bytes = 0;
  /** What is wrong with the first hello that is none. */
  let wrong: string | null = null;
  const hasHello = (fresh: readonly Line[]): boolean =>
    fresh.some((line) => {
      const hello = readHello(line);
      wrong ??= hello.wrong;
      return hello.read;
    });
  for await (const chunk of bytesOf(path, compressed)) {
    if (found) continue;
    const fresh = splitter.push(chunk).slice(0, HELLO_WITHIN_LINES - lines);
    lines += fresh.length;
    bytes += chunk.length;
    found = hasHello(fresh);
    if (found && !compressed) return;
    if (!found && (lines >= HELLO_WITHIN_LINES || bytes >= HELLO_WITHIN_BYTES)) throw notACapture(path, wrong);
  }
  if (!found && !hasHello(splitter.end())) throw notACapture(path, wrong);
}

/** Whether the line is a hello, and what is wrong with it when it only calls itself one. */
function readHello(line: Line): { wrong: string | null; read: boolean } {
  const decoded = decodeFrame(line);
  if (decoded.kind === "frame") return { wrong: null, read: decoded.frame.t === "hello" };
  return { wrong: line.kind === "line" ? whyNoHello(decoded.raw) : null, read: false };
}

function notACapture(path: string, wrong: string | null): CaptureError {
  if (wrong !== null) {
    return new CaptureError(
      "not-a-capture",
      path,
      (name) => `${name} has a hello line, but one that cannot be read (${wrong}): record it with the helper again.`,
    );
  }
  return new CaptureError(
    "not-a-capture",
    path,
    (name) =>
      `${name} is not a Sealbar capture, for it has no hello line at its beginning: record one with the helper.`,
  );
}
