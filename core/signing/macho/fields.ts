/** Numbers of one byte order. The caller has checked that the range is inside; the view's own check stands behind it. */
export class Fields {
  readonly bytes: Buffer;
  readonly bigEndian: boolean;
  constructor(bytes: Buffer, bigEndian: boolean) {
    this.bytes = bytes;
    this.bigEndian = bigEndian;
  }
  u32(offset: number): number {
    return this.bigEndian ? this.bytes.readUInt32BE(offset) : this.bytes.readUInt32LE(offset);
  }
  /** What no file can reach becomes Infinity: every range check fails on it. */
  u64(offset: number): number {
    const [high, low] = this.bigEndian ? [offset, offset + 4] : [offset + 4, offset];
    const value = this.u32(high) * 2 ** 32 + this.u32(low);
    return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY;
  }
  /** A name of 16 bytes, up to its first NUL; Latin-1, so that every byte stays itself. */
  name(offset: number): string {
    const end = this.bytes.subarray(offset, offset + 16).indexOf(0);
    return this.bytes.toString("latin1", offset, offset + (end === -1 ? 16 : end));
  }
}
