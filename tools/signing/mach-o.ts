import { alignUp, seededBytes } from "./bytes.ts";

/** mach/machine.h. */
export const ARCHITECTURES = {
  i386: { cpuType: 7, cpuSubtype: 3, is64: false, bigEndian: false },
  x86_64: { cpuType: 0x01000007, cpuSubtype: 3, is64: true, bigEndian: false },
  x86_64h: { cpuType: 0x01000007, cpuSubtype: 8, is64: true, bigEndian: false },
  arm64: { cpuType: 0x0100000c, cpuSubtype: 0, is64: true, bigEndian: false },
  arm64e: { cpuType: 0x0100000c, cpuSubtype: 0x80000002, is64: true, bigEndian: false },
  ppc: { cpuType: 18, cpuSubtype: 0, is64: false, bigEndian: true },
  ppc64: { cpuType: 0x01000012, cpuSubtype: 0, is64: true, bigEndian: true },
} as const;
export type Arch = keyof typeof ARCHITECTURES;

/** mach-o/loader.h. */
export const MH_EXECUTE = 2;
export const MH_DYLIB = 6;
export const LC_CODE_SIGNATURE = 0x1d;
const LC_SEGMENT = 0x1;
const LC_SEGMENT_64 = 0x19;
const LC_UUID = 0x1b;
const LC_ID_DYLIB = 0xd;
const SEGMENT_NAME_SIZE = 16;

/** Room for the header and the load commands. */
const HEADER_ROOM = 1024;
/** What the signature's offset is rounded up to. */
const SIGNATURE_ALIGNMENT = 16;

export interface ImageSpec {
  arch?: Arch;
  /** MH_EXECUTE (default) or MH_DYLIB. */
  fileType?: number;
  /** Bytes of __TEXT, header included. */
  textSize?: number;
  /** Bytes of __LINKEDIT before a signature: an odd size gives a partial last page. */
  linkEditSize?: number;
  /** Becomes the section `__TEXT,__info_plist`. */
  infoPlist?: Buffer;
  /** Another seed, other content. */
  seed?: string;
  /** False: without LC_CODE_SIGNATURE. */
  signable?: boolean;
}

/** A Mach-O image in the real format, of invented content, ending where its signature will begin. */
export function machO(spec: ImageSpec = {}): Buffer {
  const { arch = "x86_64", textSize = 8192, linkEditSize = 304, seed = "image", fileType = MH_EXECUTE } = spec;
  const { is64 } = ARCHITECTURES[arch];
  const content = seededBytes(`${seed} ${arch}`, textSize - HEADER_ROOM);
  if (spec.infoPlist) spec.infoPlist.copy(content);
  const linkEdit = { offset: textSize, size: alignUp(linkEditSize, SIGNATURE_ALIGNMENT) };
  const write = new HeaderWriter(arch);
  write.segment("__TEXT", { offset: 0, size: textSize }, [
    ...(spec.infoPlist ? [{ name: "__info_plist", offset: HEADER_ROOM, size: spec.infoPlist.length }] : []),
    { name: "__text", offset: HEADER_ROOM + (spec.infoPlist?.length ?? 0), size: 16 },
  ]);
  write.segment("__LINKEDIT", linkEdit, []);
  write.command(LC_UUID, seededBytes(`uuid ${seed}`, 16));
  if (fileType === MH_DYLIB) write.command(LC_ID_DYLIB, write.dylibName("@rpath/libinvoice.dylib"));
  if (spec.signable !== false) write.command(LC_CODE_SIGNATURE, write.words(linkEdit.offset + linkEdit.size, 0));
  return Buffer.concat([
    write.header(fileType, is64, HEADER_ROOM),
    content,
    seededBytes(`${seed} linkedit`, linkEdit.size),
  ]);
}

interface Range {
  offset: number;
  size: number;
}

class HeaderWriter {
  readonly #arch: Arch;
  readonly #commands: Buffer[] = [];

  constructor(arch: Arch) {
    this.#arch = arch;
  }

