import { blob, MAGIC, SLOT, type SlotBlob, superBlob } from "./blobs.ts";
import { alignUp, type HashName, padTo } from "./bytes.ts";
import { cms, type CmsSpec, type CoveredDirectory } from "./cms.ts";
import { codeDirectory, FLAG } from "./code-directory.ts";
import { derEntitlements, xmlEntitlements } from "./entitlements.ts";
import { layoutOf, MH_EXECUTE, readWord, withSignatureRoom } from "./mach-o.ts";
import type { PlistDict } from "./plist.ts";
import { NO_REQUIREMENTS } from "./requirement.ts";

export interface SignSpec {
  identifier?: string;
  teamId?: string | null;
  flags?: number;
  /** The first is slot 0's, the others are alternates in their order. */
  hashes?: readonly HashName[];
  /** A power of two; null: one hash over everything. */
  pageSize?: number | null;
  version?: number;
  platform?: number;
  /** The SDK's version word; with FLAG.runtime. */
  runtimeVersion?: number;
  execSegmentFlags?: number;
  entitlements?: PlistDict | null;
  /** Absent: the same as `entitlements`; null: no DER form. */
  derEntitlements?: PlistDict | null;
  /** False: the entitlement blobs are there but no slot has their hash. */
  bindEntitlements?: boolean;
  /** A whole requirement set; null: none, as linkers do. */
  requirements?: Buffer | null;
  /** What slot 8 holds, the constraints on who may launch it; opaque here. */
  constraints?: Buffer;
  infoPlist?: Buffer | null;
  codeResources?: Buffer | null;
  /** `none`: no wrapper at all; `empty`: the 8-byte wrapper that ad hoc signing leaves. */
  cms?: CmsSpec | "none" | "empty";
  /** Changes a CodeDirectory before anything is signed over it. */
  editDirectory?: (directory: Buffer, slot: number) => Buffer;
  /** Which CodeDirectories the CMS's attributes name; absent: all. */
  covered?: (directories: readonly CoveredDirectory[]) => readonly CoveredDirectory[];
  /** Changes what goes into the superblob, last. */
  editBlobs?: (blobs: SlotBlob[]) => SlotBlob[];
}

/** Room beyond what the signature needs: an ECDSA signature's length varies by a few bytes. */
const SPARE = 256;

/** Signs an image of `machO`: any signature that the format can express, with nothing asked about whether it is right. */
export function sign(image: Buffer, spec: SignSpec = {}): Buffer {
  const size = alignUp(signature(image, spec).length + SPARE, 16);
  const code = withSignatureRoom(image, image.length, size);
  return Buffer.concat([code, padTo(signature(code, spec), size)]);
}

/** As `codesign -s -` signs. */
export function signAdHoc(image: Buffer, spec: SignSpec = {}): Buffer {
  return sign(image, { flags: FLAG.adHoc, ...spec });
}

/** As a linker signs: one CodeDirectory and nothing else. */
export function signAsLinker(image: Buffer, spec: SignSpec = {}): Buffer {
  return sign(image, { flags: FLAG.adHoc | FLAG.linkerSigned, requirements: null, cms: "none", ...spec });
}

function signature(code: Buffer, spec: SignSpec): Buffer {
  const blobs = specialBlobs(spec);
  const directories = (spec.hashes ?? ["sha256"]).map((hash, i) => {
    const slot = i === 0 ? SLOT.directory : SLOT.alternate + i - 1;
    const bytes = directoryOf(code, hash, spec, blobs);
    return { slot, hash, bytes: spec.editDirectory?.(bytes, slot) ?? bytes };
  });
  const [primary, ...alternates] = directories;
  if (!primary) throw new Error("a signature needs a CodeDirectory");
  const how = spec.cms ?? "empty";
  const wrapper =
    how === "none"
      ? []
      : [
          {
            slot: SLOT.cms,
            bytes: blob(
              MAGIC.cms,
              how === "empty" ? Buffer.alloc(0) : cms(how, primary.bytes, spec.covered?.(directories) ?? directories),
            ),
          },
        ];
  const all = [primary, ...blobs, ...alternates, ...wrapper];
  return superBlob(spec.editBlobs?.(all) ?? all);
}

function specialBlobs({ requirements = NO_REQUIREMENTS, entitlements, ...spec }: SignSpec): SlotBlob[] {
  const der = spec.derEntitlements === undefined ? entitlements : spec.derEntitlements;
  return [
    ...(requirements ? [{ slot: SLOT.requirements, bytes: requirements }] : []),
    ...(entitlements ? [{ slot: SLOT.entitlements, bytes: xmlEntitlements(entitlements) }] : []),
    ...(spec.constraints ? [{ slot: SLOT.constraints, bytes: blob(MAGIC.constraints, spec.constraints) }] : []),
    ...(der ? [{ slot: SLOT.derEntitlements, bytes: derEntitlements(der) }] : []),
  ];
}

const EXEC_SEGMENT_MAIN_BINARY = 1;

function directoryOf(code: Buffer, hash: HashName, spec: SignSpec, blobs: readonly SlotBlob[]): Buffer {
  const { bigEndian, textSize } = layoutOf(code);
  const flags = spec.flags ?? 0;
  const bound = blobs.filter(
    ({ slot }) => spec.bindEntitlements !== false || (slot !== SLOT.entitlements && slot !== SLOT.derEntitlements),
  );
  const special = new Map(bound.map(({ slot, bytes }) => [slot, bytes]));
  if (spec.infoPlist) special.set(SLOT.infoPlist, spec.infoPlist);
  if (spec.codeResources) special.set(SLOT.codeResources, spec.codeResources);
  const isMain = readWord(code, 12, bigEndian) === MH_EXECUTE;
  return codeDirectory({
    hash,
    version: spec.version ?? (flags & FLAG.runtime ? 0x20500 : 0x20400),
    flags,
    identifier: spec.identifier ?? "test.ana.invoice-viewer",
    teamId: spec.teamId ?? null,
    platform: spec.platform ?? 0,
    pageSize: spec.pageSize === undefined ? 4096 : spec.pageSize,
    code,
    special,
    execSegment: { base: 0, limit: textSize, flags: spec.execSegmentFlags ?? (isMain ? EXEC_SEGMENT_MAIN_BINARY : 0) },
    runtimeVersion: spec.runtimeVersion ?? (flags & FLAG.runtime ? 0x1a0000 : 0),
  });
}
