import type { ByteSource } from "../byte-source.ts";
import { attempt } from "../problem.ts";
import type { Container, Slice } from "../slice.ts";
import { archName } from "./arch-name.ts";
import { CPU_SUBTYPE_MASK } from "./constants.ts";
import { type FatArch, type FatHeader, fatHeaderKind, readFatHeader } from "./fat-header.ts";
import { checkFatLayout } from "./fat-layout.ts";
import { MACHO_SENTENCES, machoNote, machoProblem } from "./problems.ts";
import { READ_BUDGET, type ReadBudget } from "./read-budget.ts";
import { emptySlice, machHeaderKind, readSlice, type SlicePlace } from "./read-slice.ts";

const MAGIC_READ = 8;

/**
 * A thin or universal Mach-O file: every slice in the order of the header, and what is wrong with the container.
 * Reads only headers, load commands and gaps; never throws on content.
 * @throws ReadFault
 */
export function readContainer(source: ByteSource): Container {
  const magic = source.read(0, Math.min(source.size, MAGIC_READ));
  const budget: ReadBudget = { left: READ_BUDGET };
  if (machHeaderKind(magic) !== null) {
    const slice = sliceOrProblem(source, { offset: 0, size: source.size, listed: null }, budget);
    return { kind: "mach-o", fat: false, slices: [slice], problems: [], notes: [] };
  }
  const kind = fatHeaderKind(magic);
  const header = kind === null ? null : readFatHeader(source, kind);
  return header === null ? { kind: "not-mach-o" } : readFat(source, header, budget);
}

function readFat(source: ByteSource, header: FatHeader, budget: ReadBudget): Container {
  const slices = header.arches.map((arch) => readListed(source, arch, header.limit, budget));
  const { contradictions, strays } = checkFatLayout(source, header);
  const notes = [];
  if (header.hidden) notes.push(machoNote("fat-hidden-architecture"));
  if (!header.loadable) notes.push(machoNote("fat-header-not-loadable"));
  // Apple's strict check asks only about signed code: in a file without a signature there is nothing to hide from.
  const signed = slices.some(({ signature }) => signature !== null);
  const problems = signed ? [...contradictions, ...strays] : contradictions;
  return { kind: "mach-o", fat: true, slices, problems, notes: signed ? notes : [...notes, ...strays] };
}

function readListed(source: ByteSource, arch: FatArch, limit: number, budget: ReadBudget): Slice {
  const overflow = !(arch.offset + arch.size <= limit);
  const offset = Math.min(arch.offset, source.size);
  const size = Math.min(arch.size, source.size - offset);
  const slice = sliceOrProblem(source, { offset, size, listed: arch }, budget);
  if (overflow) slice.problems.unshift(machoProblem("slice-range-overflow"));
  else if (arch.offset + arch.size > source.size) slice.problems.unshift(machoProblem("slice-outside-file"));
  if (isOther(arch, slice)) {
    const message = MACHO_SENTENCES["architecture-mismatch"](archName(arch.cpuType, arch.cpuSubtype), slice.arch);
    slice.notes.push({ id: "architecture-mismatch", message });
  }
  return slice;
}

/** Capability bits differ between the two in good files: x86_64 programs carry one only in their own header. */
function isOther(arch: FatArch, slice: Slice): boolean {
  const subtypes = (arch.cpuSubtype ^ slice.cpuSubtype) & ~CPU_SUBTYPE_MASK;
  return arch.cpuType !== slice.cpuType || subtypes !== 0;
}

/** Nothing is lost: an image that cannot be read at all still stands for itself. */
function sliceOrProblem(source: ByteSource, place: SlicePlace, budget: ReadBudget): Slice {
  const read = attempt(() => readSlice(source, place, budget));
  if ("value" in read) return read.value;
  return { ...emptySlice(place), problems: [read.problem] };
}
