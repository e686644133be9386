import { Malformed } from "./problem.ts";

/** Random access to what is inspected: a file, a part of one, or bytes at hand. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes at `offset`; the caller may keep them and must not change them.
   * @throws Malformed past the end; ReadFault when the file can no longer be read or has become shorter
   */
  read(offset: number, length: number): Buffer;
  /** As `read`, into the start of a buffer at hand: for going through much of a file without making garbage. */
  readInto(target: Buffer, offset: number, length: number): void;
}

/** Most that is ever read at once; what is inspected in one piece (a signature, a property list) is never longer. */
export const MAX_READ = 64 * 1024 * 1024;

/** @throws Malformed when the range is not inside `size` bytes */
export function checkRange(size: number, offset: number, length: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (!whole || offset < 0 || length < 0 || offset + length > size)
    throw new Malformed("truncated", "It ends before something that it says it contains.");
  if (length > MAX_READ)
    throw new Malformed("too-large", "A part of it is larger than anything that is signed in one piece.");
}

export class BufferSource implements ByteSource {
  readonly size: number;
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }
  read(offset: number, length: number): Buffer {
    checkRange(this.size, offset, length);
    return this.#bytes.subarray(offset, offset + length);
  }
  readInto(target: Buffer, offset: number, length: number): void {
    this.read(offset, length).copy(target);
  }
}
