/** Constructed Mach-O images for tests: every width and byte order, with each part movable. Not recorded from any real file. */
export interface ImageOptions {
  cpuType?: number;
  cpuSubtype?: number;
  fileType?: number;
  wide?: boolean;
  bigEndian?: boolean;
  /** Bytes of code between the load commands' page and `__LINKEDIT`. */
  codeSize?: number;
  /** The signature's bytes; null: unsigned. */
  signature?: Buffer | null;
  infoPlist?: Buffer;
  /** Put in front of the usual commands. */
  extraCommands?: Command[];
}

export interface Command {
  cmd: number;
  /** As in the file; the real length unless a lie is wanted. */
  cmdsize?: number;
  body: Buffer;
}

const PAGE = 4096;
export const ARM64 = 0x0100000c;
export const X86_64 = 0x01000007;

/** Writes words of one byte order. */
export function words(bigEndian: boolean, ...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) {
    if (bigEndian) bytes.writeUInt32BE(value >>> 0, index * 4);
    else bytes.writeUInt32LE(value >>> 0, index * 4);
  }
  return bytes;
}

function name(text: string): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.write(text, "latin1");
  return bytes;
}

export function address(wide: boolean, bigEndian: boolean, value: number): Buffer {
  if (!wide) return words(bigEndian, value);
  const high = Math.floor(value / 2 ** 32);
  return bigEndian ? words(true, high, value) : words(false, value, high);
}

export interface SegmentOptions {
  offset: number;
  size: number;
  section?: { name: string; offset: number; size: number };
  /** As stated; the real number unless a lie is wanted. */
  sections?: number;
}

export function segment(wide: boolean, bigEndian: boolean, title: string, options: SegmentOptions): Command {
  const number = (value: number): Buffer => address(wide, bigEndian, value);
  const { offset, size, section } = options;
  const parts = [name(title), number(0), number(size), number(offset), number(size)];
  parts.push(words(bigEndian, 7, 5, options.sections ?? (section ? 1 : 0), 0));
  if (section) {
    parts.push(
      name(section.name),
      name(title),
      number(0),
      number(section.size),
      words(bigEndian, section.offset, 0, 0, 0, 0, 0, 0),
    );
    if (wide) parts.push(words(bigEndian, 0));
  }
  return { cmd: wide ? 0x19 : 0x1, body: Buffer.concat(parts) };
}

/** LC_CODE_SIGNATURE. */
export function signatureCommand(bigEndian: boolean, offset: number, size: number): Command {
  return { cmd: 0x1d, body: words(bigEndian, offset, size) };
}

export interface ImageHeader {
  wide?: boolean;
  bigEndian?: boolean;
  cpuType?: number;
  cpuSubtype?: number;
  fileType?: number;
  commands: Command[];
  /** As stated; the real numbers unless a lie is wanted. */
  ncmds?: number;
  sizeofcmds?: number;
}

/** Header and load commands only. */
export function headerWith(options: ImageHeader): Buffer {
  const { wide = true, bigEndian = false, cpuType = ARM64, cpuSubtype = 0, fileType = 2, commands } = options;
  const list = Buffer.concat(
    commands.flatMap(({ cmd, cmdsize, body }) => [words(bigEndian, cmd, cmdsize ?? body.length + 8), body]),
  );
  const magic = wide ? 0xfeedfacf : 0xfeedface;
  const sizes = [options.ncmds ?? commands.length, options.sizeofcmds ?? list.length];
  const header = words(bigEndian, magic, cpuType, cpuSubtype, fileType, ...sizes, 0x200085, ...(wide ? [0] : []));
  return Buffer.concat([header, list]);
}

/** A whole image as a linker would leave it: `__TEXT`, `__LINKEDIT` and in it a string table and the signature. */
export function image(options: ImageOptions = {}): Buffer {
  const {
    wide = true,
    bigEndian = false,
    codeSize = 2 * PAGE,
    signature = Buffer.alloc(64, 0xaa),
    infoPlist,
  } = options;
  const textSize = PAGE + codeSize;
  const strings = Buffer.alloc(32, 0x73);
  const signatureOffset = textSize + strings.length;
  const linkeditSize = strings.length + (signature?.length ?? 0);
  const text: SegmentOptions = { offset: 0, size: textSize };
  if (infoPlist) text.section = { name: "__info_plist", offset: PAGE, size: infoPlist.length };
  const commands = [
    ...(options.extraCommands ?? []),
    segment(wide, bigEndian, "__TEXT", text),
    segment(wide, bigEndian, "__LINKEDIT", { offset: textSize, size: linkeditSize }),
    { cmd: 0x2, body: words(bigEndian, 0, 0, textSize, strings.length) },
  ];
  if (signature) commands.push(signatureCommand(bigEndian, signatureOffset, signature.length));
  const code = Buffer.alloc(textSize);
  for (let at = PAGE; at < textSize; at++) code[at] = (at * 31) & 0xff;
  headerWith({ ...options, commands }).copy(code);
  infoPlist?.copy(code, PAGE);
  return Buffer.concat(signature ? [code, strings, signature] : [code, strings]);
}

export interface FatEntry {
  bytes: Buffer;
  cpuType?: number;
  cpuSubtype?: number;
  /** As stated; the real place unless a lie is wanted. */
  offset?: number;
  size?: number;
  align?: number;
}

export interface FatOptions {
  wide?: boolean;
  bigEndian?: boolean;
  /** As stated. */
  count?: number;
  trailing?: Buffer;
}

/** A universal file: each image at the next multiple of its alignment. */
export function fat(entries: FatEntry[], options: FatOptions = {}): Buffer {
  const { wide = false, bigEndian = true } = options;
  const table: Buffer[] = [words(bigEndian, wide ? 0xcafebabf : 0xcafebabe, options.count ?? entries.length)];
  const body: Buffer[] = [];
  let end = 8 + entries.length * (wide ? 32 : 20);
  let at = end;
  for (const { bytes, cpuType = ARM64, cpuSubtype = 0, align = 12, ...stated } of entries) {
    const start = Math.ceil(at / 2 ** align) * 2 ** align;
    body.push(Buffer.alloc(start - at), bytes);
    const place = [stated.offset ?? start, stated.size ?? bytes.length];
    table.push(words(bigEndian, cpuType, cpuSubtype), ...place.map((value) => address(wide, bigEndian, value)));
    table.push(words(bigEndian, align, ...(wide ? [0] : [])));
    at = start + bytes.length;
    end = at;
  }
  const made = Buffer.concat([...table, ...body]);
  return Buffer.concat([made.subarray(0, end), options.trailing ?? Buffer.alloc(0)]);
}
