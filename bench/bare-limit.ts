import { closeSync, openSync, readSync } from "node:fs";

export interface BareLimit {
  lines: number;
  bytes: number;
  seconds: number;
}

const CHUNK_BYTES = 128 * 1024;
const NEWLINE = 0x0a;

/**
 * What no reader in this language can beat: the file in chunks, cut at 0x0A, each line decoded and parsed as JSON, nothing kept.
 * @param path a capture; a last line without a newline is read too
 */
export function measureBareLimit(path: string): BareLimit {
  const file = openSync(path, "r");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let carried = Buffer.alloc(0);
  let lines = 0;
  let bytes = 0;
  const parse = (line: Buffer) => {
    if (line.length === 0) return;
    JSON.parse(line.toString("utf8"));
    lines += 1;
  };
  const started = performance.now();
  try {
    for (;;) {
      const count = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (count === 0) break;
      bytes += count;
      const read = chunk.subarray(0, count);
      let from = 0;
      for (;;) {
        const newline = read.indexOf(NEWLINE, from);
        if (newline === -1) break;
        const piece = read.subarray(from, newline);
        parse(carried.length === 0 ? piece : Buffer.concat([carried, piece]));
        if (carried.length > 0) carried = Buffer.alloc(0);
        from = newline + 1;
      }
      // The chunk is read over next time, so what is left of it is copied.
      if (from < count) carried = Buffer.concat([carried, read.subarray(from)]);
    }
    parse(carried);
  } finally {
    closeSync(file);
  }
  return { lines, bytes, seconds: (performance.now() - started) / 1000 };
}
