import type { ByteSource } from "../byte-source.ts";
import type { Slice } from "../slice.ts";
import { archName, isBigEndianCpu } from "./arch-name.ts";
import { CPU_ARCH_ABI64, MH_MAGIC, MH_MAGIC_64 } from "./constants.ts";
import { Fields } from "./fields.ts";
import { type CommandFacts, readLoadCommands } from "./load-commands.ts";
import { machoNote, machoProblem, type MachoProblem } from "./problems.ts";
import { MAX_COMMANDS_SIZE, MAX_INFO_PLIST_SIZE, type ReadBudget, spend } from "./read-budget.ts";

const HEADER_SIZE = 28;
const HEADER_SIZE_64 = 32;
/** Most headers with their commands fit: one read instead of two. */
const FIRST_READ = 8192;

/** Where a slice lies, inside the file, and what a universal header says about it. */
export interface SlicePlace {
  offset: number;
  size: number;
  listed: { cpuType: number; cpuSubtype: number } | null;
}

/** Width and byte order by the first four bytes; null when they are no Mach-O header's. */
export function machHeaderKind(magic: Buffer): { is64: boolean; bigEndian: boolean } | null {
  if (magic.length < 4) return null;
  for (const bigEndian of [false, true]) {
    const value = new Fields(magic, bigEndian).u32(0);
    if (value === MH_MAGIC || value === MH_MAGIC_64) return { is64: value === MH_MAGIC_64, bigEndian };
  }
  return null;
}

/** One image. Whatever is wrong with it is in `problems`; only I/O faults are thrown. */
export function readSlice(source: ByteSource, place: SlicePlace, budget: ReadBudget): Slice {
  const slice = emptySlice(place);
  const report = (id: MachoProblem): void => {
    slice.problems.push(machoProblem(id));
  };
  const head = source.read(place.offset, Math.min(place.size, FIRST_READ));
  const kind = machHeaderKind(head);
  if (kind === null) {
    report("slice-not-mach-o");
    return slice;
  }
  Object.assign(slice, kind);
  const headerSize = kind.is64 ? HEADER_SIZE_64 : HEADER_SIZE;
  if (head.length < headerSize) {
    report("header-truncated");
    return slice;
  }
  const header = new Fields(head, kind.bigEndian);
  slice.cpuType = header.u32(4);
  slice.cpuSubtype = header.u32(8);
  slice.arch = archName(slice.cpuType, slice.cpuSubtype);
  slice.fileType = header.u32(12);
  if (kind.is64 !== ((slice.cpuType & CPU_ARCH_ABI64) !== 0)) report("header-width-mismatch");
  if (isBigEndianCpu(slice.cpuType) === !kind.bigEndian) slice.notes.push(machoNote("foreign-byte-order"));

  const commandsSize = header.u32(20);
  if (headerSize + commandsSize > place.size) {
    report("commands-outside-slice");
    return slice;
  }
  if (!spend(budget, commandsSize, MAX_COMMANDS_SIZE)) {
    report("commands-too-large");
    return slice;
  }
  const end = headerSize + commandsSize;
  const all = end <= head.length ? head : source.read(place.offset, end);
  const facts = readLoadCommands(new Fields(all.subarray(headerSize, end), kind.bigEndian), {
    count: header.u32(16),
    fileType: slice.fileType,
    is64: kind.is64,
    sliceSize: place.size,
  });
  slice.problems.push(...facts.problems);
  slice.textSegment = facts.text;
  placeSignature(slice, facts, end, report);
  readInfoPlist(source, slice, facts, budget, report);
  return slice;
}

export function emptySlice(place: SlicePlace): Slice {
  const { cpuType, cpuSubtype } = place.listed ?? { cpuType: 0, cpuSubtype: 0 };
  return {
    arch: archName(cpuType, cpuSubtype),
    cpuType,
    cpuSubtype,
    offset: place.offset,
    size: place.size,
    is64: false,
    bigEndian: false,
    fileType: 0,
    signature: null,
    embeddedInfoPlist: null,
    textSegment: null,
    problems: [],
    notes: [],
  };
}

/** A signature that can be read only in part stays, so that the signer can be shown as claimed. */
function placeSignature(
  slice: Slice,
  { signature, linkedit, imageEnd }: CommandFacts,
  headerEnd: number,
  report: (id: MachoProblem) => void,
): void {
  if (signature === null) {
    // Apple's strict check of the end asks only about signed code.
    if (imageEnd !== null && imageEnd < slice.size) slice.notes.push(machoProblem("image-end-mismatch"));
    return;
  }
  const end = signature.offset + signature.size;
  if (signature.size === 0) report("signature-empty");
  if (end > slice.size) report("signature-outside-slice");
  if (signature.offset < headerEnd) report("signature-overlaps-header");
  if (linkedit === null) report("no-linkedit");
  else if (signature.offset < linkedit.offset || end > linkedit.offset + linkedit.size)
    report("signature-outside-linkedit");
  else if (end < linkedit.offset + linkedit.size) report("signature-not-last");
  if (imageEnd !== slice.size) report("image-end-mismatch");
  const readable = Math.min(end, slice.size) - signature.offset;
  if (readable > 0) slice.signature = { offset: signature.offset, size: readable };
}

function readInfoPlist(
  source: ByteSource,
  slice: Slice,
  { infoPlist }: CommandFacts,
  budget: ReadBudget,
  report: (id: MachoProblem) => void,
): void {
  if (infoPlist === null) return;
  if (!(infoPlist.offset + infoPlist.size <= slice.size)) return report("info-plist-outside-slice");
  if (!spend(budget, infoPlist.size, MAX_INFO_PLIST_SIZE)) return report("embedded-info-plist-too-large");
  slice.embeddedInfoPlist = source.read(slice.offset + infoPlist.offset, infoPlist.size);
}
