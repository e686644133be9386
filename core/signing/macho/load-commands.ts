import type { Problem } from "#contract/inspection.ts";
import { LC_CODE_SIGNATURE, LC_SEGMENT, LC_SEGMENT_64, LC_SYMTAB, MH_DSYM, MH_DYLIB_STUB } from "./constants.ts";
import type { Fields } from "./fields.ts";
import { type MachoProblem, machoProblem } from "./problems.ts";

/** A range of the slice. */
export interface Range {
  offset: number;
  size: number;
}

/** What the load commands say, as far as signatures care. */
export interface CommandFacts {
  text: Range | null;
  linkedit: Range | null;
  /** Where the program ends by Apple's rule; null when nothing says so. */
  imageEnd: number | null;
  infoPlist: Range | null;
  /** As stated; may be anywhere. */
  signature: Range | null;
  problems: Problem[];
}

interface Shape {
  segment: number;
  segmentSize: number;
  sectionSize: number;
  wide: boolean;
}

/** struct segment_command and section, struct segment_command_64 and section_64. */
const NARROW: Shape = { segment: LC_SEGMENT, segmentSize: 56, sectionSize: 68, wide: false };
const WIDE: Shape = { segment: LC_SEGMENT_64, segmentSize: 72, sectionSize: 80, wide: true };
const MIN_COMMAND = 8;
const SYMTAB_COMMAND = 24;
const SIGNATURE_COMMAND = 16;

export interface CommandHeader {
  /** The number that the header states. */
  count: number;
  fileType: number;
  is64: boolean;
  /** Of the slice. */
  sliceSize: number;
}

/**
 * Goes through the load commands once. `commands` is exactly what the header calls sizeofcmds.
 * The kernel counts commands and Security goes by their total size (xnu bsd/kern/mach_loader.c, Security macho++.cpp):
 * what only one of the two would see is a problem.
 */
export function readLoadCommands(commands: Fields, header: CommandHeader): CommandFacts {
  const reader = new CommandReader(commands, header);
  reader.readAll();
  return reader.facts;
}

class CommandReader {
  readonly facts: CommandFacts = {
    text: null,
    linkedit: null,
    imageEnd: null,
    infoPlist: null,
    signature: null,
    problems: [],
  };
  readonly #seen = new Set<MachoProblem>();
  readonly #commands: Fields;
  readonly #header: CommandHeader;
  readonly #shape: Shape;
  #textSegmentSeen = false;

  constructor(commands: Fields, header: CommandHeader) {
    this.#commands = commands;
    this.#header = header;
    this.#shape = header.is64 ? WIDE : NARROW;
  }

  readAll(): void {
    const end = this.#commands.bytes.length;
    let at = 0;
    for (let left = this.#header.count; left > 0; left--) {
      if (at + MIN_COMMAND > end) return this.#report("commands-miscounted");
      const size = this.#commands.u32(at + 4);
      if (size < MIN_COMMAND || size % 4 !== 0 || at + size > end) return this.#report("command-bad-size");
      this.#read(this.#commands.u32(at), at, size);
      at += size;
    }
    if (at !== end) this.#report("commands-miscounted");
  }

  #read(command: number, at: number, size: number): void {
    switch (command) {
      case LC_SEGMENT:
      case LC_SEGMENT_64:
        return this.#readSegment(command, at, size);
      case LC_SYMTAB:
        if (size < SYMTAB_COMMAND) return this.#report("command-bad-size");
        this.facts.imageEnd ??= this.#commands.u32(at + 16) + this.#commands.u32(at + 20);
        return;
      case LC_CODE_SIGNATURE:
        return this.#readSignature(at, size);
      default:
        return;
    }
  }

  #readSignature(at: number, size: number): void {
    if (size !== SIGNATURE_COMMAND) this.#report("signature-command-bad-size");
    if (size < SIGNATURE_COMMAND) return;
    if (this.facts.signature !== null) return this.#report("second-signature-command");
    this.facts.signature = { offset: this.#commands.u32(at + 8), size: this.#commands.u32(at + 12) };
  }

  #readSegment(command: number, at: number, size: number): void {
    const { segment, segmentSize, sectionSize, wide } = this.#shape;
    if (command !== segment || size < segmentSize) return this.#report("segment-bad");
    const range = wide
      ? { offset: this.#commands.u64(at + 40), size: this.#commands.u64(at + 48) }
      : { offset: this.#commands.u32(at + 32), size: this.#commands.u32(at + 36) };
    const sections = this.#commands.u32(at + (wide ? 64 : 48));
    if (segmentSize + sections * sectionSize > size) return this.#report("segment-bad");
    const outside = !(range.offset + range.size <= this.#header.sliceSize);
    if (outside && this.#hasContents()) this.#report("segment-outside-slice");
    const name = this.#commands.name(at + 8);
    if (name === "__LINKEDIT") this.#readLinkedit(range);
    if (range.offset === 0 && range.size > 0) this.#readHeaderSegment(range);
    if (name === "__TEXT" && !this.#textSegmentSeen) {
      this.#textSegmentSeen = true;
      this.#findInfoPlist(at + segmentSize, sections);
    }
  }

  #readLinkedit(range: Range): void {
    if (this.facts.linkedit !== null) return this.#report("second-linkedit");
    this.facts.linkedit = range;
    this.facts.imageEnd ??= range.offset + range.size;
  }

  #readHeaderSegment(range: Range): void {
    if (this.facts.text !== null) return this.#report("header-mapped-twice");
    this.facts.text = range;
  }

  #findInfoPlist(first: number, count: number): void {
    const { sectionSize, wide } = this.#shape;
    if (!this.#hasContents()) return;
    for (let index = 0; index < count; index++) {
      const at = first + index * sectionSize;
      if (this.#commands.name(at) !== "__info_plist") continue;
      this.facts.infoPlist = {
        offset: this.#commands.u32(at + (wide ? 48 : 40)),
        size: wide ? this.#commands.u64(at + 40) : this.#commands.u32(at + 36),
      };
      return;
    }
  }

  /** A stub library and a debug companion describe segments whose bytes are in another file. */
  #hasContents(): boolean {
    const { fileType } = this.#header;
    return fileType !== MH_DYLIB_STUB && fileType !== MH_DSYM;
  }

  #report(id: MachoProblem): void {
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    this.facts.problems.push(machoProblem(id));
  }
}