  words(...values: number[]): Buffer {
    const bytes = Buffer.alloc(4 * values.length);
    for (const [i, value] of values.entries()) writeWord(bytes, 4 * i, value, ARCHITECTURES[this.#arch].bigEndian);
    return bytes;
  }

  /** An address or size: as wide as the architecture. */
  #wide(...values: number[]): Buffer {
    const { is64, bigEndian } = ARCHITECTURES[this.#arch];
    if (!is64) return this.words(...values);
    return this.words(...values.flatMap((value) => (bigEndian ? [0, value] : [value, 0])));
  }

  command(type: number, body: Buffer): void {
    const padded = Buffer.concat([body, Buffer.alloc(alignUp(body.length, 8) - body.length)]);
    this.#commands.push(Buffer.concat([this.words(type, 8 + padded.length), padded]));
  }

  segment(name: string, { offset, size }: Range, sections: readonly (Range & { name: string })[]): void {
    const { is64 } = ARCHITECTURES[this.#arch];
    this.command(
      is64 ? LC_SEGMENT_64 : LC_SEGMENT,
      Buffer.concat([
        fixedName(name),
        this.#wide(offset, alignUp(size, 4096), offset, size),
        this.words(5, 5, sections.length, 0),
        ...sections.map((section) =>
          Buffer.concat([
            fixedName(section.name),
            fixedName(name),
            this.#wide(section.offset, section.size),
            this.words(section.offset, 0, 0, 0, 0, 0, 0, ...(is64 ? [0] : [])),
          ]),
        ),
      ]),
    );
  }

  dylibName(name: string): Buffer {
    return Buffer.concat([this.words(24, 1, 0x10000, 0x10000), Buffer.from(`${name}\0`)]);
  }

  header(fileType: number, is64: boolean, room: number): Buffer {
    const { cpuType, cpuSubtype } = ARCHITECTURES[this.#arch];
    const commands = Buffer.concat(this.#commands);
    const head = this.words(
      is64 ? 0xfeedfacf : 0xfeedface,
      cpuType,
      cpuSubtype,
      fileType,
      this.#commands.length,
      commands.length,
      0x85,
      ...(is64 ? [0] : []),
    );
    return Buffer.concat([head, commands, Buffer.alloc(room - head.length - commands.length)]);
  }
}

function fixedName(name: string): Buffer {
  const bytes = Buffer.alloc(SEGMENT_NAME_SIZE);
  bytes.write(name, "latin1");
  return bytes;
}

export function writeWord(bytes: Buffer, offset: number, value: number, bigEndian: boolean): void {
  if (bigEndian) bytes.writeUInt32BE(value >>> 0, offset);
  else bytes.writeUInt32LE(value >>> 0, offset);
}

export function readWord(bytes: Buffer, offset: number, bigEndian: boolean): number {
  return bigEndian ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset);
}

/** Where a well-formed thin image keeps what a signer or mutator changes. Offsets are of load commands, in bytes. */
export interface Layout {
  is64: boolean;
  bigEndian: boolean;
  headerSize: number;
  commands: readonly { type: number; offset: number; size: number }[];
  codeSignature: { command: number; offset: number; size: number } | null;
  linkEdit: { command: number; fileOffset: number; fileSize: number };
  textSize: number;
}

/** Reads a well-formed thin image, ours or a real one: not for hostile bytes. */
export function layoutOf(image: Buffer): Layout {
  const bigEndian = image.readUInt32BE(0) >>> 1 === 0xfeedface >>> 1;
  const word = (offset: number): number => readWord(image, offset, bigEndian);
  const is64 = word(0) === 0xfeedfacf;
  const headerSize = is64 ? 32 : 28;
  const commands: { type: number; offset: number; size: number }[] = [];
  for (let i = 0, at = headerSize; i < word(16); i++) {
    commands.push({ type: word(at), offset: at, size: word(at + 4) });
    at += word(at + 4);
  }
  const segment = (name: string): { command: number; fileOffset: number; fileSize: number } => {
    const found = commands.find(
      ({ type, offset }) =>
        (type === LC_SEGMENT || type === LC_SEGMENT_64) &&
        image.toString("latin1", offset + 8, offset + 8 + name.length + 1) === `${name}\0`,
    );
    if (!found) throw new Error(`no segment ${name}`);
    return {
      command: found.offset,
      fileOffset: is64 ? wide(found.offset + 40) : word(found.offset + 32),
      fileSize: is64 ? wide(found.offset + 48) : word(found.offset + 36),
    };
  };
  const wide = (offset: number): number =>
    Number(bigEndian ? image.readBigUInt64BE(offset) : image.readBigUInt64LE(offset));
  const signature = commands.find(({ type }) => type === LC_CODE_SIGNATURE);
  return {
    is64,
    bigEndian,
    headerSize,
    commands,
    codeSignature: signature
      ? { command: signature.offset, offset: word(signature.offset + 8), size: word(signature.offset + 12) }
      : null,
    linkEdit: segment("__LINKEDIT"),
    textSize: segment("__TEXT").fileSize,
  };
}

/** A copy whose header names a signature of `size` bytes at `offset`, with __LINKEDIT reaching to its end. */
export function withSignatureRoom(image: Buffer, offset: number, size: number): Buffer {
  const copy = Buffer.from(image);
  const { bigEndian, is64, codeSignature, linkEdit } = layoutOf(image);
  if (!codeSignature) throw new Error("the image has no LC_CODE_SIGNATURE");
  writeWord(copy, codeSignature.command + 8, offset, bigEndian);
  writeWord(copy, codeSignature.command + 12, size, bigEndian);
  const fileSize = offset + size - linkEdit.fileOffset;
  const lowWord = is64 && bigEndian ? 4 : 0;
  const fields = is64 ? { vmSize: 32, fileSize: 48 } : { vmSize: 28, fileSize: 36 };
  writeWord(copy, linkEdit.command + fields.vmSize + lowWord, alignUp(fileSize, 4096), bigEndian);
  writeWord(copy, linkEdit.command + fields.fileSize + lowWord, fileSize, bigEndian);
  return copy;
}
